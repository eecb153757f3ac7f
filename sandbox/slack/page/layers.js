// What lies over the page: modals, questions, large pictures. While one is open everything under it is inert, Tab
// stays inside, Escape asks it to close, and in the end the focus goes back to where it came from.

import { byId, h, stops } from "./dom.js";

const stack = [];

/** Opens a box over everything. `onEscape` and `onOutside` (a press beside it) are asked, not obeyed. */
export function openLayer(box, { onEscape, onOutside } = {}) {
  const back = document.activeElement;
  const frame = h(
    "div",
    { class: "layer", on: { mousedown: (event) => event.target === frame && onOutside?.() } },
    box,
  );
  frame.addEventListener("keydown", (event) => keys(event, box, onEscape));
  const layer = { frame, box, back, close: () => closeLayer(layer) };
  stack.push(layer);
  byId("layers").append(frame);
  settle();
  focusInside(box);
  return layer;
}

function closeLayer(layer) {
  const at = stack.indexOf(layer);
  if (at < 0) return;
  stack.splice(at, 1);
  layer.frame.remove();
  settle();
  if (stack.length && !stack.at(-1).box.contains(layer.back)) focusInside(stack.at(-1).box);
  else if (layer.back?.isConnected && layer.back !== document.body) layer.back.focus({ preventScroll: true });
  else document.querySelector("[data-composer]")?.focus({ preventScroll: true });
}

function settle() {
  byId("workspace").inert = stack.length > 0;
  stack.forEach((layer, at) => (layer.frame.inert = at < stack.length - 1));
}

/** Puts the focus on what is to be filled in first; else on the box itself. */
export function focusInside(box) {
  const all = stops(box);
  const first =
    all.find((one) => one.hasAttribute("data-first")) ??
    all.find((one) => one.matches("input, select, textarea")) ??
    all.find((one) => one.matches(".is-main")) ??
    all[0];
  if (first) return first.focus({ preventScroll: true });
  box.tabIndex = -1;
  box.focus({ preventScroll: true });
}

function keys(event, box, onEscape) {
  if (event.key === "Escape" && !event.defaultPrevented) {
    event.stopPropagation();
    onEscape?.();
  }
  if (event.key !== "Tab") return;
  const all = stops(box);
  const edge = event.shiftKey ? all[0] : all.at(-1);
  if (all.length && document.activeElement !== edge && box.contains(document.activeElement)) return;
  event.preventDefault();
  (event.shiftKey ? all.at(-1) : all[0])?.focus();
}
