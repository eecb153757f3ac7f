// Login Restrictions as a table: a day a row, columns Login Allowed, From, To. Nothing but the table relates them.

import { h } from "./dom.js";
import { checkBox, textInput } from "./fields.js";

const DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** Returns {element, value ({Monday: {allowed, from, to}...}; get, set)}. */
export function loginRestrictions({ testId } = {}) {
  const rows = DAYS.map((day) => {
    const from = textInput("", { class: "input time", placeholder: "Any time" });
    const to = textInput("", { class: "input time", placeholder: "Any time" });
    const usable = (on) => [from, to].forEach((input) => (input.disabled = !on));
    return { day, box: checkBox(false, usable), from, to, usable };
  });
  const element = h(
    "table",
    { class: "restrictions", testId },
    h(
      "thead",
      null,
      h(
        "tr",
        null,
        ["Day", "Login Allowed", "From", "To"].map((title) => h("th", { scope: "col" }, title)),
      ),
    ),
    h(
      "tbody",
      null,
      rows.map((row) =>
        h(
          "tr",
          null,
          h("td", null, row.day),
          h("td", null, row.box.element),
          h("td", null, row.from),
          h("td", null, row.to),
        ),
      ),
    ),
  );
  return {
    element,
    get value() {
      return Object.fromEntries(
        rows.map((row) => [
          row.day,
          { allowed: row.box.checked, from: row.from.value.trim(), to: row.to.value.trim() },
        ]),
      );
    },
    set value(days) {
      for (const row of rows) {
        const day = days[row.day] ?? { allowed: true, from: "", to: "" };
        row.box.checked = day.allowed;
        row.from.value = day.from;
        row.to.value = day.to;
        row.usable(day.allowed);
      }
    },
  };
}
