// Slack's mrkdwn as nodes (docs.slack.dev, "Formatting message text"). It makes text nodes and a few known elements,
// never HTML from a string; of links only http, https and mailto become links.

import { tokens } from "./dates.js";
import { channelName, groupHandle, isMe, nameOf } from "./directory.js";
import { h } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";

/** A text object of Block Kit: plain_text or mrkdwn. */
export function textObject(object) {
  if (!object) return [];
  if (typeof object === "string") return [object];
  if (object.type === "mrkdwn") return mrkdwn(object.text, { verbatim: object.verbatim === true });
  return [object.emoji === false ? object.text : withEmoji(object.text)];
}

/** A plain_text object as a string, for names, titles and options. */
export const plain = (object) => (object ? (object.emoji === false ? object.text : withEmoji(object.text ?? "")) : "");

/** mrkdwn as nodes. With `verbatim`, a bare address doesn't become a link. */
export function mrkdwn(text, { verbatim = false } = {}) {
  const nodes = [];
  text.split(/```\n?([\s\S]+?)\n?```\n?/).forEach((part, at) => {
    if (at % 2) nodes.push(h("pre", { class: "pre" }, readable(part)));
    else if (part) nodes.push(...quotes(part, verbatim));
  });
  return nodes;
}

const QUOTED = /^(?:&gt;|>) ?/;

/** Lines, those that begin with > together in a quotation. */
function quotes(text, verbatim) {
  const nodes = [];
  const lines = text.split("\n");
  for (let at = 0; at < lines.length;) {
    const quoted = QUOTED.test(lines[at]);
    const rest = /^(?:&gt;|>){3}/.test(lines[at]);
    let end = at + 1;
    while (end < lines.length && (rest || QUOTED.test(lines[end]) === quoted)) end += 1;
    const part = lines.slice(at, end);
    if (!quoted) nodes.push(...inline(part.join("\n"), verbatim));
    else nodes.push(quotation(part, rest, verbatim));
    at = end;
  }
  return nodes;
}

function quotation(lines, rest, verbatim) {
  const words = rest
    ? lines.join("\n").replace(/^(?:&gt;|>){3} ?/, "")
    : lines.map((line) => line.replace(QUOTED, "")).join("\n");
  return h("blockquote", null, inline(words, verbatim));
}

const WORD = "\\p{L}\\p{N}";
const marked = (mark, name) =>
  `(?<![${WORD}${mark}])${mark}(?!\\s)(?<${name}>(?:<[^<>\\n]+>|\`[^\`\\n]+\`|[^${mark}\\n])+?)` +
  `(?<!\\s)${mark}(?![${WORD}${mark}])`;
const SPANS = new RegExp(
  [
    "`(?<code>[^`\\n]+)`",
    "<(?<token>[^<>\\n]+)>",
    ":(?<emoji>[a-z0-9+_'-]+(?:::skin-tone-[2-6])?):",
    "(?<address>https?://[^\\s<>|`]*[^\\s<>|`.,;:!?)\\]'\"*_~])",
    marked("\\*", "bold"),
    marked("_", "italic"),
    marked("~", "strike"),
  ].join("|"),
  "gu",
);

function inline(text, verbatim) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(SPANS)) {
    if (found.index > from) nodes.push(readable(text.slice(from, found.index)));
    nodes.push(span(found[0], found.groups, verbatim));
    from = found.index + found[0].length;
  }
  if (from < text.length) nodes.push(readable(text.slice(from)));
  return nodes;
}

function span(whole, found, verbatim) {
  if (found.code) return h("code", null, readable(found.code.replace(/<(?:[^<>|]*\|)?([^<>]*)>/g, "$1")));
  if (found.token) return token(found.token);
  if (found.emoji) return emoji(found.emoji) ? emojiNode(found.emoji) : whole;
  if (found.address) return verbatim ? readable(whole) : link(readable(found.address), [readable(found.address)]);
  if (found.bold) return h("strong", null, inline(found.bold, verbatim));
  if (found.italic) return h("em", null, inline(found.italic, verbatim));
  return h("s", null, inline(found.strike, verbatim));
}

/** What stands in angle brackets: a mention, a date or a link. */
function token(inside) {
  const [target, ...rest] = inside.split("|");
  const label = rest.length ? readable(rest.join("|")) : "";
  if (target.startsWith("@")) return userMention(target.slice(1));
  if (target.startsWith("#")) return channelMention(target.slice(1), label);
  if (target.startsWith("!")) return special(target.slice(1), label);
  if (!safe(target)) return label || `<${readable(target)}>`;
  return link(readable(target), label ? inline(rest.join("|"), true) : [readable(target.replace(/^mailto:/, ""))]);
}

function special(target, label) {
  const [kind, ...parts] = target.split("^");
  if (kind === "date") return date(parts[0], parts[1] ?? "", parts[2], label);
  if (kind === "subteam") return groupMention(parts[0], label);
  if (["here", "channel", "everyone"].includes(kind)) return h("span", { class: "mention is-me" }, `@${kind}`);
  return label || `<${target}>`;
}

/** A moment in the reader's own zone; the fallback stays in reach as the title. */
export function date(unix, format, url, fallback) {
  const words = tokens(readable(format), unix);
  if (words === null) return fallback || "";
  const node = h("time", { title: fallback || null, datetime: new Date(unix * 1000).toISOString() }, words);
  return url ? link(url, [node]) : node;
}

export const userMention = (id) => h("span", { class: `mention ${isMe(id) ? "is-me" : ""}` }, `@${nameOf(id)}`);
export const groupMention = (id, label = "") =>
  h("span", { class: "mention" }, label ? `@${label.replace(/^@/, "")}` : `@${groupHandle(id)}`);
export const channelMention = (id, label = "") =>
  h(
    "a",
    { class: "mention", href: `?channel=${encodeURIComponent(id)}`, "data-channel": id },
    `#${label || channelName(id)}`,
  );
export const emojiNode = (name) => h("span", { class: "emoji", title: `:${name}:` }, emoji(name) ?? `:${name}:`);

/** A link that opens elsewhere; the words alone when the address is of another kind. */
export function link(address, words) {
  if (!safe(address)) return h("span", null, words);
  return h("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, words);
}

/** Whether an address may be opened: http, https or mailto. */
export const safe = (address) => /^(https?:\/\/|mailto:)/i.test(address ?? "");

/** Slack's three escapes undone; the result is only ever used as text. */
const readable = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
