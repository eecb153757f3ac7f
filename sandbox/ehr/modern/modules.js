// The modules beside Admin: lists to look at, so that a login has somewhere to go. Nothing can be changed in them.

import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { dataGrid } from "./grid.js";
import { session } from "./session.js";

export const MODULES = {
  patients: "Patients",
  schedule: "Schedule",
  accounting: "Accounting",
  orders: "Orders",
  inventory: "Inventory",
  tasks: "Tasks",
  messaging: "Messages",
  marketing: "Reports",
  connect: "RevConnect",
  admin: "Admin",
};

const LISTS = {
  invoices: [
    "Invoices",
    [
      ["number", "Invoice #", "140px"],
      ["date", "Date", "160px"],
      ["payee", "Payee", "1fr"],
      ["total", "Total", "140px"],
      ["due", "Due", "140px"],
    ],
  ],
  claims: [
    "Claims",
    [
      ["number", "Claim #", "140px"],
      ["date", "Date", "160px"],
      ["payer", "Payer", "1fr"],
      ["status", "Status", "180px"],
    ],
  ],
};

const NOTHING = [
  ["number", "#", "140px"],
  ["date", "Date", "160px"],
  ["name", "Description", "1fr"],
  ["status", "Status", "180px"],
];

export function buildModule(host, module, item) {
  const page = item ?? session().user.menus?.[module]?.[0] ?? "list";
  if (host.dataset.page === page) return;
  host.dataset.page = page;
  const [title, columns] = LISTS[page] ?? [MODULES[module] ?? "Page not found", NOTHING];
  const load = LISTS[page] ? (query) => get(page, query) : async () => ({ rows: [], total: 0 });
  const grid = dataGrid({ columns: columns.map(([key, name, width]) => ({ key, title: name, width })), load });
  fill(host, h("div", { class: "page-head" }, h("h1", null, title)), h("section", { class: "panel" }, grid.element));
}
