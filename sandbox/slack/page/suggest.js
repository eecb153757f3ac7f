// What is offered while somebody types: the commands after a slash, the people after an @.
//
// A text of many lines can't be a combobox, so it stays a textbox that points at its list, and what is offered is told.

import { appFace, avatar, everybody } from "./directory.js";
import { fill, h, uniqueId } from "./dom.js";

/** { node, key(event): true when it was meant for the list, refresh(app), hide(), mentioned(words) } for a textarea. */
export function suggestions(text, { commands }) {
  const id = uniqueId("offered");
  const list = h("div", { id, role: "listbox", "aria-label": "Offered", class: "offered-list" });
  const title = h("div", { class: "offered-title" });
  const panel = h("div", { class: "offered", hidden: true }, title, list);
  const told = h("p", { class: "hidden", role: "status" });
  const node = h("div", null, panel, told);
  const roles = { "aria-controls": id, "aria-autocomplete": "list", "aria-haspopup": "listbox" };
  for (const [name, value] of Object.entries(roles)) text.setAttribute(name, value);
  let app = null;
  let found = [];
  let at = 0;

  const look = () => {
    const before = text.value.slice(0, text.selectionStart);
    found = (commands && commandsFor(before, app)) || peopleFor(before);
    at = 0;
    draw();
  };
  const hide = () => {
    found = [];
    draw();
  };
  const draw = () => {
    panel.hidden = found.length === 0;
    fill(title, found.length > 0 && found[0].title);
    const words = found.length ? `${found[0].title}: ${found.length} offered. The arrow keys choose.` : "";
    if (told.textContent !== words) told.textContent = words;
    fill(
      list,
      found.map((one, index) => option(one, index)),
    );
    if (found.length) text.setAttribute("aria-activedescendant", `${id}-${at}`);
    else text.removeAttribute("aria-activedescendant");
    list.children[at]?.scrollIntoView({ block: "nearest" });
  };
  const option = (one, index) =>
    h(
      "div",
      {
        id: `${id}-${index}`,
        role: "option",
        class: "offered-one",
        "aria-selected": String(index === at),
        on: {
          mousedown: (event) => event.preventDefault(),
          click: () => take(one),
          mousemove: () => index !== at && point(index),
        },
      },
      one.face,
      h(
        "span",
        { class: "offered-words" },
        h("strong", null, one.name),
        one.usage && h("span", { class: "usage" }, one.usage),
        one.more && h("span", { class: "offered-more" }, one.more),
      ),
    );
  const point = (index) => {
    at = (index + found.length) % found.length;
    draw();
  };
  const take = (one) => {
    const end = text.selectionStart;
    text.setRangeText(one.text, end - one.typed.length, end, "end");
    text.dispatchEvent(new Event("input", { bubbles: true }));
    hide();
    text.focus();
  };
  const key = (event) => {
    if (!found.length || event.isComposing) return false;
    const one = found[at];
    const finished = one.typed === one.text.trim();
    if (event.key === "Enter" && (event.shiftKey || finished)) return false;
    const deeds = {
      ArrowDown: () => point(at + 1),
      ArrowUp: () => point(at - 1),
      Enter: () => take(one),
      Tab: () => take(one),
      Escape: hide,
    };
    if (!deeds[event.key] || (event.key === "Tab" && event.shiftKey)) return false;
    event.preventDefault();
    event.stopPropagation();
    deeds[event.key]();
    return true;
  };
  text.addEventListener("input", look);
  text.addEventListener("blur", hide);
  return { node, key, hide, refresh: (now) => (app = now), mentioned };
}

function commandsFor(before, app) {
  if (!/^\/\S*$/.test(before) || !app) return null;
  const away = app.online ? "" : ` · ${app.name} isn't connected, so commands will time out`;
  return (app.commands ?? [])
    .filter((one) => one.command.startsWith(before))
    .map((one) => ({
      name: one.command,
      usage: one.usage_hint,
      more: one.description,
      text: `${one.command} `,
      typed: before,
      title: `Commands of ${app.name}${away}`,
      face: avatar(appFace(), "is-small"),
    }));
}

function peopleFor(before) {
  const typed = before.match(/(?:^|\s)(@[\p{L}\p{N} ]{0,20})$/u)?.[1];
  if (!typed) return [];
  const wanted = typed.slice(1).toLowerCase();
  return everybody()
    .filter((user) => !user.deleted && user.real_name.toLowerCase().startsWith(wanted))
    .map((user) => ({
      name: user.real_name,
      text: `@${user.real_name} `,
      typed,
      title: "People",
      face: avatar(user, "is-small"),
    }));
}

/** A text with the @names of people as Slack's mentions. */
function mentioned(words) {
  const longestFirst = everybody().toSorted((one, other) => other.real_name.length - one.real_name.length);
  return longestFirst.reduce((said, user) => said.replaceAll(`@${user.real_name}`, `<@${user.id}>`), words);
}
