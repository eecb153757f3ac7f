// Block Kit as nodes: one function a block. Where the blocks stand (a message, a modal, a Home tab) is the context:
// { press(block, element, selected), state?: {block_id: {action_id: value}} }. What isn't known is said, not hidden.

import { button, overflow } from "./buttons.js";
import { chosenInput, isChosen, isGroup } from "./choices.js";
import { h, uniqueId } from "./dom.js";
import { counter, isTyped, typedInput } from "./inputs.js";
import { keepUp } from "./keep.js";
import { markdown } from "./markdown.js";
import { plain, textObject } from "./mrkdwn.js";
import { picture } from "./pictures.js";
import { plan, taskCard } from "./plan.js";
import { richText } from "./richtext.js";
import { table } from "./table.js";

/** Brings the blocks inside `host` up to date; those that are the same stay untouched. */
export function showBlocks(host, blocks, context) {
  const names = blocks.map((block, at) => (block.type === "input" ? `input:${block.block_id}` : `${at}:${block.type}`));
  keepUp(
    host,
    blocks.map((block, at) => ({ key: names[at], print: JSON.stringify(block), make: () => drawn(block, context) })),
  );
}

function drawn(block, context) {
  const node = BLOCKS[block.type]?.(block, context) ?? unknown(block.type);
  node.classList.add("block");
  node.setAttribute("data-block", block.block_id ?? "");
  return node;
}

const unknown = (type) => h("p", { class: "unknown" }, `This sandbox doesn't draw “${type}”.`);

const BLOCKS = {
  header: (block) => h("h3", { class: "header" }, plain(block.text)),
  divider: () => h("hr", { class: "divider" }),
  section,
  context: (block) => h("div", { class: "context" }, (block.elements ?? []).map(contextPart)),
  actions: (block, context) =>
    h(
      "div",
      { class: "actions" },
      (block.elements ?? []).map((one) => element(block, one, context)),
    ),
  image: (block) =>
    h(
      "div",
      { class: "image-block" },
      picture({ url: imageAddress(block), alt: block.alt_text, title: plain(block.title) }),
    ),
  input,
  rich_text: (block) => h("div", { class: "rich" }, richText(block)),
  markdown: (block) => h("div", { class: "rich" }, markdown(block.text ?? "")),
  table: (block) => table(block),
  plan: (block) => plan(block),
  task_card: (block) => taskCard(block),
};

function section(block, context) {
  const text = block.text && h("div", { class: "text" }, textObject(block.text));
  const fields =
    block.fields?.length &&
    h(
      "div",
      { class: "pairs" },
      block.fields.map((one) => h("div", { class: "text" }, textObject(one))),
    );
  const accessory = block.accessory && h("div", { class: "accessory" }, element(block, block.accessory, context));
  return h("div", { class: "section" }, h("div", { class: "section-words" }, text, fields), accessory);
}

const contextPart = (part) =>
  part.type === "image"
    ? h("img", { class: "context-image", src: imageAddress(part), alt: part.alt_text ?? "" })
    : h("span", { class: "text" }, textObject(part));

/** An image's address, also of one that was uploaded here. */
const imageAddress = (image) => image.image_url ?? image.slack_file?.url ?? `workspace/file/${image.slack_file?.id}`;

function element(block, one, context) {
  if (one.type === "button") return button(block, one, context);
  if (one.type === "overflow") return overflow(block, one, context);
  if (one.type === "image")
    return h("img", { class: "accessory-image", src: imageAddress(one), alt: one.alt_text ?? "" });
  if (isChosen(one)) return chosenInput(block, one, context);
  return unknown(one.type);
}

/** A label with its field, hint and place for an error (`showError`). */
function input(block, context) {
  const one = block.element ?? {};
  const ids = { field: uniqueId("field"), label: uniqueId("label"), hint: uniqueId("hint"), error: uniqueId("error") };
  const named = isGroup(one) ? { "aria-labelledby": ids.label } : { id: ids.field };
  const described = [block.hint && ids.hint, ids.error].filter(Boolean).join(" ");
  const names = {
    ...named,
    "aria-describedby": described,
    "aria-required": block.optional || isCheckboxes(one) ? null : "true",
  };
  const draw = isTyped(one) ? typedInput : isChosen(one) ? chosenInput : () => unknown(one.type);
  const node = draw(block, one, context, names);
  const optional = block.optional && h("span", { class: "optional" }, " (optional)");
  return h(
    "div",
    { class: "input" },
    h(
      isGroup(one) ? "div" : "label",
      { class: "label", id: ids.label, for: isGroup(one) ? null : ids.field },
      plain(block.label),
      optional,
    ),
    h("div", { class: "input-field" }, node, one.type === "plain_text_input" && counter(node, one)),
    h("p", { class: "error", id: ids.error, role: "alert", hidden: true }),
    block.hint && h("p", { class: "hint", id: ids.hint }, plain(block.hint)),
  );
}

const isCheckboxes = (one) => one.type === "checkboxes";

/** Says under a field what is wrong with it; an empty text takes that away. */
export function showError(root, blockId, text) {
  const block = root.querySelector(`.input[data-block="${CSS.escape(blockId)}"]`);
  if (!block) return false;
  const error = block.querySelector(".error");
  error.hidden = !text;
  error.textContent = text;
  const node = block.querySelector("[data-field]");
  if (text) node?.setAttribute("aria-invalid", "true");
  else node?.removeAttribute("aria-invalid");
  return true;
}
