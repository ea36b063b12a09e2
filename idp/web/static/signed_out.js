// Goes on to the app once every app has signed out in its iframe, or after a few seconds.
const LONGEST = 4000; // milliseconds
const go = document.getElementById("continue");
const working = document.getElementById("working");
if (go) {
  working.hidden = false;
  const leave = () => location.replace(go.href);
  // The page's own load event waits for its iframes.
  if (document.readyState === "complete") leave();
  else window.addEventListener("load", leave);
  setTimeout(leave, LONGEST);
}
