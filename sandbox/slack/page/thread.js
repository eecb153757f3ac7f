// The thread at the right: the message it hangs on, its replies, and where to type one.

import { fill, h, plural } from "./dom.js";
import { composer } from "./composer.js";
import { nameOf } from "./channel.js";
import { icon } from "./icons.js";
import { showMessages } from "./messages.js";
import { scroller } from "./scroll.js";

/** { node, refresh(channel, root, app), end() }; `close` shuts it. */
export function threadPane(user, channel, ts, close) {
  const shut = h(
    "button",
    { type: "button", class: "round", "aria-label": "Close the thread", on: { click: close } },
    icon("close"),
  );
  const head = h(
    "header",
    { class: "head" },
    h("h2", { class: "head-name" }, "Thread"),
    h("p", { class: "head-topic" }, nameOf(channel)),
    shut,
  );
  const scroll = scroller({ "aria-label": "Messages of the thread" });
  const write = composer({ user, channel: channel.id, thread_ts: ts, label: "Reply…" });
  const node = h("section", { class: "pane", "aria-label": "Thread" }, head, scroll.node, write.node);
  node.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && close());
  let last = null;
  function refresh(now, root, app) {
    const replies = root?.replies ?? [];
    write.refresh(app);
    write.node.hidden = now.archived || !root;
    const count = root?.reply_count || replies.length;
    const words = count ? plural(count, "reply", "replies") : "No replies yet";
    const between = {
      key: "between",
      print: words,
      make: () => h("div", { class: "between" }, h("span", null, words)),
    };
    showMessages(scroll.list, root ? [root, ...replies] : [], { user, channel: now.id, between });
    if (!root) fill(scroll.list, h("p", { class: "nothing" }, "This message isn't here any more."));
    const newest = replies.at(-1)?.ts;
    if (last && newest !== last) scroll.grew();
    last = newest ?? "none";
  }
  return { node, refresh, end: scroll.toEnd, focus: write.focus };
}
