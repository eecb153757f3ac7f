// The bar at the top: what this is, light or dark, and who one is.

import { avatar, everybody } from "./directory.js";
import { byId, fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { nextTheme, theme } from "./theme.js";

let drawn = "";

/** Draws the bar once, and again when the people or the theme have changed. */
export function showTop(view, go) {
  const people = everybody().filter((user) => !user.is_bot && !user.deleted);
  const print = JSON.stringify([view.me, people, theme()]);
  if (print === drawn) return;
  const active = byId("top").querySelector(":focus")?.dataset.focus;
  drawn = print;
  fill(byId("top"), menuButton(), title(view), themeButton(view, go), personSwitch(view, people, go));
  if (active) byId("top").querySelector(`[data-focus="${active}"]`)?.focus();
}

const title = (view) =>
  h(
    "h1",
    { class: "top-title" },
    h("strong", null, "Sandbox workspace"),
    h("span", { class: "top-note" }, ` · ${view.team.name}, where everybody is invented`),
  );

function menuButton() {
  const toggle = () => setDrawer(!byId("workspace").classList.contains("has-drawer"));
  return h(
    "button",
    {
      type: "button",
      class: "top-button is-menu",
      "aria-label": "Channels and apps",
      "aria-controls": "sidebar",
      "aria-expanded": "false",
      "data-focus": "menu",
      on: { click: toggle },
    },
    icon("menu"),
  );
}

/** Slides the list of channels in or out; only narrow screens show a difference. */
export function setDrawer(open) {
  byId("workspace").classList.toggle("has-drawer", open);
  byId("top").querySelector(".is-menu")?.setAttribute("aria-expanded", String(open));
  if (open) byId("sidebar").querySelector("button")?.focus();
}

const LOOKS = { auto: ["auto", "as the system"], light: ["sun", "light"], dark: ["moon", "dark"] };

function themeButton(view, go) {
  const [picture, words] = LOOKS[theme()];
  const turn = () => {
    nextTheme();
    showTop(view, go);
  };
  return h(
    "button",
    {
      type: "button",
      class: "top-button",
      title: `Colours: ${words}`,
      "aria-label": `Colours: ${words}. Change`,
      "data-focus": "theme",
      on: { click: turn },
    },
    icon(picture),
  );
}

function personSwitch(view, people, go) {
  const known = people.some((user) => user.id === view.me.id) ? people : [view.me, ...people];
  const home = view.team.id;
  const away = (user) => (user.team_id && user.team_id !== home ? " (another workspace)" : "");
  const options = known.map((user) => h("option", { value: user.id }, user.real_name, away(user)));
  const select = h(
    "select",
    { id: "person", "data-focus": "person", on: { change: () => go({ user: select.value }) } },
    options,
  );
  select.value = view.me.id;
  return h("div", { class: "person" }, avatar(view.me, "is-small"), h("label", { for: "person" }, "You are"), select);
}
