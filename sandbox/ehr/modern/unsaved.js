// Which forms hold changes that nobody saved, and what is asked before they are left.

import { yesOrNo } from "./dialog.js";
import { fault } from "./session.js";

const dirty = new Set();

/** Remembers whether a form (its root element) has unsaved changes. */
export function setDirty(form, on) {
  if (on) dirty.add(form);
  else dirty.delete(form);
}

/** Forgets all forms, for instance because somebody else logs in. */
export const forgetForms = () => dirty.clear();

const onScreen = (form) => form.isConnected && form.checkVisibility();

/** True when nothing on screen would be lost, or the person says Yes to losing it. `form` narrows it to one. */
export async function mayLeave(form = null) {
  const lost = [...dirty].filter((one) => (form ? one === form : onScreen(one)));
  if (lost.length === 0 || !fault("unsaved-changes-dialog")) return true;
  return yesOrNo("Unsaved Changes", "You have unsaved changes. Are you sure you want to leave this page?");
}

window.addEventListener("beforeunload", (event) => {
  if (dirty.size > 0 && fault("native-beforeunload")) event.preventDefault();
});
