// A drop-down for one value: role=combobox on a div, its role=listbox in a popup at the end of body.

import { fill, h, numbered } from "./dom.js";
import { icon } from "./icons.js";
import { openPopup } from "./popup.js";

const SEARCH_FROM = 10;

/**
 * `options` are {value, text}. Returns {element, value (get, set), options (set)}; `changed(value)` is
 * called for picks only.
 * All of them carry the aria-label "dropdownlist", as the library's do; their visible labels are tied to nothing.
 */
export function combobox({ options = [], value = "", placeholder = "Select", changed = () => {}, testId }) {
  const listId = numbered("listbox");
  const shown = h("span", { class: "combobox-value" });
  const element = h(
    "div",
    {
      class: "combobox",
      role: "combobox",
      tabindex: "0",
      id: numbered("dropdownlist"),
      testId,
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "aria-controls": listId,
      "aria-label": "dropdownlist",
      on: { click: toggle, keydown: keys },
    },
    shown,
    h("span", { class: "combobox-arrow" }, icon("down", 18)),
  );
  let popup = null;
  let active = 0;
  let filter = "";

  const visible = () => options.filter((option) => option.text.toLowerCase().includes(filter));

  function show() {
    const chosen = options.find((option) => option.value === value);
    shown.textContent = chosen ? chosen.text : placeholder;
    shown.classList.toggle("is-placeholder", !chosen);
  }

  function pick(option) {
    if (!popup?.ready()) return;
    popup.close();
    if (option.value === value) return;
    value = option.value;
    show();
    changed(value);
    element.dispatchEvent(new Event("change", { bubbles: true }));
  }

  function toggle() {
    if (popup) return popup.close();
    filter = "";
    active = Math.max(
      0,
      options.findIndex((option) => option.value === value),
    );
    const list = h("div", { class: "listbox", role: "listbox", id: listId });
    const search =
      options.length > SEARCH_FROM &&
      h("input", {
        type: "text",
        class: "input popup-search",
        placeholder: "Search",
        on: {
          input: (event) => ((filter = event.target.value.trim().toLowerCase()), (active = 0), draw(list)),
          keydown: keys,
        },
      });
    draw(list);
    element.setAttribute("aria-expanded", "true");
    popup = openPopup(element, [search, list].filter(Boolean), { closed });
    if (search) search.focus();
  }

  function closed() {
    popup = null;
    element.setAttribute("aria-expanded", "false");
    element.removeAttribute("aria-activedescendant");
    element.focus({ preventScroll: true });
  }

  function draw(list) {
    const rows = visible().map((option, number) =>
      h(
        "div",
        {
          class: `option ${number === active ? "is-active" : ""}`,
          role: "option",
          id: `${listId}_${number}`,
          "aria-selected": String(option.value === value),
          on: { click: () => pick(option) },
        },
        option.text,
      ),
    );
    fill(list, rows.length ? rows : h("div", { class: "option-none" }, "No records found"));
    element.setAttribute("aria-activedescendant", `${listId}_${active}`);
  }

  function keys(event) {
    if (!popup) {
      if (!["Enter", " ", "ArrowDown", "ArrowUp"].includes(event.key)) return;
      event.preventDefault();
      return toggle();
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      active = Math.min(Math.max(active + step, 0), visible().length - 1);
      draw(popup.element.querySelector("[role=listbox]"));
    } else if (event.key === "Enter" && visible()[active]) {
      event.preventDefault();
      event.stopPropagation();
      pick(visible()[active]);
    } else if (event.key === "Tab") popup.close();
  }

  show();
  return {
    element,
    get value() {
      return value;
    },
    set value(next) {
      value = next ?? "";
      show();
    },
    set options(next) {
      options = next;
      show();
    },
  };
}
