// The frame around the screens: header with its modules (each twice, the second for narrow windows), footer, banners.

import { post, traffic } from "./api.js";
import { dialog } from "./dialog.js";
import { fill, h, press } from "./dom.js";
import { icon } from "./icons.js";
import { MODULES } from "./modules.js";
import { logo } from "./pictures.js";
import { fault, session } from "./session.js";
import { orToast, toast } from "./toast.js";
import { mayLeave } from "./unsaved.js";
import { go } from "./workspace.js";

const CHILDREN = {
  invoices: "Invoices",
  payments: "Payments",
  claims: "Claims",
  products: "Products",
  invitations: "Invitations",
};

const routeOf = (module) => (module === "admin" ? "administration" : module);

/** Builds the header for whoever is logged in, and what greets them. `changed` is called after a logout or a lock. */
export function buildShell({ changed }) {
  const { user } = session();
  fill(document.getElementById("header"), wide(user, changed), narrow(user, changed));
  showBanner();
  if (fault("release-notes-modal")) showReleaseNotes();
}

function wide(user, changed) {
  const modules = user.modules.map((module) => moduleItem(module, user.menus?.[module] ?? []));
  return h(
    "div",
    { class: "header-wide" },
    h(
      "a",
      {
        class: "header-logo",
        testId: "headerHomeNavigateButton",
        "data-tooltip-content": "Home",
        on: press(() => go("")),
      },
      logo(),
    ),
    h("ul", { class: "header-modules" }, modules),
    h(
      "ul",
      { class: "header-tools" },
      locationMenu(user),
      userMenu(user, changed),
      // An icon and nothing else: no text, no title, no name for assistive technology.
      h(
        "li",
        { testId: "headerLogoutButton", class: "header-item header-logout" },
        h("a", { on: { click: () => orToast(logOut(changed)) } }, icon("power", 22)),
      ),
    ),
  );
}

// Never shown on a desktop; kept in the document all the same.
const narrow = (user, changed) =>
  h(
    "div",
    { class: "header-narrow" },
    h(
      "ul",
      null,
      h("li", null, h("a", { testId: "headerHomeNavigateButtonMobile", on: press(() => go("")) }, "Home")),
      user.modules.map((module) =>
        h(
          "li",
          null,
          h(
            "a",
            { testId: `headerParentNavigateButtonMobile${module}`, on: press(() => go(routeOf(module))) },
            MODULES[module],
          ),
        ),
      ),
      h(
        "li",
        { testId: "headerLogoutButtonMobile" },
        h("a", { on: { click: () => orToast(logOut(changed)) } }, "Logout"),
      ),
    ),
  );

function moduleItem(module, children) {
  const link = h(
    "a",
    {
      class: "header-link",
      testId: `headerParentNavigateButton${module}`,
      "data-tooltip-content": MODULES[module],
      "data-module": routeOf(module),
    },
    icon(module, 22),
    h("span", { class: "nav-name" }, MODULES[module]),
  );
  const item = h("li", { class: "header-item" }, link);
  if (children.length === 0) {
    for (const [type, act] of Object.entries(press(() => go(routeOf(module))))) link.addEventListener(type, act);
    return item;
  }
  const menu = children.map((child) => [
    CHILDREN[child],
    () => go(`${module}/${child}`),
    { testId: `headerChildNavigateButton${child}` },
  ]);
  return dropDown(item, link, menu, { hover: true });
}

function locationMenu(user) {
  const name = h("span", { class: "header-location" }, user.location || "No location");
  const link = h(
    "a",
    { class: "header-link is-flat", testId: "headerLocationMenu" },
    icon("pin", 18),
    name,
    icon("down", 14),
  );
  const menu = user.locations.map((place) => [
    place,
    () => (name.textContent = place),
    { testId: "headerLocationSelect" },
  ]);
  return dropDown(h("li", { class: "header-item" }), link, menu);
}

function userMenu(user, changed) {
  const initials = user.name
    .split(" ")
    .map((word) => word[0])
    .join("")
    .slice(0, 2);
  const link = h(
    "a",
    { class: "header-link is-flat", testId: "headerUserMenu" },
    h("span", { class: "avatar" }, initials),
    h("span", null, user.name),
    icon("down", 14),
  );
  const later = () => toast("info", "Not available here", "Ask your practice administrator.");
  return dropDown(h("li", { class: "header-item" }), link, [
    ["Edit Profile", () => (fault("no-edit-profile") ? later() : go("profile")), { testId: "headerUserEditProfile" }],
    ["Manage Updates", showReleaseNotes, { testId: "headerUserManageUpdates" }],
    ["Lock", () => orToast(lock(changed)), { testId: "headerUserLockScreen" }],
  ]);
}

/** A menu below a header item, open on click (and on hover); it closes by a click anywhere else. */
function dropDown(item, link, entries, { hover = false } = {}) {
  const menu = h(
    "ul",
    { class: "header-menu", role: "menu" },
    entries.map(([text, act, attributes]) =>
      h("li", { role: "none" }, h("a", { role: "menuitem", ...attributes, on: press(() => (close(), act())) }, text)),
    ),
  );
  const open = () => item.classList.add("is-open");
  const close = () => item.classList.remove("is-open");
  link.setAttribute("aria-haspopup", "menu");
  link.addEventListener("click", (event) => {
    event.stopPropagation();
    item.classList.toggle("is-open", hover || !item.classList.contains("is-open"));
  });
  if (hover) {
    item.addEventListener("mouseenter", open);
    item.addEventListener("mouseleave", close);
  }
  document.addEventListener("click", (event) => item.contains(event.target) || close());
  item.append(link, menu);
  return item;
}

async function logOut(changed) {
  if (!(await mayLeave())) return;
  await post("logout");
  await changed();
}

async function lock(changed) {
  await post("lock");
  await changed();
}

const NOTES = [
  "Claims now show the payer’s remark codes beside each line.",
  "The schedule remembers the providers that you have hidden.",
  "Practice administrators can see when a user role was last changed.",
];

const showReleaseNotes = () =>
  dialog({
    title: "What’s new in version 7.6.2",
    body: h(
      "ul",
      { class: "notes" },
      NOTES.map((note) => h("li", null, note)),
    ),
    buttons: [
      ["Remind Me Later", "quiet"],
      ["Got It", "primary"],
    ],
    escape: false,
  });

function showBanner() {
  const reload = h("a", { class: "inline-link", on: { click: () => location.reload() } }, "Reload now");
  const shown = [];
  if (fault("app-update-banner")) shown.push(banner("A new version of RevolutionEHR is available.", reload));
  if (fault("password-expires-soon")) shown.push(banner("Reminder: your password expires on Thursday, Dec. 3, 2026."));
  fill(document.getElementById("banners"), ...shown);
}

function banner(words, ...more) {
  const element = h(
    "div",
    { class: "banner", role: "status" },
    icon("info", 18),
    h("span", null, words),
    ...more,
    h(
      "button",
      { type: "button", class: "banner-close", title: "Dismiss", on: { click: () => element.remove() } },
      icon("close", 16),
    ),
  );
  return element;
}

/** The footer with its clock; the same before and after login. */
export function showFooter() {
  const clock = h("span", { class: "footer-clock" });
  const tick = () =>
    (clock.textContent = new Date().toLocaleTimeString("en-US", { hour: "numeric", minute: "2-digit" }));
  tick();
  setInterval(tick, 10_000);
  fill(
    document.getElementById("footer"),
    h("span", { class: "footer-busy", id: "network-indicator", hidden: true }, "Working…"),
    clock,
    h("span", { testId: "footerApplicationVersionSection" }, session().version),
    h("span", null, "© 2026 PracticeTek, Inc."),
  );
  traffic.addEventListener("busy", (event) => {
    document.getElementById("network-indicator").hidden = event.detail === 0;
    document.body.classList.toggle("is-working", event.detail > 0);
  });
}
