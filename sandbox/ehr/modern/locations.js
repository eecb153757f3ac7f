// General > Locations: another ID in every record, and another section named Basic Information.

import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { fact } from "./fields.js";
import { dataGrid, segments } from "./grid.js";
import { recordForm } from "./record-form.js";
import { recordTabs } from "./record-tabs.js";

const COLUMNS = [
  { key: "id", title: "ID", width: "120px" },
  { key: "name", title: "Location Name", width: "1fr", link: true },
  { key: "city", title: "City", width: "220px" },
  {
    key: "status",
    title: "Status",
    width: "140px",
    cell: (row) => h("span", { class: `badge ${row.active ? "is-good" : ""}` }, row.active ? "Active" : "Inactive"),
  },
];

export function locationsPage(title) {
  let active = true;

  async function load({ search, page, size }) {
    const places = (await get("locations", { active: "all" })).filter(
      (place) => place.active === active && `${place.name} ${place.city}`.toLowerCase().includes(search.toLowerCase()),
    );
    return { rows: places.slice(page * size, (page + 1) * size), total: places.length };
  }

  const filter = segments(
    [
      [true, "Active"],
      [false, "Inactive"],
    ],
    (value) => ((active = value), grid.reload()),
  );
  const grid = dataGrid({
    columns: COLUMNS,
    load,
    tools: [filter],
    open: (row) => tabs.open(row.id, row.name, (panel, tab) => showPlace(panel, tab, row.id)),
  });
  const tabs = recordTabs("All Locations", h("section", { class: "panel" }, grid.element));
  return {
    element: h("div", { class: "page" }, h("div", { class: "page-title" }, h("h2", null, title)), tabs.element),
    shown: () => grid.reload(),
  };
}

async function showPlace(panel, tab, id) {
  fill(panel, h("div", { class: "loading" }, "Loading…"));
  const place = await get(`locations/${id}`);
  const facts = [
    ["Location Name", place.name],
    ["ID", place.id],
    ["City", place.city],
    ["Phone", place.phone],
    ["NPI", place.npi],
  ];
  const content = h(
    "section",
    { class: "panel section" },
    h("header", { class: "panel-head" }, h("h3", { class: "section-title" }, "Basic Information")),
    h(
      "div",
      { class: "section-body facts" },
      facts.map(([label, value]) => fact(label, value)),
    ),
  );
  recordForm({ panel, tab, content, testId: "location" });
}
