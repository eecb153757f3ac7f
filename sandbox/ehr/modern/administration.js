// Admin: its groups as tabs along the top, in each group a card a page. A page stays in the document once it was
// opened.

import { fill, h, numbered, press } from "./dom.js";
import { employeesPage } from "./employees.js";
import { icon } from "./icons.js";
import { locationsPage } from "./locations.js";
import { emptyPage, preferencesPage, vendorsPage } from "./other-pages.js";
import { practicePage } from "./practice.js";
import { readRolesOnce } from "./role-picker.js";
import { rolesPage } from "./roles.js";
import { fault, session, stillIn } from "./session.js";
import { go } from "./workspace.js";

const GROUPS = {
  General: [
    ["Basic Information", "building", "Name, identifiers and contact details of the practice", practicePage],
    ["Locations", "pin", "Offices, their addresses and identifiers", locationsPage],
    ["Contacts", "phone", "People and companies that the practice calls", emptyPage],
    ["Practice Preferences", "sliders", "Defaults for scheduling, billing and RevConnect", preferencesPage],
  ],
  "Employee/Roles": [
    ["Employees", "patients", "Staff records, logins and location access", employeesPage],
    ["User Roles", "shield", "Access permissions, by role", rolesPage],
    ["Employee Schedules", "clock", "Working hours of doctors and staff", emptyPage],
  ],
  "Vendors/Partners": [
    ["Vendors", "truck", "Labs, frame and lens suppliers, insurance companies", vendorsPage],
    ["Partner Integrations", "connect", "Connections to other companies’ software", emptyPage],
  ],
  "RevolutionEHR Solutions": [
    ["RevPayments", "card", "Card terminals and online payments", emptyPage],
    ["RevConnect", "messaging", "Messages to patients and online forms", emptyPage],
  ],
};

const slug = (text) => text.toLowerCase().replace(/[^a-z]+/g, "-");

const screens = new WeakMap();
let latest = 0;

/** Shows a group's cards or one of its pages inside the Admin host; of several calls on their way, the last one. */
export async function openAdministration(host, [groupSlug, pageSlug]) {
  const mine = ++latest;
  if (!screens.has(host)) screens.set(host, build(host));
  if (!(await stillIn().catch(() => true)) || mine !== latest) return;
  screens.get(host).show(groupSlug, pageSlug);
}

function build(host) {
  const names = Object.keys(GROUPS).filter((name) => session().user.adminGroups.includes(name));
  if (names.includes("Employee/Roles")) readRolesOnce().catch(() => {});
  const groups = names.map((name) => makeGroup(name));
  fill(
    host,
    h(
      "div",
      { class: "page-head is-tabbed" },
      h("h1", null, "Administration"),
      h(
        "div",
        { class: "top-tabs", role: "tablist" },
        groups.map((group) => group.tab),
      ),
    ),
    groups.map((group) => group.panel),
  );
  const arrival = fault("menu-groups-collapsed") ? null : groups[0];
  const everything = fault("menu-groups-expanded");

  function show(groupSlug, pageSlug) {
    const chosen = groups.find((group) => group.slug === groupSlug) ?? (everything ? null : arrival);
    for (const group of groups) {
      group.tab.setAttribute("aria-selected", String(group === chosen));
      group.panel.hidden = group !== chosen && !(everything && !chosen);
      group.show(group === chosen ? pageSlug : null);
    }
  }

  return { show };
}

function makeGroup(name) {
  const id = numbered("tab");
  const here = `administration/${slug(name)}`;
  const pages = new Map();
  const tab = h(
    "div",
    { class: "top-tab", role: "tab", id, tabindex: "0", "aria-controls": `${id}_panel`, on: press(() => go(here)) },
    name,
  );
  const cards = h(
    "div",
    { class: "cards" },
    h("h2", { class: "cards-title" }, name),
    h(
      "div",
      { class: "cards-grid" },
      GROUPS[name].map(([title, picture, about]) =>
        h(
          "div",
          { class: "card", tabindex: "0", on: press(() => go(`${here}/${slug(title)}`)) },
          h("span", { class: "card-icon" }, icon(picture, 26)),
          h("div", null, h("div", { class: "card-title" }, title), h("div", { class: "card-about" }, about)),
        ),
      ),
    ),
  );
  const panel = h("div", { class: "group", role: "tabpanel", id: `${id}_panel`, "aria-labelledby": id }, cards);

  function show(pageSlug) {
    const found = GROUPS[name].find(([title]) => slug(title) === pageSlug);
    cards.hidden = Boolean(found);
    for (const [title, page] of pages) page.element.hidden = title !== found?.[0];
    if (!found) return;
    const [title, , , make] = found;
    if (pages.has(title)) return pages.get(title).shown?.();
    const page = make(title);
    pages.set(title, page);
    const trail = h(
      "nav",
      { class: "trail", "aria-label": "Breadcrumb" },
      h("a", { on: press(() => go("administration")) }, "Admin"),
      icon("right", 12),
      h("a", { on: press(() => go(here)) }, name),
      icon("right", 12),
      h("span", { "aria-current": "page" }, title),
    );
    page.element.prepend(trail);
    panel.append(page.element);
  }

  return { name, slug: slug(name), tab, panel, show };
}
