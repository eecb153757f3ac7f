// A list of messages: lines between days, faces, times, blocks, files, and how many replies there are.

import { showBlocks } from "./blocks.js";
import { ago, dayLine, dayOf, fully, momentOf, time } from "./dates.js";
import { author, avatar } from "./directory.js";
import { fill, h, plural } from "./dom.js";
import { values } from "./fields.js";
import { icon } from "./icons.js";
import { keepUp } from "./keep.js";
import { mrkdwn } from "./mrkdwn.js";
import { files } from "./pictures.js";
import { pressIn } from "./presses.js";

const TOGETHER = 5 * 60 * 1000;

/**
 * Brings a list of messages up to date. `where` is { user, channel, openThread(ts)?, between?: nodes after the first
 * message }; without openThread there are no links to threads.
 */
export function showMessages(host, messages, where) {
  const entries = [];
  let before = null;
  for (const message of messages) {
    const moment = momentOf(message.ts);
    const newDay = !before || dayOf(momentOf(before.ts)) !== dayOf(moment);
    if (newDay && where.openThread) entries.push(day(moment));
    const close = !newDay && follows(before, message, moment);
    entries.push(entry(message, { ...where, grouped: close }));
    if (!before && where.between) entries.push(where.between);
    before = message;
  }
  keepUp(host, entries);
}

const day = (moment) => ({
  key: `day:${dayOf(moment)}`,
  print: dayLine(moment),
  make: () =>
    h("div", { class: "day", role: "separator", "aria-label": dayLine(moment) }, h("span", null, dayLine(moment))),
});

/** Whether a message stands under the one before without a face and a name of its own; cards of blocks never do. */
const follows = (before, message, moment) =>
  before.user === message.user &&
  (before.app_name ?? "") === (message.app_name ?? "") &&
  !message.blocks?.length &&
  !before.ephemeral &&
  !message.ephemeral &&
  !before.reply_count &&
  moment - momentOf(before.ts) < TOGETHER;

function entry(message, where) {
  const { replies, ...shown } = message;
  const seen = where.openThread ? [message.reply_count, ...(replies ?? []).map((reply) => [reply.user, reply.ts])] : [];
  return {
    key: `${message.ephemeral ? "e" : "m"}:${message.ts}`,
    print: JSON.stringify([shown, where.grouped, seen]),
    make: () => refresh(newMessage(), message, where),
    refresh: (node) => refresh(node, message, where),
  };
}

const newMessage = () =>
  h(
    "article",
    { class: "message", tabindex: -1, "data-landing": true },
    h("div", { class: "gutter" }),
    h(
      "div",
      { class: "message-words" },
      h("div", { class: "message-note" }),
      h("div", { class: "message-head" }),
      h("div", { class: "message-blocks" }),
      h("div", { class: "message-files" }),
      h("div", { class: "message-replies" }),
    ),
    h("div", { class: "message-tools" }),
  );

function refresh(node, message, where) {
  const who = author(message);
  const part = (name) => node.querySelector(`:scope > .message-words > .message-${name}`);
  node.classList.toggle("is-grouped", where.grouped);
  node.classList.toggle("is-ephemeral", message.ephemeral);
  node.classList.toggle("is-notice", Boolean(message.subtype));
  node.setAttribute("data-ts", message.ts);
  const privately = message.ephemeral ? ", only visible to you" : "";
  node.setAttribute("aria-label", `${who.real_name}, ${fully(momentOf(message.ts))}${privately}`);
  fill(node.querySelector(":scope > .gutter"), where.grouped ? stamp(message.ts, "is-hover") : avatar(who));
  fill(part("note"), message.ephemeral && [icon("eye", 14), "Only visible to you"]);
  fill(part("head"), head(who, message, where));
  const place = { channel: where.channel, ts: message.ts };
  const context = { press: pressIn(place, where.user, () => values(part("blocks"))), state: message.values ?? {} };
  showBody(part("blocks"), message, context);
  same(part("files"), message.files ?? [], (all) => files(all));
  fill(part("replies"), where.openThread && repliesLink(message, where));
  showTools(node.querySelector(":scope > .message-tools"), message, where);
  return node;
}

/** What stands over a message; a grouped one has its author for screen readers alone. */
const head = (who, message, where) => [
  h("strong", { class: "author" }, who.real_name),
  who.is_bot && h("span", { class: "badge", title: "This is an app, not a person" }, "APP"),
  !where.grouped && stamp(message.ts),
  message.edited && message.blocks?.length > 0 && h("span", { class: "edited" }, "(edited)"),
];

const stamp = (ts, look = "") => {
  const moment = momentOf(ts);
  return h("time", { class: `stamp ${look}`, datetime: moment.toISOString(), title: fully(moment) }, time(moment));
};

function showBody(host, message, context) {
  if (message.blocks?.length) return showBlocks(host, message.blocks, context);
  const edited = message.edited && h("span", { class: "edited" }, " (edited)");
  const draw = () => h("div", { class: "text block" }, mrkdwn(message.text ?? ""), edited);
  keepUp(
    host,
    message.text ? [{ key: "text", print: JSON.stringify([message.text, message.edited]), make: draw }] : [],
  );
}

/** Fills a host only when what it is drawn from has changed. */
function same(host, data, draw) {
  const print = JSON.stringify(data);
  if (host.dataset.print === print) return;
  host.dataset.print = print;
  fill(host, draw(data));
}

function repliesLink(message, where) {
  const replies = message.replies ?? [];
  const count = message.reply_count || replies.length;
  if (!count) return null;
  const people = [...new Map(replies.map((reply) => [author(reply).real_name, author(reply)])).values()].slice(0, 4);
  const latest = replies.at(-1);
  return h(
    "button",
    { type: "button", class: "replies", "data-focus": "replies", on: { click: () => where.openThread(message.ts) } },
    h(
      "span",
      { class: "replies-faces" },
      people.map((one) => avatar(one, "is-tiny")),
    ),
    h("span", { class: "replies-count" }, plural(count, "reply", "replies")),
    latest && h("span", { class: "replies-last" }, `Last reply ${ago(momentOf(latest.ts))}`),
  );
}

function showTools(host, message, where) {
  if (!where.openThread || message.ephemeral) return fill(host);
  if (host.firstChild) return host;
  const reply = {
    type: "button",
    class: "tool",
    title: "Reply in thread",
    "aria-label": "Reply in thread",
    "data-focus": "tool",
  };
  return fill(host, h("button", { ...reply, on: { click: () => where.openThread(message.ts) } }, icon("thread")));
}
