// One request to our own server, with progress of what is sent and an end to silence.
import { Refused } from "./retry.js";

const SILENCE = 25_000; // ms without a byte going out, or without an answer to a short request
const READING = 60_000; // ms for an answer that takes work
const AGAIN = new Set([408, 425, 429, 502, 503, 504]);

/**
 * Returns {status, json, header(name), url}. Throws Refused for a 4xx or 500 that `allowed` does not list, and an
 * Error (worth another try; `after`: seconds) for a lost connection, silence, or a server that asks to wait.
 */
export function send(method, url, { headers = {}, body = null, progress = () => {}, allowed = [] } = {}) {
  return new Promise((done, fail) => {
    const xhr = new XMLHttpRequest();
    let timer = 0;
    const wait = (ms) => {
      clearTimeout(timer);
      timer = setTimeout(() => xhr.abort(), ms);
    };
    xhr.open(method, url);
    for (const [name, value] of Object.entries(headers)) xhr.setRequestHeader(name, value);
    xhr.upload.onprogress = (event) => {
      wait(SILENCE);
      progress(event.loaded);
    };
    xhr.upload.onload = () => wait(READING);
    xhr.onloadend = () => {
      clearTimeout(timer);
      const answer = answerOf(xhr);
      if (AGAIN.has(xhr.status)) fail(later(answer));
      else if (xhr.status === 0) fail(new Error("connection lost"));
      else if (xhr.status >= 400 && !allowed.includes(xhr.status)) fail(new Refused(answer));
      else done(answer);
    };
    xhr.send(body);
    wait(body ? SILENCE : READING);
  });
}

function answerOf(xhr) {
  let json = {};
  try {
    json = JSON.parse(xhr.responseText);
  } catch {
    // a page or nothing: the status says it
  }
  return { status: xhr.status, json, header: (name) => xhr.getResponseHeader(name), url: xhr.responseURL };
}

function later(answer) {
  const error = new Error(`status ${answer.status}`);
  error.answer = answer;
  error.after = Math.min(30, Number(answer.header("Retry-After")) || 0);
  return error;
}
