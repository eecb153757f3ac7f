// Windows in front of everything: role=dialog, aria-modal, the rest of the page behind a veil.

import { h, numbered } from "./dom.js";

/**
 * Shows a window and resolves with the name of the button that was pressed (`null` for Escape where `escape` allows
 * it).
 * `buttons` are [name, look] pairs; the last one has the focus.
 */
export function dialog({ title, body, buttons, escape = true, testId }) {
  return new Promise((resolve) => {
    const id = numbered("dialog");
    const before = document.activeElement;
    const done = (answer) => {
      veil.classList.add("is-leaving");
      setTimeout(() => veil.remove(), 150);
      before?.focus?.();
      resolve(answer);
    };
    const feet = buttons.map(([name, look]) =>
      h("button", { type: "button", class: `button ${look}`, on: { click: () => done(name) } }, name),
    );
    const window_ = h(
      "div",
      { class: "dialog", role: "dialog", "aria-modal": "true", "aria-labelledby": id, testId },
      h("h2", { id, class: "dialog-title" }, title),
      h("div", { class: "dialog-body" }, body),
      h("div", { class: "dialog-feet" }, feet),
    );
    const veil = h("div", { class: "veil", on: { keydown: keys } }, window_);
    function keys(event) {
      if (event.key === "Escape" && escape) done(null);
      if (event.key !== "Tab") return;
      event.preventDefault();
      feet[(feet.indexOf(document.activeElement) + (event.shiftKey ? feet.length - 1 : 1)) % feet.length].focus();
    }
    document.body.append(veil);
    feet.at(-1)?.focus();
  });
}

/** Whether the person says Yes. */
export const yesOrNo = async (title, body) =>
  (await dialog({
    title,
    body,
    buttons: [
      ["No", "quiet"],
      ["Yes", "primary"],
    ],
  })) === "Yes";
