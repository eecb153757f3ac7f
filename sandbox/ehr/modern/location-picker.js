// Accessible Locations: a searchable role=listbox of check boxes that scrolls in its own frame. No "all" by default.

import { fill, h, numbered } from "./dom.js";
import { icon } from "./icons.js";
import { fault } from "./session.js";

/** `places` are {id, name, city, active}. Returns {element, value (ids; get, set)}. Emits "change". */
export function locationPicker({ places, testId }) {
  let ids = [];
  let wanted = "";
  let active = 0;
  const listId = numbered("locations");
  const list = h("div", {
    class: "places",
    role: "listbox",
    tabindex: "0",
    id: listId,
    "aria-multiselectable": "true",
    on: { keydown: keys },
  });
  const count = h("span", { class: "places-count", "aria-live": "polite" });
  const search = h("input", {
    type: "text",
    class: "input",
    placeholder: "Search locations",
    "aria-controls": listId,
    on: { input: (event) => ((wanted = event.target.value.trim().toLowerCase()), (active = 0), draw()) },
  });
  const all =
    fault("select-all-present") &&
    h("button", { type: "button", class: "link-button", on: { click: selectAll } }, "Select All");
  const element = h(
    "div",
    { class: "places-frame", testId },
    h("div", { class: "places-tools" }, search, all, count),
    list,
  );

  const visible = () => places.filter((place) => `${place.name} ${place.city}`.toLowerCase().includes(wanted));

  function draw() {
    const rows = visible().map((place, number) =>
      h(
        "div",
        {
          class: `option has-box ${number === active ? "is-active" : ""}`,
          role: "option",
          id: `${listId}_${place.id}`,
          "aria-selected": String(ids.includes(place.id)),
          on: { click: () => ((active = number), toggle(place.id)) },
        },
        h("span", { class: "box" }, icon("check", 14)),
        h("span", { class: "place-name" }, place.name),
        h("span", { class: "place-city" }, place.active ? place.city : "Inactive"),
      ),
    );
    const top = list.scrollTop;
    fill(list, rows.length ? rows : h("div", { class: "option-none" }, "No locations found"));
    list.scrollTop = top;
    const listed = places.filter((place) => ids.includes(place.id)).length;
    count.textContent = `${listed} of ${places.length} selected`;
  }

  function change(next) {
    ids = next;
    draw();
    element.dispatchEvent(new Event("change", { bubbles: true }));
  }

  const toggle = (id) => change(ids.includes(id) ? ids.filter((one) => one !== id) : [...ids, id]);

  function selectAll() {
    change([...new Set([...ids, ...visible().map((place) => place.id)])]);
  }

  function keys(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      active = Math.min(Math.max(active + step, 0), visible().length - 1);
      draw();
      list.children[active]?.scrollIntoView({ block: "nearest" });
    } else if (event.key === " " && visible()[active]) {
      event.preventDefault();
      toggle(visible()[active].id);
    }
  }

  draw();
  return {
    element,
    get value() {
      return [...ids];
    },
    /** Ids that are not listed (inactive locations) are kept. */
    set value(next) {
      ids = [...next];
      draw();
    },
  };
}
