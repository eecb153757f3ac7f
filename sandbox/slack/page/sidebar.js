// The list at the left: channels, what is unread in them, and the app. On narrow screens it slides in.

import { appFace, avatar, channelName, isDirect } from "./directory.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";

const ABOUT = "A stand-in for Slack, for development and training. Not made by Slack, and not connected with it.";

const seen = new Map();

/** Draws the list. `place` says what is open; `go(change)` opens something else. */
export function showSidebar(view, place, go) {
  const active = document.activeElement?.closest("#sidebar [data-focus]")?.dataset.focus;
  const direct = view.channels.filter((channel) => isDirect(channel.id));
  const channels = view.channels.filter((channel) => !direct.includes(channel));
  const entry = (channel) => channelEntry(channel, view, place, go);
  fill(
    byId("sidebar"),
    h(
      "div",
      { class: "side-head" },
      h("span", { class: "team-mark", "aria-hidden": "true" }, initials(view.team.name)),
      h("div", null, h("strong", null, view.team.name), h("span", { class: "side-note" }, "Sandbox workspace")),
    ),
    part("Channels", channels.map(entry)),
    direct.length > 0 && part("Direct messages", direct.map(entry)),
    part("Apps", [appEntry(view, place, go)]),
    h("p", { class: "side-foot" }, ABOUT),
  );
  if (active)
    byId("sidebar")
      .querySelector(`[data-focus="${CSS.escape(active)}"]`)
      ?.focus();
}

const part = (title, entries) =>
  h(
    "div",
    { class: "side-part" },
    h("h2", null, title),
    h(
      "ul",
      null,
      entries.map((one) => h("li", null, one)),
    ),
  );
const initials = (name) =>
  name
    .split(/\s+/)
    .map((word) => word[0])
    .slice(0, 2)
    .join("");

function channelEntry(channel, view, place, go) {
  const open = place.tab !== "home" && place.channel === channel.id;
  const unread = isUnread(channel, view.me.id, open);
  const look = `side-entry ${open ? "is-open" : ""} ${unread ? "is-unread" : ""}`;
  return h(
    "button",
    {
      type: "button",
      class: look,
      "aria-current": open ? "page" : null,
      "data-focus": channel.id,
      on: { click: () => go({ channel: channel.id, thread: null, tab: null }) },
    },
    isDirect(channel.id) ? avatar(appFace(), "is-tiny") : icon("hash", 15),
    h("span", { class: "side-name" }, channelName(channel.id)),
    channel.archived && h("span", { class: "side-more" }, "archived"),
    unread && h("span", { class: "hidden" }, ", unread"),
  );
}

/** Whether there is something newer than what this person saw last; what was there at first counts as seen. */
function isUnread(channel, user, open) {
  const key = `${user}/${channel.id}`;
  const newest = channel.messages.filter((message) => message.user !== user).at(-1)?.ts ?? "0";
  if (open || !seen.has(key)) seen.set(key, newest);
  return Number(newest) > Number(seen.get(key));
}

function appEntry(view, place, go) {
  const open = place.tab === "home";
  return h(
    "button",
    {
      type: "button",
      class: `side-entry ${open ? "is-open" : ""}`,
      "aria-current": open ? "page" : null,
      "data-focus": "app",
      on: { click: () => go({ tab: "home", thread: null }) },
    },
    avatar(appFace(), "is-tiny"),
    h("span", { class: "side-name" }, view.app.name),
    h("span", { class: `presence ${view.app.online ? "is-online" : ""}`, "aria-hidden": "true" }),
    h("span", { class: "hidden" }, view.app.online ? ", connected" : ", not connected"),
  );
}
