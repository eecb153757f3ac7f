// Follows the workspace as one person sees it, by long polling, and comes back quietly after a break.

import { Unreachable, view, wait } from "./api.js";

const FIRST_PAUSE = 400;
const LONGEST_PAUSE = 5000;
const BREATH = 250;

const rest = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/**
 * Follows until it is stopped: calls `onView(view)` for each, `onBreak(true or false)` when the line breaks or is back,
 * `onRefused()` when there is no such person.
 */
export function follow(user, listeners) {
  const stop = new AbortController();
  run(user, listeners, stop.signal);
  return () => stop.abort();
}

async function run(user, { onView, onBreak, onRefused }, signal) {
  let pause = FIRST_PAUSE;
  let now = null;
  while (!signal.aborted) {
    try {
      const next = now === null ? await view(user, signal) : await wait(user, now.version, signal);
      if (signal.aborted) return;
      onBreak(false);
      pause = FIRST_PAUSE;
      if (next === null) {
        await rest(BREATH);
        continue;
      }
      if (next.ok === false) return onRefused();
      now = next;
    } catch (error) {
      if (error.name === "AbortError") return;
      if (!(error instanceof Unreachable)) throw error;
      now = null;
      onBreak(true);
      await rest(pause);
      pause = Math.min(pause * 2, LONGEST_PAUSE);
      continue;
    }
    onView(now);
  }
}
