// Lets the citizen see the password being typed.
const label = document.querySelector("#show-password");
if (label) {
  const boxes = document.querySelectorAll('input[type="password"]');
  label.hidden = false;
  label.querySelector("input").addEventListener("change", (event) => {
    for (const box of boxes) box.type = event.target.checked ? "text" : "password";
  });
}
