// What the forms of a role and of an employee share: the list of errors, the floating toolbar, saving, unsaved changes.

import { ApiError } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { fault } from "./session.js";
import { toast } from "./toast.js";
import { setDirty } from "./unsaved.js";

/**
 * Puts `content` into a tab's panel with a toolbar that floats at the bottom centre of the window. `save()` resolves
 * with {title, text} of the message or throws ApiError; `saved()` is called after it. Without `save` there is
 * a Close only.
 */
export function recordForm({ panel, tab, content, save, saved, danger = null, testId }) {
  const errors = h("div", { class: "alert alert-danger form-errors", role: "alert", hidden: true });
  const spinner = h(
    "div",
    { class: "form-spinner", "aria-hidden": "true", hidden: true },
    h("span", { class: "boot-ring" }),
  );
  const saveButton =
    save &&
    h(
      "button",
      { type: "button", class: "button primary", testId: `${testId}SaveButton`, on: { click: press } },
      "Save",
    );
  const toolbar = h(
    "div",
    { class: "action-toolbar", role: "toolbar" },
    saveButton,
    h(
      "button",
      { type: "button", class: "button quiet", testId: `${testId}CancelButton`, on: { click: () => tab.ask() } },
      save ? "Cancel" : "Close",
    ),
    danger,
  );
  const form = h("div", { class: "form" }, errors, content, toolbar, spinner);
  if (save) for (const type of ["input", "change"]) form.addEventListener(type, () => setDirty(panel, true));
  fill(panel, form);

  async function press() {
    const oneAtATime = !fault("save-twice-makes-two");
    saveButton.disabled = oneAtATime;
    spinner.hidden = !oneAtATime;
    errors.hidden = true;
    try {
      const { title, text } = await save();
      toast("success", title, text);
      setDirty(panel, false);
      tab.close();
      saved();
    } catch (trouble) {
      if (!(trouble instanceof ApiError)) throw trouble;
      show(trouble);
    } finally {
      saveButton.disabled = false;
      spinner.hidden = true;
    }
  }

  function show(trouble) {
    if (!form.isConnected) return;
    fill(
      errors,
      icon("warning", 20),
      h(
        "div",
        null,
        h("strong", null, "Unable to save"),
        h(
          "ul",
          null,
          trouble.errors.map((text) => h("li", null, text)),
        ),
      ),
    );
    errors.hidden = false;
    errors.scrollIntoView({ block: "center" });
    if (trouble.status >= 500) toast("error", "Error", trouble.message);
  }
}
