// Fields in which something is chosen: selects, radio buttons, checkboxes, dates. The browser's own controls.

import { everybody } from "./directory.js";
import { h, uniqueId } from "./dom.js";
import { field } from "./fields.js";
import { pressed } from "./buttons.js";
import { plain, textObject } from "./mrkdwn.js";

const KINDS = {
  static_select: selectOne,
  users_select: selectUser,
  radio_buttons: radios,
  checkboxes,
  datepicker: (block, element, given, names) =>
    moment("date", "selected_date", "initial_date", block, element, given, names),
  timepicker: (block, element, given, names) =>
    moment("time", "selected_time", "initial_time", block, element, given, names),
};

export const isChosen = (element) => element.type in KINDS;
/** Whether the element is several controls, named together by a legend. */
export const isGroup = (element) => element.type === "radio_buttons" || element.type === "checkboxes";

/** The field. Outside of input blocks (and in those that dispatch) a choice is sent at once. */
export function chosenInput(block, element, context, names = {}) {
  const given = context.state?.[block.block_id]?.[element.action_id];
  const { node, read, write } = KINDS[element.type](block, element, given, names);
  field(node, { block: block.block_id, action: element.action_id, type: element.type, read, write });
  if (block.type === "input" && !block.dispatch_action) return node;
  let before = read();
  node.addEventListener("change", async () => {
    const now = read();
    if (await pressed(node, block, element, context, now)) before = now;
    else write(before);
  });
  return node;
}

const focusName = (block, element) => `${block.block_id}/${element.action_id}`;

function select(block, element, names, options, chosen) {
  const placeholder = plain(element.placeholder) || "Select an item";
  const empty = h("option", { value: "" }, placeholder);
  const label = names.id ? {} : { "aria-label": placeholder };
  const node = h(
    "select",
    { ...label, ...names, class: "select", "data-focus": focusName(block, element) },
    empty,
    options,
  );
  node.value = chosen ?? "";
  return node;
}

function selectOne(block, element, given, names) {
  const all = element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);
  const draw = (option) => h("option", { value: option.value }, plain(option.text));
  const options = element.options
    ? element.options.map(draw)
    : element.option_groups?.map((group) => h("optgroup", { label: plain(group.label) }, group.options.map(draw)));
  const first = given ? given.selected_option : element.initial_option;
  const node = select(block, element, names, options, first?.value);
  return {
    node,
    read: () => ({ type: element.type, selected_option: all.find((option) => option.value === node.value) ?? null }),
    write: (value) => (node.value = value.selected_option?.value ?? ""),
  };
}

function selectUser(block, element, given, names) {
  const people = everybody().filter((user) => !user.deleted);
  const options = people.map((user) => h("option", { value: user.id }, user.real_name));
  const node = select(block, element, names, options, given ? given.selected_user : element.initial_user);
  return {
    node,
    read: () => ({ type: element.type, selected_user: node.value || null }),
    write: (value) => (node.value = value.selected_user ?? ""),
  };
}

function group(type, block, element, chosen, names) {
  const name = uniqueId("choice");
  const marks = (element.options ?? []).map((option, at) => {
    const described = option.description ? uniqueId("described") : null;
    const mark = h("input", {
      type,
      name,
      "aria-describedby": described,
      "data-focus": `${focusName(block, element)}/${at}`,
    });
    mark.checked = chosen.includes(option.value);
    const words = h("span", { class: "choice-words" }, textObject(option.text));
    const more = described && h("span", { class: "choice-more", id: described }, textObject(option.description));
    return { mark, option, row: h("div", { class: "choice" }, h("label", null, mark, words), more) };
  });
  const role = type === "radio" ? "radiogroup" : "group";
  const label = names["aria-labelledby"] ? {} : { "aria-label": type === "radio" ? "Choose one" : "Choose" };
  return {
    marks,
    node: h(
      "div",
      { role, class: "choices", ...label, ...names },
      marks.map(({ row }) => row),
    ),
  };
}

function radios(block, element, given, names) {
  const first = given ? given.selected_option : element.initial_option;
  const { node, marks } = group("radio", block, element, first ? [first.value] : [], names);
  return {
    node,
    read: () => ({ type: element.type, selected_option: marks.find(({ mark }) => mark.checked)?.option ?? null }),
    write: (value) =>
      marks.forEach(({ mark, option }) => (mark.checked = option.value === value.selected_option?.value)),
  };
}

function checkboxes(block, element, given, names) {
  const first = (given ? given.selected_options : element.initial_options) ?? [];
  const { node, marks } = group(
    "checkbox",
    block,
    element,
    first.map((option) => option.value),
    names,
  );
  const ticked = () => marks.filter(({ mark }) => mark.checked).map(({ option }) => option);
  const has = (value, option) => value.selected_options.some((one) => one.value === option.value);
  return {
    node,
    read: () => ({ type: element.type, selected_options: ticked() }),
    write: (value) => marks.forEach(({ mark, option }) => (mark.checked = has(value, option))),
  };
}

function moment(kind, key, initial, block, element, given, names) {
  const label = names.id ? {} : { "aria-label": plain(element.placeholder) || `Select a ${kind}` };
  const node = h("input", { ...label, ...names, type: kind, class: "select", "data-focus": focusName(block, element) });
  node.value = (given ? given[key] : element[initial]) ?? "";
  return {
    node,
    read: () => ({ type: element.type, [key]: node.value || null }),
    write: (value) => (node.value = value[key] ?? ""),
  };
}
