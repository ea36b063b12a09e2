// Photo of a card side: preview, smaller file, upload with progress. Without this script the form still works.
const LONG_SIDE = 2400; // px; enough for the small print, and kind to a mobile data plan
const PREVIEW_SIDE = 900;
const QUALITY = 0.9;

function draw(picture, side, canvas) {
  const scale = Math.min(1, side / Math.max(picture.width, picture.height));
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  return canvas;
}

// The smaller copy goes back into the input, so that an ordinary submit sends it too.
async function shrink(input, picture) {
  if (Math.max(picture.width, picture.height) <= LONG_SIDE) return;
  const canvas = draw(picture, LONG_SIDE, document.createElement("canvas"));
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!blob || blob.size >= input.files[0].size) return;
  const carrier = new DataTransfer();
  carrier.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
  input.files = carrier.files;
}

function say(form, text) {
  form.querySelector("#upload-text").textContent = text;
}

async function chosen(form, input, button) {
  button.disabled = true;
  if (!input.files.length) return;
  say(form, form.dataset.textPreparing);
  try {
    const picture = await createImageBitmap(input.files[0], { imageOrientation: "from-image" });
    draw(picture, PREVIEW_SIDE, form.querySelector("#preview-canvas"));
    form.querySelector("#preview").hidden = false;
    form.querySelector("#example").hidden = true;
    await shrink(input, picture);
    picture.close();
  } catch {
    // Not a picture this browser can read: the server says so in the citizen's words.
    form.querySelector("#preview").hidden = true;
  }
  form.querySelector("#photo-label").classList.add("second");
  form.querySelector("#photo-label-text").textContent = form.dataset.textAgain;
  say(form, "");
  button.hidden = false;
  button.disabled = false;
  button.scrollIntoView({ block: "nearest" });
}

// The answer is a photo page again with a sentence on top, or (redirected) the next page.
function arrive(xhr, action) {
  const landed = new URL(xhr.responseURL || action, location.href);
  if (landed.pathname !== new URL(action, location.href).pathname) {
    location.assign(landed.href);
    return;
  }
  const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
  const main = page.querySelector("main");
  if (!main) {
    location.reload();
    return;
  }
  history.replaceState(null, "", landed.href);
  document.title = page.title;
  document.querySelector("main").replaceWith(main);
  window.scrollTo(0, 0);
  begin();
  const alert = document.querySelector("[role=alert]");
  if (alert) alert.focus();
}

function send(form, button) {
  const bar = form.querySelector("#upload");
  const xhr = new XMLHttpRequest();
  xhr.open("POST", form.action);
  xhr.upload.addEventListener("progress", (event) => {
    if (!event.lengthComputable) return;
    const percent = Math.round((100 * event.loaded) / event.total);
    bar.value = percent;
    say(form, percent < 100 ? form.dataset.textUploading.replace("%", percent) : form.dataset.textReading);
  });
  xhr.addEventListener("load", () => arrive(xhr, form.action));
  xhr.addEventListener("error", () => form.submit());
  form.querySelector("#sending").hidden = false;
  button.disabled = true;
  xhr.send(new FormData(form));
}

function begin() {
  const form = document.querySelector("#photo-form");
  if (!form) return;
  const input = form.querySelector("#photo");
  const button = form.querySelector("#continue");
  form.classList.add("enhanced");
  button.hidden = true;
  input.addEventListener("change", () => chosen(form, input, button));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, button);
  });
  if (input.files.length) chosen(form, input, button);
}

begin();
