// Short messages at the top right: role=status for good news, role=alert for bad. They go by themselves.

import { ApiError } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { fault } from "./session.js";

const SECONDS = { success: 3, info: 4, warning: 6, error: 8 };
const ICONS = { success: "success", info: "info", warning: "warning", error: "warning" };
const BLINK = 0.25;

const host = () => document.getElementById("toasts");

export function toast(kind, title, text = "") {
  if (kind === "success" && fault("save-without-toast")) return;
  const close = h(
    "button",
    { type: "button", class: "toast-close", title: "Close", on: { click: () => leave(node) } },
    icon("close", 16),
  );
  const node = h(
    "div",
    { class: `toast toast-${kind}`, role: kind === "error" ? "alert" : "status" },
    h("span", { class: "toast-icon" }, icon(ICONS[kind], 20)),
    h("div", { class: "toast-text" }, h("strong", null, title), text && h("p", null, text)),
    close,
  );
  host().append(node);
  const seconds = kind === "success" && fault("toast-vanishes") ? BLINK : SECONDS[kind];
  setTimeout(() => leave(node), seconds * 1000);
}

/** Waits for a deed outside forms; what the server says against it is shown as a message. */
export async function orToast(deed) {
  try {
    await deed;
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    toast("error", "Error", error.message);
  }
}

/** Takes all messages away, for instance at logout. */
export const clearToasts = () => fill(host());

function leave(node) {
  node.classList.add("is-leaving");
  setTimeout(() => node.remove(), 200);
}
