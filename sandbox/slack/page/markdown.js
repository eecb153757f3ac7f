// The markdown block: a good part of standard Markdown, as nodes. Headings, lists, quotations, code, tables, rules.

import { h } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { link } from "./mrkdwn.js";

/** Markdown as nodes. */
export function markdown(text) {
  const lines = text.replace(/\r\n?/g, "\n").split("\n");
  const nodes = [];
  for (let at = 0; at < lines.length;) {
    const kind = KINDS.find((one) => one.begins(lines, at));
    const end = kind ? kind.ends(lines, at) : at + 1;
    if (kind) nodes.push(kind.draw(lines.slice(at, end)));
    at = end;
  }
  return nodes;
}

const RULE = /^ {0,3}([-*_])( *\1){2,} *$/;
const HEADING = /^(#{1,6}) +(.*?) *#*$/;
const ITEM = /^( *)([-*+]|\d+[.)]) +(.*)$/;
const QUOTE = /^ {0,3}> ?/;
const FENCE = /^ {0,3}```/;
const DASHES = /^ *\|?( *:?-+:? *\|)+ *:?-*:? *$|^ *\|? *:?-+:? *\| *$/;
const while_ = (test) => (lines, at) => {
  let end = at;
  while (end < lines.length && test(lines[end])) end += 1;
  return end;
};

const KINDS = [
  { begins: (lines, at) => FENCE.test(lines[at]), ends: fenceEnd, draw: fence },
  {
    begins: (lines, at) => RULE.test(lines[at]),
    ends: (lines, at) => at + 1,
    draw: () => h("hr", { class: "divider" }),
  },
  { begins: (lines, at) => HEADING.test(lines[at]), ends: (lines, at) => at + 1, draw: heading },
  {
    begins: (lines, at) => lines[at].includes("|") && DASHES.test(lines[at + 1] ?? ""),
    ends: while_((line) => line.includes("|")),
    draw: table,
  },
  {
    begins: (lines, at) => ITEM.test(lines[at]),
    ends: while_((line) => ITEM.test(line) || /^ {2,}\S/.test(line)),
    draw: list,
  },
  { begins: (lines, at) => QUOTE.test(lines[at]), ends: while_((line) => QUOTE.test(line)), draw: quote },
  {
    begins: (lines, at) => lines[at].trim() !== "",
    ends: paragraphEnd,
    draw: (lines) => h("p", null, spans(lines.join("\n"))),
  },
];

function paragraphEnd(lines, at) {
  const stops = (line) => line.trim() === "" || [FENCE, RULE, HEADING, ITEM, QUOTE].some((one) => one.test(line));
  let end = at + 1;
  while (end < lines.length && !stops(lines[end])) end += 1;
  return end;
}

function fenceEnd(lines, at) {
  const close = lines.findIndex((line, index) => index > at && FENCE.test(line));
  return close < 0 ? lines.length : close + 1;
}

function fence(lines) {
  const closed = lines.length > 1 && FENCE.test(lines.at(-1));
  return h("pre", { class: "pre" }, lines.slice(1, closed ? -1 : undefined).join("\n"));
}

function heading([line]) {
  const [, marks, words] = line.match(HEADING);
  return h(
    "p",
    { class: `heading is-${marks.length}`, role: "heading", "aria-level": Math.min(marks.length + 2, 6) },
    spans(words),
  );
}

function quote(lines) {
  return h("blockquote", null, markdown(lines.map((line) => line.replace(QUOTE, "")).join("\n")));
}

/** A list; items that are indented more than the first make a list of their own inside. */
function list(lines) {
  const [, indent, bullet] = lines[0].match(ITEM);
  const ordered = /\d/.test(bullet);
  const items = [];
  for (const line of lines) {
    const item = line.match(ITEM);
    if (item && item[1].length <= indent.length) items.push({ words: item[3], under: [] });
    else items.at(-1).under.push(line);
  }
  const drawn = items.map(({ words, under }) =>
    h("li", null, task(words), under.length ? markdown(dedent(under)) : null),
  );
  return h(ordered ? "ol" : "ul", { class: "list", start: ordered ? Number.parseInt(bullet, 10) : null }, drawn);
}

const dedent = (lines) => {
  const least = Math.min(...lines.map((line) => line.search(/\S/)));
  return lines.map((line) => line.slice(least)).join("\n");
};

function task(words) {
  const box = words.match(/^\[([ xX])\] +(.*)$/);
  return box ? [box[1] === " " ? "☐ " : "☑ ", ...spans(box[2])] : spans(words);
}

function table(lines) {
  const cells = (line) =>
    line
      .trim()
      .replace(/^\||\|$/g, "")
      .split("|")
      .map((cell) => cell.trim());
  const row = (line, tag) =>
    h(
      "tr",
      null,
      cells(line).map((cell) => h(tag, tag === "th" ? { scope: "col" } : null, spans(cell))),
    );
  const body = lines.slice(2).map((line) => row(line, "td"));
  return h(
    "div",
    { class: "table-frame" },
    h("table", { class: "table" }, h("thead", null, row(lines[0], "th")), h("tbody", null, body)),
  );
}

const SPANS = new RegExp(
  [
    "(?<code>`[^`]+`)",
    "\\\\(?<escaped>[\\\\`*_{}\\[\\]()#+.!|>~-])",
    "!?\\[(?<label>[^\\]]*)\\]\\((?<target>[^)\\s]+)[^)]*\\)",
    "\\*\\*(?<strong>.+?)\\*\\*",
    "__(?<strong2>.+?)__",
    "~~(?<strike>.+?)~~",
    "\\*(?<em>[^*\\s](?:[^*]*[^*\\s])?)\\*",
    "(?<![\\p{L}\\p{N}])_(?<em2>[^_]+)_(?![\\p{L}\\p{N}])",
    "(?<address>https?://[^\\s<>]*[^\\s<>.,;:!?)])",
  ].join("|"),
  "gu",
);

function spans(text) {
  const nodes = [];
  let from = 0;
  for (const found of text.matchAll(SPANS)) {
    if (found.index > from) nodes.push(withEmoji(text.slice(from, found.index)));
    nodes.push(span(found.groups));
    from = found.index + found[0].length;
  }
  if (from < text.length) nodes.push(withEmoji(text.slice(from)));
  return nodes;
}

function span(found) {
  if (found.code) return h("code", null, found.code.slice(1, -1));
  if (found.escaped) return found.escaped;
  if (found.target) return link(found.target, spans(found.label || found.target));
  if (found.address) return link(found.address, [found.address]);
  if (found.strike) return h("s", null, spans(found.strike));
  const strong = found.strong ?? found.strong2;
  return strong ? h("strong", null, spans(strong)) : h("em", null, spans(found.em ?? found.em2));
}
