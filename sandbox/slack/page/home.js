// The app's own page: its Home tab, as the app published it for this person, and what it is.

import { act, Unreachable } from "./api.js";
import { showBlocks } from "./blocks.js";
import { appFace, avatar } from "./directory.js";
import { fill, h, uniqueId } from "./dom.js";
import { values } from "./fields.js";
import { pressIn } from "./presses.js";

/** { node, refresh(view) }; making it tells the app that its Home tab was opened. */
export function homePane(user) {
  const name = h("h2", { class: "head-name" });
  const ids = { home: uniqueId("tab"), about: uniqueId("tab"), panel: uniqueId("panel") };
  const head = h("header", { class: "head" });
  const blocks = h("div", { class: "home-blocks", "data-landing": true, tabindex: -1 });
  const about = h("div", { class: "home-about", hidden: true });
  const tabs = ["home", "about"].map((tab) =>
    h(
      "button",
      {
        type: "button",
        role: "tab",
        id: ids[tab],
        class: "tab",
        "aria-controls": ids.panel,
        on: { click: () => turn(tab) },
      },
      tab === "home" ? "Home" : "About",
    ),
  );
  const strip = h("div", { class: "tabs", role: "tablist", "aria-label": "Pages of the app" }, tabs);
  const panel = h("div", { class: "home", role: "tabpanel", id: ids.panel, tabindex: 0 }, blocks, about);
  const node = h("section", { class: "pane", "aria-label": "App" }, head, strip, panel);
  strip.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = tabs.find((tab) => tab.getAttribute("aria-selected") !== "true");
    other.click();
    other.focus();
  });

  function turn(tab) {
    tabs.forEach((one) => {
      const on = one.id === ids[tab];
      one.setAttribute("aria-selected", String(on));
      one.tabIndex = on ? 0 : -1;
    });
    panel.setAttribute("aria-labelledby", ids[tab]);
    blocks.hidden = tab !== "home";
    about.hidden = tab !== "about";
  }

  function refresh(view) {
    name.textContent = view.app.name;
    fill(head, avatar(appFace(), "is-small"), name, h("span", { class: "badge" }, "APP"), online(view.app));
    fill(about, description(view.app));
    const home = view.home;
    if (!home) return void fill(blocks, h("p", { class: "nothing" }, nothing(view.app)));
    const press = pressIn({ view_id: home.id }, user, () => values(blocks));
    showBlocks(blocks, home.blocks, { press, state: home.state?.values ?? {} });
  }

  turn("home");
  open(user);
  return { node, refresh, end: () => {}, focus: () => tabs[0].focus({ preventScroll: true }) };
}

async function open(user) {
  try {
    await act("home", { user });
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
  }
}

const nothing = (app) =>
  app.online ? "The app hasn't published its Home tab for you yet." : `${app.name} isn't connected at the moment.`;

const online = (app) =>
  h(
    "p",
    { class: "head-topic" },
    h("span", { class: `presence ${app.online ? "is-online" : ""}`, "aria-hidden": "true" }),
    app.online ? "connected" : "not connected",
  );

const description = (app) => [
  h("h3", null, `Commands of ${app.name}`),
  h(
    "dl",
    null,
    (app.commands ?? []).map((one) => [
      h("dt", null, h("code", null, one.command), one.usage_hint && h("span", { class: "usage" }, one.usage_hint)),
      h("dd", null, one.description),
    ]),
  ),
];
