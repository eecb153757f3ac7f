// Access Permissions: a flat role=treegrid of which only the rows in view are in the document. A folder's rows are
// asked for when it is first opened; its box ticks everything below, seen or not.

import { get } from "./api.js";
import { fill, h, numbered, plural } from "./dom.js";
import { icon } from "./icons.js";
import { fault } from "./session.js";

const ROW = 38;
const MORE = 2;

/** Returns {element, value (permission ids; get, set)}. Emits "change". A read-only tree opens but ticks nothing. */
export function permissionTree({ labelledBy, readOnly = false, testId }) {
  const ticked = new Set();
  const tickedFolders = new Set();
  const below = new Map();
  const drawn = new Map();
  let modules = [];
  let focused = null;

  const spacer = h("div", { class: "tree-spacer", role: "presentation" });
  const scroller = h("div", { class: "tree-rows", role: "rowgroup", on: { scroll: () => draw() } }, spacer);
  const grid = h(
    "div",
    {
      class: "tree",
      role: "treegrid",
      id: numbered("treegrid"),
      "aria-labelledby": labelledBy,
      "aria-readonly": String(readOnly),
      testId,
    },
    h(
      "div",
      { role: "rowgroup" },
      h(
        "div",
        { class: "tree-head", role: "row" },
        h("div", { role: "columnheader" }, "Permission"),
        h("div", { role: "columnheader" }, "Access"),
      ),
    ),
    scroller,
  );
  const summary = h("p", { class: "tree-summary", role: "status" });
  const element = h("div", { class: "tree-frame" }, grid, summary);

  /** The nodes that would be visible in an endless window, in order. */
  function flat(nodes = modules) {
    return nodes.flatMap((node) => [node, ...(node.open && node.children ? flat(node.children) : [])]);
  }

  async function level(parent) {
    const nodes = await get("permissions", { parent: parent?.id });
    const made = nodes.map((node, number) => ({
      ...node,
      parent,
      level: parent ? parent.level + 1 : 1,
      position: number + 1,
      size: nodes.length,
      open: false,
      loading: false,
      children: null,
    }));
    await Promise.all(
      made
        .filter((node) => node.hasChildren)
        .map(async (node) => below.set(node.id, await get("permissions/under", { parent: node.id }))),
    );
    return made;
  }

  async function open(node, on = !node.open) {
    if (!node.hasChildren || node.loading) return;
    node.open = on;
    if (on && !node.children) {
      node.loading = true;
      draw();
      try {
        node.children = await level(node);
      } catch {
        node.open = false;
      }
      node.loading = false;
    }
    draw();
  }

  // A permission's box is its own, even when it has permissions below it; a folder's box is the sum of what is below.
  function state(node) {
    if (node.permission) return String(ticked.has(node.id));
    if (fault("tree-no-cascade")) return String(tickedFolders.has(node.id));
    const count = (below.get(node.id) ?? []).filter((id) => ticked.has(id)).length;
    return count === 0 ? "false" : count === below.get(node.id).length ? "true" : "mixed";
  }

  function tick(node) {
    if (readOnly) return;
    const on = state(node) !== "true";
    const cascades = node.hasChildren && !fault("tree-no-cascade");
    const own = node.permission ? [node.id] : [];
    for (const id of [...own, ...(cascades ? below.get(node.id) : [])]) ticked[on ? "add" : "delete"](id);
    if (!node.permission) tickedFolders[on ? "add" : "delete"](node.id);
    draw();
    element.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function draw() {
    const rows = flat();
    grid.setAttribute("aria-rowcount", String(rows.length));
    spacer.style.height = `${rows.length * ROW}px`;
    const first = Math.max(0, Math.floor(scroller.scrollTop / ROW) - MORE);
    const last = Math.ceil((scroller.scrollTop + (scroller.clientHeight || 10 * ROW)) / ROW) + MORE;
    const inView = new Set(rows.slice(first, last));
    for (const [node, row] of drawn) {
      if (inView.has(node)) continue;
      row.remove();
      drawn.delete(node);
    }
    rows.slice(first, last).forEach((node, number) => {
      if (!drawn.has(node)) {
        drawn.set(node, makeRow(node));
        spacer.append(drawn.get(node));
      }
      showRow(drawn.get(node), node, first + number);
    });
    summary.textContent = `${plural(ticked.size, "permission")} selected`;
  }

  function makeRow(node) {
    const nameId = numbered("node");
    const row = h(
      "div",
      {
        class: `tree-row ${node.hasChildren ? "is-folder" : ""}`,
        role: "row",
        tabindex: "-1",
        "aria-level": String(node.level),
        "aria-posinset": String(node.position),
        "aria-setsize": String(node.size),
        on: { keydown: (event) => keys(event, node), focus: () => (focused = node), dblclick: () => open(node) },
      },
      h(
        "div",
        { class: "tree-name", role: "gridcell", style: `padding-left: ${12 + (node.level - 1) * 28}px` },
        h("span", { class: "twisty", on: { click: () => open(node) } }, node.hasChildren && icon("right", 16)),
        h(
          "span",
          {
            class: "box",
            role: "checkbox",
            "aria-labelledby": nameId,
            "aria-disabled": readOnly ? "true" : null,
            on: { click: () => tick(node) },
          },
          icon("check", 14),
        ),
        node.hasChildren && icon("folder", 18),
        h("span", { class: "tree-text", id: nameId }, node.name),
      ),
      h("div", { class: "tree-access", role: "gridcell" }),
    );
    return row;
  }

  function showRow(row, node, index) {
    const checked = state(node);
    row.style.transform = `translateY(${index * ROW}px)`;
    row.setAttribute("aria-rowindex", String(index + 2));
    if (node.hasChildren) row.setAttribute("aria-expanded", String(node.open && !node.loading));
    row.classList.toggle("is-loading", node.loading);
    row.tabIndex = (focused ?? modules[0]) === node ? 0 : -1;
    row.querySelector(".box").setAttribute("aria-checked", checked);
    const inside = below.get(node.id) ?? [];
    row.querySelector(".tree-access").textContent = node.hasChildren
      ? `${inside.filter((id) => ticked.has(id)).length} of ${inside.length}`
      : checked === "true"
        ? "Allowed"
        : "";
  }

  function keys(event, node) {
    const rows = flat();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) focusOn(rows[rows.indexOf(node) + step]);
    else if (event.key === "ArrowRight") open(node, true);
    else if (event.key === "ArrowLeft") node.open ? open(node, false) : focusOn(node.parent);
    else if (event.key === " ") tick(node);
    else return;
    event.preventDefault();
  }

  function focusOn(node) {
    if (!node) return;
    const top = flat().indexOf(node) * ROW;
    if (top < scroller.scrollTop) scroller.scrollTop = top;
    if (top + ROW > scroller.scrollTop + scroller.clientHeight) scroller.scrollTop = top + ROW - scroller.clientHeight;
    focused = node;
    draw();
    drawn.get(node)?.focus({ preventScroll: true });
  }

  async function start() {
    grid.setAttribute("aria-busy", "true");
    modules = await level(null);
    grid.setAttribute("aria-busy", "false");
    draw();
    new ResizeObserver(() => draw()).observe(scroller);
  }

  start().catch(() => fill(summary, "The permissions could not be loaded."));
  return {
    element,
    get value() {
      return [...ticked];
    },
    set value(ids) {
      ticked.clear();
      ids.forEach((id) => ticked.add(id));
      draw();
    },
  };
}
