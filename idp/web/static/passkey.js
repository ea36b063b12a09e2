// Passkeys: sign in (#passkey-sign-in) and registration (#passkey). Web Authentication Level 3.
const status = document.querySelector("#passkey-status");
// The autofill request; only one request may be pending (section 5.1.4), so the button aborts it.
const offered = new AbortController();

class Refused extends Error {}

function toBytes(text) {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (letter) => letter.charCodeAt(0));
}

function toText(buffer) {
  let plain = "";
  for (const byte of new Uint8Array(buffer)) plain += String.fromCharCode(byte);
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

const withBytes = (list) => (list || []).map((item) => ({ ...item, id: toBytes(item.id) }));

// Browsers of 2023 have passkeys but not yet the JSON helpers: the two functions below do without.
function requestOptions(json) {
  const parse = PublicKeyCredential.parseRequestOptionsFromJSON;
  if (parse) return parse.call(PublicKeyCredential, json);
  return { ...json, challenge: toBytes(json.challenge), allowCredentials: withBytes(json.allowCredentials) };
}

function creationOptions(json) {
  const parse = PublicKeyCredential.parseCreationOptionsFromJSON;
  if (parse) return parse.call(PublicKeyCredential, json);
  return {
    ...json,
    challenge: toBytes(json.challenge),
    user: { ...json.user, id: toBytes(json.user.id) },
    excludeCredentials: withBytes(json.excludeCredentials),
  };
}

function asJson(credential) {
  if (credential.toJSON) return credential.toJSON();
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  if (credential.response.getTransports) response.transports = credential.response.getTransports();
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    response,
    authenticatorAttachment: credential.authenticatorAttachment || undefined,
    clientExtensionResults: credential.getClientExtensionResults(),
  };
}

async function post(button, url, body, signal) {
  const answer = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF": button.dataset.csrf },
    body: JSON.stringify(body),
    signal,
  });
  const json = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Refused(json.message || json.detail || button.dataset.textFailed);
  return json;
}

async function signIn(button, extra, signal) {
  const options = await post(button, button.dataset.optionsUrl, {}, signal);
  const credential = await navigator.credentials.get({ publicKey: requestOptions(options), signal, ...extra });
  return post(button, button.dataset.verifyUrl, asJson(credential));
}

async function register(button) {
  const options = await post(button, button.dataset.optionsUrl, {});
  const credential = await navigator.credentials.create({ publicKey: creationOptions(options) });
  return post(button, button.dataset.verifyUrl, asJson(credential));
}

function sentence(button, error) {
  const texts = button.dataset;
  if (error instanceof Refused) return error.message;
  if (error instanceof TypeError) return texts.textNetwork;
  if (error.name === "NotAllowedError" || error.name === "AbortError") return texts.textCancelled;
  if (error.name === "InvalidStateError") return texts.textRegistered;
  if (error.name === "NotSupportedError" || error.name === "SecurityError") return texts.textUnsupported;
  return texts.textFailed;
}

function say(text, bad) {
  status.textContent = text;
  status.classList.toggle("bad", bad);
}

async function press(button, act) {
  button.disabled = true;
  say(button.dataset.textWorking, false);
  try {
    location.assign((await act(button)).next);
  } catch (error) {
    say(sentence(button, error), true);
    button.disabled = false;
  }
}

// The browser may offer a saved passkey inside the number box; silence is fine when it has none.
async function offerAutofill(button) {
  const available = PublicKeyCredential.isConditionalMediationAvailable;
  if (!available || !(await available.call(PublicKeyCredential))) return;
  if (offered.signal.aborted) return;
  try {
    const answer = await signIn(button, { mediation: "conditional" }, offered.signal);
    location.assign(answer.next);
  } catch (error) {
    if (error instanceof Refused) say(error.message, true);
  }
}

const entry = document.querySelector("#passkey-sign-in");
const creation = document.querySelector("#passkey");
if (window.PublicKeyCredential && (entry || creation)) {
  document.querySelector("#passkey-block").hidden = false;
  if (creation) creation.addEventListener("click", () => press(creation, register));
  if (entry) {
    entry.addEventListener("click", () => {
      offered.abort();
      press(entry, (button) => signIn(button, {}));
    });
    offerAutofill(entry);
  }
}
