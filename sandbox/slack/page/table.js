// The table block: the first row is the heads; cells hold text, numbers or rich text.

import { h } from "./dom.js";
import { richText } from "./richtext.js";

/** The table, in a frame of its own that scrolls sideways. */
export function table(block) {
  const [heads = [], ...rows] = block.rows ?? [];
  const cells = (row, tag) =>
    row.map((cell, at) => {
      const settings = block.column_settings?.[at] ?? {};
      const look = `is-${settings.align ?? "left"} ${settings.is_wrapped ? "is-wrapped" : ""}`;
      return h(tag, { class: look, scope: tag === "th" ? "col" : null }, inside(cell));
    });
  const head = h("thead", null, h("tr", null, cells(heads, "th")));
  const body = h(
    "tbody",
    null,
    rows.map((row) => h("tr", null, cells(row, "td"))),
  );
  const frame = { class: "table-frame", role: "group", "aria-label": "Table", tabindex: 0 };
  return h("div", frame, h("table", { class: "table" }, head, body));
}

function inside(cell) {
  if (cell?.type === "rich_text") return richText(cell);
  return String(cell?.text ?? cell?.value ?? "");
}
