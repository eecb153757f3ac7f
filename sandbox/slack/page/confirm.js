// The question before a button acts: Block Kit's confirm object.

import { h, uniqueId } from "./dom.js";
import { openLayer } from "./layers.js";
import { plain, textObject } from "./mrkdwn.js";

/** Shows the question; true when it was answered with yes. */
export function ask(confirm) {
  return new Promise((resolve) => {
    const ids = { title: uniqueId("question"), text: uniqueId("question-text") };
    const answer = (yes) => {
      layer.close();
      resolve(yes);
    };
    const look = confirm.style === "danger" ? "is-danger" : "is-primary";
    const box = h(
      "div",
      {
        class: "dialog is-small",
        role: "alertdialog",
        "aria-modal": "true",
        "aria-labelledby": ids.title,
        "aria-describedby": ids.text,
      },
      h("div", { class: "dialog-head" }, h("h2", { id: ids.title }, plain(confirm.title))),
      h("div", { class: "dialog-body text", id: ids.text }, textObject(confirm.text)),
      h(
        "div",
        { class: "dialog-foot" },
        h(
          "button",
          { type: "button", class: "button is-large", on: { click: () => answer(false) } },
          plain(confirm.deny) || "Cancel",
        ),
        h(
          "button",
          { type: "button", class: `button is-large is-main ${look}`, on: { click: () => answer(true) } },
          plain(confirm.confirm) || "Yes",
        ),
      ),
    );
    const layer = openLayer(box, { onEscape: () => answer(false), onOutside: () => answer(false) });
  });
}
