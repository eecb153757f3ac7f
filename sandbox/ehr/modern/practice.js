// General > Basic Information: the practice's numbers, read-only. ID is one of several numbers that look alike.

import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { fact } from "./fields.js";
import { fault } from "./session.js";

const SECTIONS = [
  [
    "Practice",
    [
      ["Practice Name", "name"],
      ["ID", "id"],
      ["Tax ID", "taxId"],
      ["NPI", "npi"],
    ],
  ],
  [
    "Contact Details",
    [
      ["Phone", "phone"],
      ["Fax", "fax"],
      ["Website", "website"],
      ["Address", "address"],
    ],
  ],
  [
    "Regional Settings",
    [
      ["Time Zone", "timeZone"],
      ["Date Format", "dateFormat"],
    ],
  ],
];

export function practicePage(title) {
  const body = h("div", { class: "stack" });
  const element = h("div", { class: "page" }, h("div", { class: "page-title" }, h("h2", null, title)), body);

  const show = (practice) =>
    fill(
      body,
      SECTIONS.map(([name, facts]) =>
        h(
          "section",
          { class: "panel section" },
          h("header", { class: "panel-head" }, h("h3", { class: "section-title" }, name)),
          h(
            "div",
            { class: "section-body facts" },
            facts.map(([label, key]) =>
              fact(label, practice[key] ?? "", { disabled: key === "id" && fault("id-in-disabled-input") }),
            ),
          ),
        ),
      ),
    );

  // The fields stand there, empty, before the answer comes.
  async function load() {
    show({});
    try {
      show({ dateFormat: "MM/DD/YYYY", ...(await get("practice")) });
    } catch (error) {
      fill(body, h("div", { class: "alert alert-danger", role: "alert" }, error.message));
    }
  }

  load();
  return { element, shown: load };
}
