// Tells an app's frame whether the citizen is still signed in (OpenID Connect Session Management 1.0, section 3.2).
// A message is "client_id session_state"; the answer is "unchanged", "changed" or "error".
const cookie = document.documentElement.dataset.cookie + "=";
let blind = false; // the browser keeps our cookies from frames on other sites
if (document.hasStorageAccess) document.hasStorageAccess().then((seen) => { blind = !seen; });

window.addEventListener("message", (event) => {
  // Section 3.2: only frames of the site that holds this one are answered.
  const holder = location.ancestorOrigins ? location.ancestorOrigins[0] : event.origin;
  if (event.source && event.origin === holder) event.source.postMessage(answer(event), event.origin);
});

function answer(event) {
  const sent = /^([^ ]+) ([0-9a-f]{64})\.([^ .]+)$/.exec(event.data);
  if (typeof event.data !== "string" || !sent) return "error";
  const state = browserState();
  if (!state && blind) return "error"; // "changed" would send the app to sign in again and again
  return sha256([sent[1], event.origin, state, sent[3]].join(" ")) === sent[2] ? "unchanged" : "changed";
}

function browserState() {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(cookie));
  return found ? found.slice(cookie.length) : "";
}

// FIPS 180-4, section 6.2. crypto.subtle is missing where the app's page is not https.
function sha256(text) {
  const bytes = new TextEncoder().encode(text);
  const size = (((bytes.length + 8) >> 6) + 1) * 16; // words
  const words = new Array(size).fill(0);
  for (let i = 0; i < bytes.length; i++) words[i >> 2] |= bytes[i] << (24 - 8 * (i % 4));
  words[bytes.length >> 2] |= 0x80 << (24 - 8 * (bytes.length % 4));
  words[size - 1] = bytes.length * 8;
  const hash = roots(8, 1 / 2);
  const constants = roots(64, 1 / 3);
  for (let start = 0; start < size; start += 16) {
    const w = words.slice(start, start + 16);
    for (let t = 16; t < 64; t++) {
      const low = w[t - 15];
      const high = w[t - 2];
      const s0 = turn(low, 7) ^ turn(low, 18) ^ (low >>> 3);
      const s1 = turn(high, 17) ^ turn(high, 19) ^ (high >>> 10);
      w[t] = (w[t - 16] + s0 + w[t - 7] + s1) | 0;
    }
    const v = hash.slice(); // a to h
    for (let t = 0; t < 64; t++) {
      const s1 = turn(v[4], 6) ^ turn(v[4], 11) ^ turn(v[4], 25);
      const choice = (v[4] & v[5]) ^ (~v[4] & v[6]);
      const first = (v[7] + s1 + choice + constants[t] + w[t]) | 0;
      const s0 = turn(v[0], 2) ^ turn(v[0], 13) ^ turn(v[0], 22);
      const majority = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
      v.pop();
      v.unshift((first + s0 + majority) | 0);
      v[4] = (v[4] + first) | 0;
    }
    for (let i = 0; i < 8; i++) hash[i] = (hash[i] + v[i]) | 0;
  }
  return hash.map((word) => (word >>> 0).toString(16).padStart(8, "0")).join("");
}

function turn(word, bits) {
  return (word >>> bits) | (word << (32 - bits));
}

// 32 bits of the fraction of the roots of the first primes (section 4.2.2).
function roots(count, power) {
  const primes = [];
  for (let n = 2; primes.length < count; n++) if (primes.every((p) => n % p)) primes.push(n);
  return primes.map((p) => ((Math.pow(p, power) % 1) * 4294967296) | 0);
}
