// User Roles of an employee: an input with role=combobox between chips, a multi-selectable listbox at the end of body.

import { get } from "./api.js";
import { fill, h, numbered } from "./dom.js";
import { icon } from "./icons.js";
import { openPopup } from "./popup.js";
import { fault } from "./session.js";

const ALL = 500;

let known = null;

/** Reads the roles for the life of the page: with the fault new-role-missing-until-reload they are never read again. */
export async function readRolesOnce() {
  known ??= (await get("roles", { size: ALL })).rows;
}

async function allRoles() {
  if (fault("new-role-missing-until-reload") && known) return known;
  return (await get("roles", { size: ALL })).rows;
}

/** Returns {element, value (ids; get, set)}; `labelledBy` is the id of the visible label. Emits "change". */
export function rolePicker({ labelledBy, testId }) {
  const listId = numbered("listbox");
  let roles = [];
  let ids = [];
  let popup = null;
  let active = 0;

  const input = h("input", {
    type: "text",
    class: "chips-input",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    id: numbered("multiselect"),
    "aria-autocomplete": "list",
    "aria-expanded": "false",
    "aria-controls": listId,
    "aria-labelledby": labelledBy,
    "aria-haspopup": "listbox",
    on: { input: typed, keydown: keys, focus: open },
  });
  const element = h("div", { class: "chips", testId, on: { click: clicked } }, input);
  const list = h("div", {
    class: "listbox",
    role: "listbox",
    id: listId,
    "aria-multiselectable": "true",
    "aria-labelledby": labelledBy,
  });

  const wanted = () => input.value.trim().toLowerCase();
  const visible = () => roles.filter((role) => role.name.toLowerCase().includes(wanted()));

  function drawChips() {
    element.querySelectorAll(".chip").forEach((chip) => chip.remove());
    const chips = ids.map((id) => {
      const name = roles.find((role) => role.id === id)?.name ?? "…";
      return h(
        "span",
        { class: "chip" },
        h("span", { class: "chip-text" }, name),
        h(
          "button",
          { type: "button", class: "chip-remove", "aria-label": `Remove ${name}`, on: { click: () => toggle(id) } },
          icon("close", 14),
        ),
      );
    });
    element.prepend(...chips);
    input.placeholder = ids.length ? "" : "Select user roles";
  }

  function drawList() {
    active = Math.min(active, Math.max(0, visible().length - 1));
    const rows = visible().map((role, number) =>
      h(
        "div",
        {
          class: `option has-box ${number === active ? "is-active" : ""}`,
          role: "option",
          id: `${listId}_${role.id}`,
          "aria-selected": String(ids.includes(role.id)),
          on: { click: () => popup?.ready() && toggle(role.id) },
        },
        h("span", { class: "box" }, icon("check", 14)),
        h("span", null, role.name),
      ),
    );
    fill(list, rows.length ? rows : h("div", { class: "option-none" }, "No records found"));
    popup?.place();
  }

  function toggle(id) {
    ids = ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id];
    drawChips();
    drawList();
    element.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function open() {
    if (popup) return;
    active = 0;
    drawList();
    input.setAttribute("aria-expanded", "true");
    popup = openPopup(element, list, {
      closed: () => {
        popup = null;
        input.value = "";
        input.setAttribute("aria-expanded", "false");
      },
    });
  }

  function clicked(event) {
    if (event.target.closest(".chip-remove")) return;
    input.focus();
    open();
  }

  function typed() {
    open();
    active = 0;
    drawList();
  }

  function keys(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      open();
      active = Math.min(Math.max(active + step, 0), visible().length - 1);
      drawList();
    } else if (event.key === "Enter") {
      event.preventDefault();
      if (popup?.ready() && visible()[active]) toggle(visible()[active].id);
    } else if (event.key === "Backspace" && input.value === "" && ids.length) toggle(ids.at(-1));
    else if (event.key === "Tab") popup?.close();
  }

  drawChips();
  allRoles().then(
    (rows) => {
      roles = rows;
      drawChips();
      drawList();
    },
    () => {},
  );

  return {
    element,
    get value() {
      return [...ids];
    },
    set value(next) {
      ids = [...next];
      drawChips();
    },
  };
}
