// The stack of modals of one person: the top one is shown, those under it keep what was typed into them.

import { act, Unreachable } from "./api.js";
import { showBlocks, showError } from "./blocks.js";
import { appFace, avatar } from "./directory.js";
import { h, uniqueId } from "./dom.js";
import { fieldsIn, values } from "./fields.js";
import { icon } from "./icons.js";
import { focusInside, openLayer } from "./layers.js";
import { plain } from "./mrkdwn.js";
import { pressIn } from "./presses.js";

const TROUBLE = "We had some trouble connecting. Try again?";

const forms = new Map();
let layer = null;
let shown = null;

/** Brings the modals on the page in line with the stack, whose last one is on top. */
export function showModals(views, user) {
  for (const id of [...forms.keys()]) if (!views.some((view) => view.id === id)) forms.delete(id);
  for (const view of views) {
    if (!forms.has(view.id)) forms.set(view.id, newForm(view, user));
    forms.get(view.id).refresh(view);
  }
  const top = views.length ? forms.get(views.at(-1).id) : null;
  if (top === shown) return;
  shown = top;
  if (!top) {
    layer.close();
    layer = null;
    return;
  }
  if (!layer) {
    layer = openLayer(h("div", { class: "dialog", role: "dialog", "aria-modal": "true" }), {
      onEscape: () => shown?.close(),
    });
  }
  layer.box.setAttribute("aria-labelledby", top.titleId);
  layer.box.replaceChildren(top.node);
  focusInside(layer.box);
}

function newForm(view, user) {
  const ids = { title: uniqueId("modal-title") };
  const title = h("h2", { id: ids.title });
  const body = h("div", { class: "dialog-body", "data-landing": true, tabindex: -1 });
  const trouble = h("p", { class: "dialog-trouble", role: "alert", hidden: true });
  const shut = () => close({ user, view_id: view.id }, trouble);
  const shutAll = () => close({ user, view_id: view.id, all: true }, trouble);
  const x = h(
    "button",
    { type: "button", class: "round", "aria-label": "Close this window", on: { click: shutAll } },
    icon("close"),
  );
  const cancel = h("button", { type: "button", class: "button is-large", on: { click: shut } });
  const submit = h("button", { type: "submit", class: "button is-large is-primary is-main" });
  const foot = h("div", { class: "dialog-foot" }, h("span", { class: "dialog-from" }, "OneSpot"), cancel, submit);
  const head = h("div", { class: "dialog-head" }, avatar(appFace(), "is-small"), title, x);
  const node = h("form", { novalidate: true, class: "form" }, head, body, trouble, foot);
  const form = { node, titleId: ids.title, close: shut, refresh, told: "{}" };

  node.addEventListener("submit", (event) => {
    event.preventDefault();
    send(form, body, submit, trouble, user);
  });
  body.addEventListener("input", (event) => forget(body, event.target));
  body.addEventListener("change", (event) => forget(body, event.target));

  function refresh(now) {
    form.view = now;
    title.textContent = plain(now.title);
    cancel.textContent = plain(now.close) || "Cancel";
    submit.textContent = plain(now.submit) || "Submit";
    submit.hidden = !now.submit;
    foot.querySelector(".dialog-from").textContent = appFace().real_name;
    const hadFields = fieldsIn(body).length > 0;
    showBlocks(body, now.blocks, {
      press: pressIn({ view_id: now.id }, user, () => values(body)),
      state: now.state?.values ?? {},
    });
    if (shown === form && !hadFields && fieldsIn(body).length) focusInside(layer.box);
    const errors = JSON.stringify(now.errors ?? {});
    if (errors !== form.told && errors !== "{}") tell(body, now.errors, trouble);
    form.told = errors;
    if (now.trouble) complain(trouble, now.trouble);
    if (now.hash !== form.hash) submit.removeAttribute("aria-busy");
    form.hash = now.hash;
  }
  return form;
}

/** Sends what was filled in; the workspace checks it first, as Slack's own client does, and then the app. */
async function send(form, body, submit, trouble, user) {
  if (!form.view.submit || submit.getAttribute("aria-busy") === "true") return;
  for (const one of fieldsIn(body)) showError(body, one.block, "");
  trouble.hidden = true;
  submit.setAttribute("aria-busy", "true");
  const answer = await answered(act("submit", { user, view_id: form.view.id, values: values(body) }));
  if (answer.ok) return void setTimeout(() => submit.removeAttribute("aria-busy"), 3000);
  submit.removeAttribute("aria-busy");
  if (answer.errors) tell(body, answer.errors, trouble);
  else complain(trouble, known(answer.error));
}

const known = (error) =>
  error && !["operation_timeout", "unreachable"].includes(error) ? `That didn't work: ${error}` : TROUBLE;

async function answered(promise) {
  try {
    return await promise;
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return { ok: false, error: "unreachable" };
  }
}

function complain(trouble, words) {
  trouble.hidden = false;
  trouble.textContent = words;
}

/** Errors under their fields, and the focus on the first of them; one without a field goes above the buttons. */
function tell(body, errors, trouble) {
  const homeless = Object.entries(errors).filter(([block, text]) => !showError(body, block, text));
  if (homeless.length) complain(trouble, homeless.map(([, text]) => text).join(" "));
  const first = body.querySelector("[aria-invalid=true]");
  (first?.matches("input, select, textarea") ? first : first?.querySelector("input"))?.focus();
}

/** An error goes away once its field is changed. */
function forget(body, target) {
  const block = target.closest(".input");
  if (block) showError(body, block.dataset.block, "");
}

/** Closes the view, or with `all` the whole stack. */
async function close(body, trouble) {
  const answer = await answered(act("close", body));
  if (answer.ok === false) complain(trouble, known(answer.error));
}
