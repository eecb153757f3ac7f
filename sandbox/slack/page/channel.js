// The middle of the page for a channel: its name and topic, its messages, and where to type.

import { avatar, channelName, everybody, isDirect } from "./directory.js";
import { fill, h } from "./dom.js";
import { composer } from "./composer.js";
import { icon } from "./icons.js";
import { showMessages } from "./messages.js";
import { scroller } from "./scroll.js";

/** { node, refresh(channel, app), end() }; `openThread(ts)` opens a thread beside it. */
export function channelPane(user, channel, openThread) {
  const label = nameOf(channel);
  const head = h("header", { class: "head" });
  const welcome = h("div", { class: "welcome" });
  const scroll = scroller({ "aria-label": `Messages in ${label}` });
  const write = composer({ user, channel: channel.id, label: `Message ${label}` });
  const archived = h(
    "p",
    { class: "archived", hidden: true },
    "This channel has been archived: nothing can be sent to it.",
  );
  scroll.list.before(welcome);
  const node = h("section", { class: "pane", "aria-label": label }, head, scroll.node, archived, write.node);
  let last = null;
  function refresh(now, app) {
    fill(head, heading(now));
    fill(welcome, introduction(now));
    write.refresh(app);
    archived.hidden = !now.archived;
    write.node.hidden = now.archived;
    showMessages(scroll.list, now.messages, { user, channel: now.id, openThread });
    const newest = now.messages.at(-1)?.ts;
    if (last && newest !== last) scroll.grew();
    last = newest ?? "none";
  }
  return { node, refresh, end: scroll.toEnd, focus: write.focus };
}

/** A channel as it is written. */
export const nameOf = (channel) => (isDirect(channel.id) ? channelName(channel.id) : `#${channel.name}`);

function heading(channel) {
  const people = everybody()
    .filter((user) => !user.deleted && !user.is_bot)
    .slice(0, 3);
  return [
    h("h2", { class: "head-name" }, mark(channel, 17), channelName(channel.id)),
    h("p", { class: "head-topic", title: channel.topic || null }, channel.topic),
    !isDirect(channel.id) &&
      h(
        "span",
        { class: "head-people" },
        people.map((user) => avatar(user, "is-tiny")),
      ),
  ];
}

const introduction = (channel) => [
  h("h3", null, mark(channel, 26), channelName(channel.id)),
  h("p", null, `This is the very beginning of ${isDirect(channel.id) ? "your messages with " : ""}${nameOf(channel)}.`),
  channel.topic && h("p", null, `Topic: ${channel.topic}`),
];

const mark = (channel, size) => (isDirect(channel.id) ? null : icon("hash", size));
