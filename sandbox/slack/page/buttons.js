// Buttons and overflow menus. A press is sent once at a time; a question before it is asked here.

import { ask } from "./confirm.js";
import { h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { plain, safe } from "./mrkdwn.js";

/** A button; with an address it is a link that also sends its press. */
export function button(block, element, context) {
  const attributes = {
    class: `button ${element.style ? `is-${element.style}` : ""}`,
    "aria-label": element.accessibility_label,
    "data-focus": `${block.block_id}/${element.action_id}`,
  };
  const words = h("span", { class: "button-words" }, plain(element.text));
  const send = () => pressed(node, block, element, context, null);
  const isLink = safe(element.url) && !element.confirm;
  const node = isLink
    ? h(
        "a",
        { ...attributes, href: element.url, target: "_blank", rel: "noopener noreferrer", on: { click: send } },
        words,
      )
    : h("button", { ...attributes, type: "button", on: { click: send } }, words);
  return node;
}

/**
 * Asks the element's question, if it has one, and sends the press; `selected` is what was chosen, in Slack's form.
 * True when it was sent and heard.
 */
export async function pressed(node, block, element, context, selected) {
  if (node.getAttribute("aria-busy") === "true") return false;
  if (element.confirm && !(await ask(element.confirm))) return false;
  if (element.confirm && safe(element.url)) window.open(element.url, "_blank", "noopener,noreferrer");
  const row = node.closest(".actions, .accessory, .input-field") ?? node.parentElement;
  node.setAttribute("aria-busy", "true");
  row?.querySelector(".press-problem")?.remove();
  const answer = await context.press(block, element, selected);
  node.removeAttribute("aria-busy");
  if (answer.ok) return true;
  row?.append(h("span", { class: "press-problem", role: "alert" }, "⚠️ ", problem(answer.error)));
  return false;
}

const problem = (error) =>
  ({
    operation_timeout: "The app didn't answer in time. Try again?",
    unreachable: "The workspace can't be reached. Try again?",
  })[error] ?? `That didn't work: ${error}`;

/** An overflow menu: a button with dots, and a list that the arrow keys walk through. */
export function overflow(block, element, context) {
  const id = uniqueId("menu");
  const choose = async (option) => {
    show(false);
    if (safe(option.url)) window.open(option.url, "_blank", "noopener,noreferrer");
    await pressed(opener, block, element, context, { type: "overflow", selected_option: option });
  };
  const items = (element.options ?? []).map((option) =>
    h(
      "button",
      { type: "button", role: "menuitem", class: "menu-item", tabindex: -1, on: { click: () => choose(option) } },
      plain(option.text),
      option.description && h("span", { class: "menu-more" }, plain(option.description)),
    ),
  );
  const menu = h("div", { id, role: "menu", class: "menu", hidden: true, "aria-label": "More actions" }, items);
  const opener = h(
    "button",
    {
      type: "button",
      class: "button is-square",
      "aria-label": "More actions",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "aria-controls": id,
      "data-focus": `${block.block_id}/${element.action_id}`,
      on: { click: () => show(menu.hidden) },
    },
    icon("more"),
  );
  function show(open) {
    menu.hidden = !open;
    opener.setAttribute("aria-expanded", String(open));
    if (open) items[0]?.focus();
    else if (menu.contains(document.activeElement)) opener.focus();
  }
  const leave = (event) => {
    if (!root.contains(event.relatedTarget)) show(false);
  };
  const root = h(
    "span",
    { class: "overflow", on: { focusout: leave, keydown: (event) => walk(event, items, show) } },
    opener,
    menu,
  );
  return root;
}

function walk(event, items, show) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const at = items.indexOf(document.activeElement);
  if (event.key === "Escape" && at >= 0) event.stopPropagation();
  if (event.key === "Escape") show(false);
  if (!step || at < 0) return;
  event.preventDefault();
  items[(at + step + items.length) % items.length].focus();
}
