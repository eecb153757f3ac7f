// The sections of a form. Usually all are open at once. With the fault section-edit-buttons each is closed until Edit
// is pressed, and what was changed in it counts only after Update.

import { ApiError } from "./api.js";
import { h } from "./dom.js";
import { fault } from "./session.js";

/**
 * `parts` are {title, titleId?, note?, body, read() -> values, write(values)}. Returns their elements, and
 * `values()` over all of them, which throws ApiError while one is still being edited.
 * Read-only ones never open.
 */
export function sections(parts, initial, { readOnly = false } = {}) {
  const guarded = fault("section-edit-buttons");
  let values = { ...initial };
  const editing = new Set();

  function sectionOf({ title, titleId, body, read, write, note }) {
    const buttons = h("span", { class: "section-buttons" });
    const inner = h("div", { class: "section-body" }, note && h("p", { class: "section-note" }, note), body);
    const element = h(
      "section",
      { class: "panel section" },
      h("header", { class: "panel-head" }, h("h3", { class: "section-title", id: titleId }, title), buttons),
      inner,
    );
    write(values);
    inner.addEventListener("keydown", swallowKeys, true);
    if (readOnly) setUsable(inner, false);
    else if (guarded) {
      const button = (text, look, act) =>
        h("button", { type: "button", class: `button small ${look}`, on: { click: act } }, text);
      const shut = (on) => {
        setUsable(inner, !on);
        editing[on ? "delete" : "add"](title);
        buttons.replaceChildren(
          ...(on
            ? [button("Edit", "quiet", () => shut(false))]
            : [
                button("Cancel", "quiet", () => (write(values), shut(true))),
                button("Update", "primary", () => ((values = { ...values, ...read() }), shut(true))),
              ]),
        );
      };
      shut(true);
    }
    return element;
  }

  return {
    elements: parts.map(sectionOf),
    values() {
      if (editing.size)
        throw new ApiError(
          0,
          [...editing].map((title) => `Update or cancel your changes in ${title} first.`),
        );
      return guarded ? values : Object.assign({}, values, ...parts.map((part) => part.read()));
    },
  };
}

const CUSTOM = "[role=checkbox], [role=combobox], [role=listbox], [role=option]";

/** Whether the controls in an element can be used: disabled where HTML knows that, else aria-disabled and deaf. */
function setUsable(element, on) {
  element.classList.toggle("is-shut", !on);
  element.querySelectorAll("input, button, rev-field, rev-switch").forEach((control) => (control.disabled = !on));
  element.querySelectorAll(CUSTOM).forEach((control) => control.setAttribute("aria-disabled", String(!on)));
}

function swallowKeys(event) {
  if (!event.currentTarget.classList.contains("is-shut") || event.key === "Tab") return;
  event.preventDefault();
  event.stopPropagation();
}
