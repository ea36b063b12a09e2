// The sentence that says why not, put on top and read out; carried over where the server wants another page.
const NAME = "capture-refusal";

/** Shows it first in `container`; an older one goes. */
export function showRefusal(container, code, message) {
  clearRefusal(container);
  const alert = document.querySelector("#refusal").content.firstElementChild.cloneNode(true);
  alert.dataset.code = code;
  alert.querySelector("p").textContent = message;
  container.prepend(alert);
  alert.focus();
}

export function clearRefusal(container) {
  container.querySelectorAll("[role=alert]").forEach((old) => old.remove());
}

/** For the next page of this tab: a code and a sentence of the server, nothing of the citizen. */
export function carryRefusal(code, message) {
  sessionStorage.setItem(NAME, JSON.stringify({ code, message }));
}

export function showCarried(container) {
  const carried = sessionStorage.getItem(NAME);
  sessionStorage.removeItem(NAME);
  if (carried) showRefusal(container, ...Object.values(JSON.parse(carried)));
}
