// Notices: what the workspace itself tells one person. They go by themselves, but not while somebody looks at them.

import { byId, h } from "./dom.js";
import { icon } from "./icons.js";

const SECONDS = 12;
const MOST = 3;

const told = new Map();

/** Shows the notices that this person hasn't been shown yet, of many at once the latest; not what is `said` already. */
export function showNotices(notices, user, said) {
  const known = told.get(user) ?? new Set();
  const fresh = notices.filter((notice) => !known.has(notice.id));
  told.set(user, new Set([...known, ...fresh.map((notice) => notice.id)]));
  fresh
    .filter((notice) => notice.text !== said)
    .slice(-MOST)
    .forEach((notice) => toast(notice.text));
}

/** Takes all notices away, for instance when somebody else sits down here. */
export const clearNotices = () => byId("toasts").replaceChildren();

function toast(text) {
  let timer = 0;
  const leave = () => node.remove();
  const wait = () => (timer = setTimeout(leave, SECONDS * 1000));
  const stay = () => clearTimeout(timer);
  const close = h(
    "button",
    { type: "button", class: "round is-small", "aria-label": "Dismiss", on: { click: leave } },
    icon("close", 14),
  );
  const node = h(
    "div",
    { class: "toast", on: { mouseenter: stay, mouseleave: wait, focusin: stay, focusout: wait } },
    h("p", null, text),
    close,
  );
  byId("toasts").append(node);
  wait();
}
