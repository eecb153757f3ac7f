// Everything between the address and the application: login, forced reset, code, single sign-on, agreement, lock.
// The login form is made once and stays in the document for good, hidden, with what was typed into it.

import { ApiError, post } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { logo, scenery } from "./pictures.js";
import { passwordLength, refreshSession } from "./session.js";

let parts = null;
let shown = "";
let changed = async () => {};

/** Shows the form for the session's state inside the login panel; hides the whole host once the state is `app`. */
export function showGate(session, actions) {
  changed = actions.changed;
  parts ??= build(session);
  document.getElementById("login-host").hidden = session.state === "app";
  showMessages(session);
  if (session.state === shown) return;
  shown = session.state;
  const form = { "reset-password": resetForm, mfa: codeForm, sso: ssoNotice, lock: lockForm }[session.state];
  const agreement = ["agreements", "expiredAgreements"].includes(session.state);
  parts.loginForm.hidden = session.state !== "login" && session.state !== "app";
  parts.panel.classList.toggle("is-wide", agreement);
  fill(parts.other, form ? form(session) : agreement ? agreementForm(session.state) : null);
  if (session.state === "login") {
    parts.password.value = "";
    busy(parts.loginForm, false);
    parts.username.focus();
  } else parts.other.querySelector("input")?.focus();
}

function build(session) {
  const username = h("input", {
    type: "text",
    placeholder: "Username",
    autocomplete: "off",
    spellcheck: "false",
    class: "login-input",
    testId: "loginUsername",
  });
  const password = h("input", {
    type: "password",
    placeholder: "Password",
    autocomplete: "off",
    class: "login-input",
    testId: "loginPassword",
  });
  const emergency = h("input", { type: "checkbox", id: "emergencyAccess" });
  const loginForm = h(
    "form",
    {
      class: "login-form",
      novalidate: true,
      on: { submit: (event) => submit(event, () => logIn(username, password, emergency)) },
    },
    h("div", { class: "login-line" }, icon("user", 18), username),
    h("div", { class: "login-line" }, icon("lock", 18), password),
    session.emergencyAccess && h("label", { class: "login-check" }, emergency, h("span", null, "Emergency Access")),
    h("button", { type: "submit", class: "button primary login-button", testId: "loginBtn" }, "Login"),
  );
  const messages = h("div", { id: "message-list", class: "message-list" });
  const other = h("div", { class: "login-other" });
  const panel = h(
    "section",
    { id: "login-panel", class: "login-panel" },
    h("div", { class: "login-logo" }, logo()),
    messages,
    loginForm,
    other,
  );
  const motd = h(
    "div",
    { class: "motd alert alert-info", role: "alert" },
    icon("info", 18),
    h("span", null, session.motd),
  );
  fill(
    document.getElementById("login-host"),
    h(
      "div",
      { class: "login-left", testId: "loginPage" },
      panel,
      motd,
      h("p", { class: "login-small" }, `RevolutionEHR ${session.version}`),
    ),
    h("div", { class: "login-right", "aria-hidden": "true" }, scenery()),
  );
  return { username, password, loginForm, messages, other, panel };
}

// All messages are in the document at all times; most of them are hidden.
function showMessages(session) {
  const text = (kind) => session.messages.find((message) => message.kind === kind)?.text;
  const messages = [
    [
      "warning",
      session.browserWarning && [
        "You may be using an outdated browser. For the best experience, see our ",
        h("a", { href: "https://help.revehr.example/supported-browsers", target: "_blank" }, "supported browsers"),
        ".",
      ],
    ],
    ["danger", text("sessionTimedOut")],
    ["danger", text("sessionLocked")],
    ["danger", text("error")],
    [
      "danger",
      text("multipleLogin") && [
        text("multipleLogin"),
        " ",
        h("a", { class: "inline-link", on: { click: forceLogout } }, "Click here to clear all active sessions"),
        " in order to login.",
      ],
    ],
    ["success", text("success")],
  ];
  fill(
    parts.messages,
    messages.map(([kind, content]) => alertBox(kind, content || "")),
  );
}

const alertBox = (kind, content) =>
  h("div", { class: `alert alert-${kind}`, role: "alert", hidden: content.length === 0 }, h("span", null, content));

const showErrors = (errors) => {
  parts.messages.querySelectorAll(".is-answer").forEach((old) => old.remove());
  for (const error of errors) {
    const box = alertBox("danger", error);
    box.classList.add("is-answer");
    parts.messages.append(box);
  }
};

async function submit(event, act) {
  event.preventDefault();
  const form = event.currentTarget;
  if (form.getAttribute("aria-busy") === "true") return;
  showErrors([]);
  busy(form, true);
  try {
    await act();
    await changed();
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.status === 409) showMessages(await refreshSession());
    else showErrors(error.errors);
  } finally {
    busy(form, false);
  }
}

function busy(form, on) {
  form.setAttribute("aria-busy", String(on));
  for (const control of form.querySelectorAll("input, button")) control.disabled = on;
}

const logIn = (username, password, emergency) =>
  post("login", { username: username.value, password: password.value, emergency: emergency.checked });

async function forceLogout() {
  await post("force-logout");
  await changed();
}

async function leave() {
  await post("logout");
  await changed();
}

const quitLink = (text = "Cancel and return to login") => h("a", { class: "login-quit", on: { click: leave } }, text);

// No labels here, as everywhere on this panel: placeholders only.
const secretInput = (placeholder, testId, maxlength = passwordLength()) =>
  h("input", { type: "password", placeholder, maxlength, autocomplete: "new-password", class: "login-input", testId });

function resetForm(session) {
  const current = session.resetAsksCurrent && secretInput("Current Password", "resetCurrentPassword");
  const password = secretInput("New Password", "resetNewPassword");
  const confirm = secretInput("Confirm New Password", "resetConfirmPassword", passwordLength({ confirms: true }));
  const send = () =>
    post("reset-password", {
      current: current ? current.value : undefined,
      password: password.value,
      confirm: confirm.value,
    });
  return h(
    "form",
    { class: "login-form", novalidate: true, on: { submit: (event) => submit(event, send) } },
    h("h1", { class: "login-title" }, "Reset your password"),
    h(
      "p",
      { class: "login-hint" },
      "You must reset your password to continue. It must meet your practice’s password policy.",
    ),
    [current, password, confirm]
      .filter(Boolean)
      .map((input) => h("div", { class: "login-line" }, icon("lock", 18), input)),
    h("button", { type: "submit", class: "button primary login-button", testId: "resetPasswordBtn" }, "Reset Password"),
    quitLink(),
  );
}

function codeForm() {
  const code = h("input", {
    type: "text",
    inputmode: "numeric",
    autocomplete: "one-time-code",
    placeholder: "6-digit code",
    class: "login-input login-code",
    maxlength: 6,
  });
  return h(
    "form",
    {
      class: "login-form",
      novalidate: true,
      on: { submit: (event) => submit(event, () => post("mfa", { code: code.value })) },
    },
    h("h1", { class: "login-title" }, "Two-step verification"),
    h("p", { class: "login-hint" }, "Enter the verification code from your authenticator app."),
    h("div", { class: "login-line" }, icon("shield", 18), code),
    h("button", { type: "submit", class: "button primary login-button" }, "Verify"),
    quitLink(),
  );
}

const ssoNotice = () =>
  h(
    "div",
    { class: "login-form" },
    h("h1", { class: "login-title" }, "Single sign-on"),
    h(
      "p",
      { class: "login-hint" },
      "Your practice uses single sign-on (SSO). Continue at your identity provider to log in.",
    ),
    h("button", { type: "button", class: "button primary login-button" }, "Continue with SSO"),
    quitLink(),
  );

function lockForm(session) {
  const password = h("input", { type: "password", placeholder: "Password", autocomplete: "off", class: "login-input" });
  return h(
    "form",
    {
      class: "login-form",
      novalidate: true,
      on: { submit: (event) => submit(event, () => post("unlock", { password: password.value })) },
    },
    h("h1", { class: "login-title" }, "Your session is locked"),
    h(
      "p",
      { class: "login-hint" },
      `${session.user?.name ?? "You"}, enter your password to continue where you left off.`,
    ),
    h("div", { class: "login-line" }, icon("lock", 18), password),
    h("button", { type: "submit", class: "button primary login-button" }, "Unlock"),
    quitLink("Log in as a different user"),
  );
}

const AGREEMENT = [
  "This agreement is between you, as an authorized user of the practice, and the provider of this software.",
  "You agree to keep your login to yourself, to use health information only as your work requires, and to report loss.",
  "The provider may change these terms. Continued use after notice of a change is acceptance.",
  "The service is provided as it is. The practice remains responsible for the records that it keeps with it.",
];

function agreementForm(state) {
  const box = h("input", { type: "checkbox" });
  const accept = h("button", { type: "submit", class: "button primary", disabled: true }, "Accept and Continue");
  box.addEventListener("change", () => (accept.disabled = !box.checked));
  const title = state === "agreements" ? "End User License Agreement" : "Your agreement has expired";
  return h(
    "form",
    {
      class: "login-form",
      novalidate: true,
      on: { submit: (event) => submit(event, () => post("agreements", { accept: box.checked })) },
    },
    h("h1", { class: "login-title" }, title),
    h(
      "div",
      { class: "agreement", tabindex: "0" },
      AGREEMENT.map((text, number) => h("p", null, `${number + 1}. ${text}`)),
    ),
    h(
      "label",
      { class: "login-check is-dark" },
      box,
      h("span", null, "I have read and accept the terms of this agreement"),
    ),
    h(
      "div",
      { class: "login-feet" },
      h("button", { type: "button", class: "button quiet", on: { click: leave } }, "Decline"),
      accept,
    ),
  );
}
