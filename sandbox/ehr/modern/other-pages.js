// The pages of Admin that the guide never opens. They are there because a real menu has neighbours.

import { get } from "./api.js";
import { fill, h, numbered } from "./dom.js";
import { icon } from "./icons.js";
import { dataGrid } from "./grid.js";

const page = (title, body) =>
  h("div", { class: "page" }, h("div", { class: "page-title" }, h("h2", null, title)), body);

export function emptyPage(title) {
  const columns = [
    { key: "name", title: "Name", width: "1fr" },
    { key: "kind", title: "Type", width: "220px" },
    { key: "phone", title: "Phone", width: "220px" },
  ];
  const grid = dataGrid({ columns, load: async () => ({ rows: [], total: 0 }) });
  return { element: page(title, h("section", { class: "panel" }, grid.element)) };
}

export function vendorsPage(title) {
  const columns = [
    { key: "name", title: "Name", width: "1fr" },
    { key: "kind", title: "Type", width: "220px" },
    { key: "phone", title: "Phone", width: "220px" },
  ];
  const grid = dataGrid({ columns, load: (query) => get("vendors", query) });
  return { element: page(title, h("section", { class: "panel" }, grid.element)), shown: () => grid.reload() };
}

const PREFERENCES = [
  ["General", ["Basic Information", "Names and Numbers"]],
  ["RevConnect", ["Registration Information", "Reminders"]],
  ["Schedule", ["Appointment Types", "Confirmation Texts"]],
];

// A true role=tree of nested groups; choosing a leaf shows that there is nothing to change.
export function preferencesPage(title) {
  const detail = h("div", { class: "panel preferences-detail" }, "Choose a group of preferences.");
  const tree = h(
    "ul",
    { class: "aria-tree", role: "tree", "aria-label": title },
    PREFERENCES.map(([name, leaves]) => branch(name, leaves, detail)),
  );
  return { element: page(title, h("div", { class: "preferences" }, h("div", { class: "panel" }, tree), detail)) };
}

function branch(name, leaves, detail) {
  const id = numbered("treeitem");
  const group = h(
    "ul",
    { role: "group", hidden: true },
    leaves.map((leaf) => leafItem(leaf, detail)),
  );
  const flip = () => {
    const open = item.getAttribute("aria-expanded") !== "true";
    item.setAttribute("aria-expanded", String(open));
    group.hidden = !open;
  };
  const line = h("div", { class: "aria-tree-line", on: { click: flip } }, icon("right", 14), h("span", { id }, name));
  const keys = (event) =>
    event.target === item &&
    ["Enter", " ", "ArrowRight", "ArrowLeft"].includes(event.key) &&
    (event.preventDefault(), flip());
  const item = h(
    "li",
    {
      role: "treeitem",
      "aria-expanded": "false",
      "aria-level": "1",
      "aria-labelledby": id,
      tabindex: "0",
      on: { keydown: keys },
    },
    line,
    group,
  );
  return item;
}

function leafItem(name, detail) {
  const choose = () =>
    fill(detail, h("h3", null, name), h("p", null, "These preferences are managed by RevolutionEHR support."));
  return h(
    "li",
    { role: "treeitem", "aria-level": "2", tabindex: "0" },
    h("div", { class: "aria-tree-line", on: { click: choose } }, h("span", null, name)),
  );
}
