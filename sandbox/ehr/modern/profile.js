// Edit Profile: who somebody is, and a button that unfolds the change of their own password.

import { ApiError, post } from "./api.js";
import { fill, h } from "./dom.js";
import { fact } from "./fields.js";
import { fault, passwordLength, session } from "./session.js";
import { toast } from "./toast.js";

/** Shows the profile of whoever is logged in, with the password's form folded. */
export function buildProfile(host) {
  const { user } = session();
  const security = h("section", { class: "panel profile" });
  fill(
    host,
    h("div", { class: "page-head" }, h("h1", null, "My Profile")),
    h("section", { class: "panel profile" }, fact("Name", user.name), fact("Username", user.username)),
    !fault("profile-without-password") && security,
  );
  fold(security);
}

const fold = (panel) =>
  fill(
    panel,
    h("h3", null, "Sign-in"),
    h("button", { type: "button", class: "button quiet", on: { click: () => unfold(panel) } }, "Change Password"),
  );

function unfold(panel) {
  const secret = (label, confirms = false) =>
    h("rev-field", { label, type: "password", required: true, maxlength: passwordLength({ confirms }) });
  const [current, password, confirm] = [secret("Current Password"), secret("New Password"), secret("Confirm Password", true)];
  const errors = h("div", { class: "alert alert-danger", role: "alert", hidden: true });
  const save = h("button", { type: "button", class: "button primary" }, "Save Password");
  save.addEventListener("click", async () => {
    save.disabled = true;
    errors.hidden = true;
    try {
      await post("profile/password", { current: current.value, password: password.value, confirm: confirm.value });
      toast("success", "Password changed");
      fold(panel);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      fill(errors, error.message);
      errors.hidden = false;
    } finally {
      save.disabled = false;
    }
  });
  const cancel = h("button", { type: "button", class: "button quiet", on: { click: () => fold(panel) } }, "Cancel");
  fill(panel, h("h3", null, "Sign-in"), errors, current, password, confirm, h("div", { class: "login-feet" }, cancel, save));
}
