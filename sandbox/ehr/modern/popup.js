// Panels that drop down from a control. They are appended to body, slide for about 200 ms, and react only afterwards.

import { h } from "./dom.js";

const SLIDE = 200;

let current = null;

/**
 * Shows `content` below (or above) `anchor`; a click outside or Escape closes it. Returns {element, ready(), close(),
 * place()}.
 */
export function openPopup(anchor, content, { closed = () => {} } = {}) {
  current?.close();
  let ready = false;
  const element = h("div", { class: "popup" }, content);
  document.body.append(element);

  function place() {
    const box = anchor.getBoundingClientRect();
    const below = innerHeight - box.bottom - 60;
    const height = Math.min(element.scrollHeight, 340);
    const above = below < height && box.top > below;
    element.classList.toggle("is-above", above);
    element.style.left = `${box.left}px`;
    element.style.width = `${box.width}px`;
    element.style.maxHeight = `${Math.max(140, Math.min(340, (above ? box.top : below) - 8))}px`;
    element.style.top = above ? "" : `${box.bottom + 4}px`;
    element.style.bottom = above ? `${innerHeight - box.top + 4}px` : "";
  }

  const outside = (event) => {
    const path = event.composedPath();
    if (!path.includes(element) && !path.includes(anchor)) close();
  };
  const escape = (event) => event.key === "Escape" && close();
  const moved = (event) => element.contains(event.target) || place();

  function close() {
    if (current !== popup) return;
    current = null;
    ready = false;
    document.removeEventListener("mousedown", outside, true);
    document.removeEventListener("keydown", escape, true);
    document.removeEventListener("scroll", moved, true);
    element.classList.remove("is-open");
    element.classList.add("is-closing");
    setTimeout(() => element.remove(), SLIDE);
    closed();
  }

  const popup = { element, close, place, ready: () => ready };
  current = popup;
  document.addEventListener("mousedown", outside, true);
  document.addEventListener("keydown", escape, true);
  document.addEventListener("scroll", moved, true);
  place();
  setTimeout(() => {
    if (current !== popup) return;
    ready = true;
    element.classList.add("is-open");
  }, SLIDE);
  return popup;
}
