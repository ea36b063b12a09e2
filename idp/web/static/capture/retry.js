// Trying again on a bad network: later each time, never all phones at once, at once when the network is back.
const FIRST = 500; // ms
const LONGEST = 15_000; // ms
const OFFLINE = 30_000; // ms between two tries while the phone says that it has no network
const TRIES = 9; // in a row without any progress; about a minute

/** The server's last word: trying again would not help. `answer` is what it said. */
export class Refused extends Error {
  constructor(answer) {
    super(`status ${answer.status}`);
    this.answer = answer;
  }
}

/** ms to wait before try number `attempt` (1, 2, …): half of it fixed, half by chance. */
export function delay(attempt, random = Math.random) {
  const most = Math.min(LONGEST, FIRST * 2 ** (attempt - 1));
  return most / 2 + (random() * most) / 2;
}

/** Waits, but no longer than until the network comes back. */
export function pause(ms) {
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      window.removeEventListener("online", end);
      done();
    };
    const timer = setTimeout(end, navigator.onLine ? ms : OFFLINE);
    window.addEventListener("online", end);
  });
}

/**
 * The result of step(), tried again when it throws anything but Refused.
 * waiting("offline" or "slow"): told before each wait. alive(): false gives up.
 */
export async function persist(step, { waiting = () => {}, alive = () => true, tries = TRIES } = {}) {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await step();
    } catch (error) {
      if (error instanceof Refused || attempt >= tries || !alive()) throw error;
      waiting(navigator.onLine ? "slow" : "offline");
      await pause(error.after ? 1000 * error.after : delay(attempt));
    }
  }
}
