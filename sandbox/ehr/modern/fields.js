// Fields of forms. Some are light: a caption that is tied to nothing, then the control. Two are custom elements with an
// open shadow root, in which the label is tied to its control as it should be.

import { h, numbered } from "./dom.js";
import { icon } from "./icons.js";

const star = () => h("span", { class: "text-danger" }, "*");

/** A caption above a control, related by nothing but their places. */
export const field = (label, control, { required = false, wide = false, testId } = {}) =>
  h(
    "div",
    { class: `field ${wide ? "is-wide" : ""}`, testId },
    h("span", { class: "field-label" }, label, required ? [" ", star()] : ""),
    control,
  );

/** A read-only value below its caption, as plain text or (`disabled`) in an input that can't be used. */
export function fact(label, value, { disabled = false } = {}) {
  const text = disabled
    ? h("input", { class: "input", type: "text", disabled: true, props: { value } })
    : h("span", { class: "fact-value" }, value || "—");
  return h("div", { class: "fact" }, h("span", { class: "field-label" }, label), text);
}

export const textInput = (value = "", attributes = {}) =>
  h("input", { type: "text", class: "input", autocomplete: "off", ...attributes, props: { value } });

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
  :host { display: block; }
  :host([hidden]) { display: none; }
  * { box-sizing: border-box; }
  label { display: block; margin-bottom: 6px; font: 600 13px/1.3 var(--font); color: var(--ink-soft); }
  .star { color: var(--red); }
  .frame { position: relative; }
  input { width: 100%; height: 40px; padding: 0 12px; font: 15px var(--font); color: var(--ink); background: #fff;
    border: 1px solid var(--line-strong); border-radius: 8px; outline: none;
    transition: border-color .15s, box-shadow .15s; }
  input[type=password] { padding-right: 44px; }
  input:focus { border-color: var(--teal); box-shadow: 0 0 0 3px var(--teal-glow); }
  input:disabled { background: var(--page); color: var(--ink-soft); }
  .reveal { position: absolute; right: 4px; top: 4px; width: 32px; height: 32px; display: grid; place-items: center;
    border: 0; background: none; color: var(--ink-soft); border-radius: 6px; cursor: pointer; }
  .reveal:hover { background: var(--page); color: var(--ink); }
  .line { display: flex; align-items: center; gap: 12px; min-height: 40px; }
  .line span { font: 15px var(--font); color: var(--ink); cursor: default; }
  .switch { width: 44px; height: 24px; padding: 2px; border: 0; border-radius: 12px; background: #b9c4cd;
    cursor: pointer; transition: background .2s; }
  .switch i { display: block; width: 20px; height: 20px; border-radius: 50%; background: #fff;
    box-shadow: 0 1px 2px #0004; transition: transform .2s; }
  .switch[aria-checked=true] { background: var(--teal); }
  .switch[aria-checked=true] i { transform: translateX(20px); }
  .switch:focus-visible { outline: 3px solid var(--teal-glow); }
  .switch:disabled { opacity: .6; cursor: default; }
  svg { fill: none; stroke: currentColor; stroke-width: 1.8; stroke-linecap: round; stroke-linejoin: round; }
`);

/** <rev-field label type required maxlength>: a labelled input in an open shadow root; has `value`. */
class RevField extends HTMLElement {
  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
    this.input = h("input", { id: "control", autocomplete: "off", spellcheck: "false" });
    this.label = h("label", { for: "control" });
    this.input.addEventListener("change", () => this.dispatchEvent(new Event("change", { bubbles: true })));
    this.shadowRoot.append(this.label, h("div", { class: "frame" }, this.input));
  }

  connectedCallback() {
    this.input.type = this.getAttribute("type") ?? "text";
    this.label.replaceChildren(
      this.getAttribute("label"),
      ...(this.hasAttribute("required") ? [" ", h("span", { class: "star" }, "*")] : []),
    );
    if (this.hasAttribute("maxlength")) this.input.maxLength = Number(this.getAttribute("maxlength"));
    if (this.input.type === "password" && !this.reveal) this.addReveal();
  }

  addReveal() {
    const flip = () => (this.input.type = this.input.type === "password" ? "text" : "password");
    this.reveal = h(
      "button",
      { type: "button", class: "reveal", tabindex: "-1", title: "Show", on: { click: flip } },
      icon("eye", 18),
    );
    this.input.after(this.reveal);
  }

  get value() {
    return this.input.value;
  }

  set value(text) {
    this.input.value = text;
  }

  set disabled(on) {
    this.input.disabled = on;
  }
}

/** <rev-switch label>: role=switch in an open shadow root; has `checked`. */
class RevSwitch extends HTMLElement {
  constructor() {
    super();
    this.attachShadow({ mode: "open" }).adoptedStyleSheets = [sheet];
    this.button = h(
      "button",
      { type: "button", class: "switch", role: "switch", "aria-checked": "false", "aria-labelledby": "label" },
      h("i"),
    );
    this.text = h("span", { id: "label" });
    this.button.addEventListener("click", () => {
      this.checked = !this.checked;
      this.dispatchEvent(new Event("change", { bubbles: true }));
    });
    this.shadowRoot.append(h("div", { class: "line" }, this.button, this.text));
  }

  connectedCallback() {
    this.text.textContent = this.getAttribute("label");
  }

  get checked() {
    return this.button.getAttribute("aria-checked") === "true";
  }

  set checked(on) {
    this.button.setAttribute("aria-checked", String(Boolean(on)));
  }

  set disabled(on) {
    this.button.disabled = on;
  }
}

customElements.define("rev-field", RevField);
customElements.define("rev-switch", RevSwitch);

/** A square that is ticked: role=checkbox without a name; what it means stands in its row and column. */
export function checkBox(checked, changed = () => {}) {
  const flip = () => {
    if (box.getAttribute("aria-disabled") === "true") return;
    set(box.getAttribute("aria-checked") !== "true");
    changed(box.getAttribute("aria-checked") === "true");
    box.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const box = h(
    "span",
    {
      class: "box",
      role: "checkbox",
      tabindex: "0",
      id: numbered("checkbox"),
      on: { click: flip, keydown: (event) => event.key === " " && (event.preventDefault(), flip()) },
    },
    icon("check", 14),
  );
  const set = (on) => box.setAttribute("aria-checked", String(on));
  set(checked);
  return {
    element: box,
    get checked() {
      return box.getAttribute("aria-checked") === "true";
    },
    set checked(on) {
      set(on);
    },
  };
}
