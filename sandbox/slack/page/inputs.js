// Fields that are typed into: text, numbers, addresses. What is wrong with them is said by the workspace on submitting.

import { h } from "./dom.js";
import { field } from "./fields.js";
import { plain } from "./mrkdwn.js";

const KINDS = {
  plain_text_input: { type: "text" },
  email_text_input: { type: "email", inputmode: "email" },
  url_text_input: { type: "url", inputmode: "url" },
  number_input: { type: "text", inputmode: "decimal" },
};

export const isTyped = (element) => element.type in KINDS;

/** The field; `names` are the attributes that tie it to its label, hint and error. */
export function typedInput(block, element, context, names) {
  const kind = KINDS[element.type];
  const held = context.state?.[block.block_id]?.[element.action_id];
  const attributes = {
    ...names,
    class: "typed",
    placeholder: plain(element.placeholder) || null,
    autocomplete: "off",
    spellcheck: element.multiline ? "true" : "false",
    "data-focus": `${block.block_id}/${element.action_id}`,
    "data-first": element.focus_on_load === true,
    props: { value: (held ? held.value : element.initial_value) ?? "" },
  };
  const node = element.multiline
    ? h("textarea", { ...attributes, rows: 4 })
    : h("input", { ...attributes, type: kind.type, inputmode: kind.inputmode });
  if (block.dispatch_action) dispatch(node, block, element, context);
  return field(node, {
    block: block.block_id,
    action: element.action_id,
    type: element.type,
    read: () => ({ type: element.type, value: node.value === "" ? null : node.value }),
    write: (value) => (node.value = value.value ?? ""),
  });
}

/** How many characters are left, once few are; a node that follows the field. */
export function counter(node, element) {
  const most = element.max_length;
  const shown = h("span", { class: "counter", "aria-hidden": "true" });
  const count = () => {
    const left = most - node.value.length;
    shown.textContent = left <= Math.max(10, most * 0.1) ? String(left) : "";
    shown.classList.toggle("is-over", left < 0);
  };
  if (most) node.addEventListener("input", count);
  if (most) count();
  return shown;
}

function dispatch(node, block, element, context) {
  const on = element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];
  const send = () => context.press(block, element, { type: element.type, value: node.value });
  if (on.includes("on_character_entered")) node.addEventListener("input", send);
  if (!on.includes("on_enter_pressed")) return;
  node.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    send();
  });
}
