// The rich_text block: sections, lists, quotations and code, with their styled pieces.

import { h } from "./dom.js";
import { channelMention, date, emojiNode, groupMention, link, userMention } from "./mrkdwn.js";

/** The rich_text block as nodes. */
export const richText = (block) => {
  const nodes = [];
  for (const part of block.elements ?? []) {
    if (part.type === "rich_text_list") addList(nodes, part);
    else nodes.push(PARTS[part.type]?.(part) ?? h("p", { class: "unknown" }, `[${part.type}]`));
  }
  return nodes;
};

const PARTS = {
  rich_text_section: (part) => h("div", { class: "text" }, pieces(part.elements)),
  rich_text_quote: (part) => h("blockquote", null, pieces(part.elements)),
  rich_text_preformatted: (part) => h("pre", { class: "pre" }, pieces(part.elements)),
};

const ORDERS = ["1", "a", "i"];

function addList(nodes, part) {
  const indent = part.indent ?? 0;
  const ordered = part.style === "ordered";
  const attributes = { class: `list is-indent-${Math.min(indent, 4)}` };
  if (ordered) Object.assign(attributes, { type: ORDERS[indent % 3], start: 1 + (part.offset ?? 0) });
  nodes.push(
    h(
      ordered ? "ol" : "ul",
      attributes,
      (part.elements ?? []).map((one) => h("li", null, pieces(one.elements))),
    ),
  );
}

const pieces = (elements) =>
  (elements ?? []).map((piece) => styled(PIECES[piece.type]?.(piece) ?? `[${piece.type}]`, piece.style));

const PIECES = {
  text: (piece) => piece.text,
  link: (piece) => link(piece.url, [piece.text || piece.url]),
  user: (piece) => userMention(piece.user_id),
  channel: (piece) => channelMention(piece.channel_id),
  usergroup: (piece) => groupMention(piece.usergroup_id),
  broadcast: (piece) => h("span", { class: "mention is-me" }, `@${piece.range}`),
  emoji: (piece) => (piece.unicode ? h("span", { class: "emoji" }, unicode(piece.unicode)) : emojiNode(piece.name)),
  date: (piece) => date(piece.timestamp, piece.format ?? "", piece.url, piece.fallback),
  color: (piece) => h("span", { class: "color" }, colorBox(piece.value), piece.value),
};

const unicode = (codes) => String.fromCodePoint(...codes.split("-").map((code) => Number.parseInt(code, 16)));

const colorBox = (value) =>
  /^#[0-9a-f]{6}$/i.test(value) ? h("span", { class: "color-box", style: `background:${value}` }) : null;

const TAGS = { bold: "strong", italic: "em", strike: "s", underline: "u", code: "code" };

const styled = (node, style) =>
  Object.entries(TAGS).reduce((inner, [name, tag]) => (style?.[name] ? h(tag, null, inner) : inner), node);
