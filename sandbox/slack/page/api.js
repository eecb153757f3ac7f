// The workspace's JSON, and what can go wrong with it. Nothing here draws.

/** The server can't be reached, or answers nonsense. */
export class Unreachable extends Error {}

/** All that `user` sees now. */
export const view = (user, signal) => ask(`workspace/view?user=${encodeURIComponent(user)}`, { signal });

/** The same as soon as it is newer than `version`; null when nothing happened for a while. */
export const wait = (user, version, signal) =>
  ask(`workspace/wait?user=${encodeURIComponent(user)}&since=${version}`, { signal });

/** Does something as a person: {"ok": true, ...} or {"ok": false, "error" or "errors"}. */
export const act = (deed, body) =>
  ask(`workspace/${deed}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });

async function ask(path, options) {
  let answer;
  try {
    answer = await fetch(path, { cache: "no-store", ...options });
    if (answer.status === 204) return null;
    const data = await answer.json();
    if (answer.ok || data.ok === false) return data;
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Unreachable(`${path}: ${error.message}`);
  }
  throw new Unreachable(`${path}: status ${answer.status}`);
}
