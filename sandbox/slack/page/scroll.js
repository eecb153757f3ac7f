// A list that stays at its end while it grows, unless the reader has scrolled up; then it says that there is more.

import { h } from "./dom.js";
import { icon } from "./icons.js";

const NEAR = 48;

/** { node, list, grew(): tell it that something came, toEnd() } */
export function scroller(attributes) {
  const list = h("div", {
    class: "messages",
    role: "log",
    "aria-live": "polite",
    "aria-relevant": "additions",
    ...attributes,
  });
  const port = h("div", { class: "scroll", tabindex: 0, role: "group", "aria-label": attributes["aria-label"] }, list);
  const more = h(
    "button",
    { type: "button", class: "more", hidden: true, on: { click: toEnd } },
    icon("down", 15),
    "New messages",
  );
  let atEnd = true;
  let before = 0;
  port.addEventListener("scroll", () => {
    const near = port.scrollHeight - port.scrollTop - port.clientHeight < NEAR;
    // Only a reader scrolls up; a picture that arrives makes the list longer without that.
    if (near || port.scrollTop < before) atEnd = near;
    before = port.scrollTop;
    if (atEnd) more.hidden = true;
  });
  const follow = new ResizeObserver(() => atEnd && (port.scrollTop = port.scrollHeight));
  follow.observe(list);
  follow.observe(port);
  function toEnd() {
    atEnd = true;
    more.hidden = true;
    port.scrollTop = port.scrollHeight;
  }
  return { node: h("div", { class: "scroll-frame" }, port, more), list, toEnd, grew: () => (more.hidden = atEnd) };
}
