// Who and what the ids stand for, as the latest view of the workspace has it.

import { h } from "./dom.js";

let users = new Map();
let channels = new Map();
let groups = new Map();
let me = null;
let app = null;

/** Takes over the names of a view. */
export function learn(view) {
  users = new Map(view.users.map((user) => [user.id, user]));
  channels = new Map(view.channels.map((channel) => [channel.id, channel]));
  groups = new Map((view.usergroups ?? []).map((group) => [group.id, group]));
  me = view.me;
  app = view.app;
}

export const everybody = () => [...users.values()];
export const isMe = (id) => id === me?.id;
export const nameOf = (id) => users.get(id)?.real_name || users.get(id)?.name || id;
export const channelName = (id) => (isDirect(id) ? app.name : (channels.get(id)?.name ?? id));
/** Whether a channel is the app's direct messages with this person. */
export const isDirect = (id) => id.startsWith("D");
export const groupHandle = (id) => groups.get(id)?.handle ?? id;
export const knowsChannel = (id) => channels.has(id);

/** The app as somebody to look at. */
export const appFace = () => ({ id: app.id, real_name: app.name, is_bot: true, color: "1f5a8f" });

/** The name over a message, and the face beside it. */
export function author(message) {
  const user = users.get(message.user);
  const name = message.app_name || user?.real_name || user?.name || message.user || "Sandbox";
  const bot = Boolean(message.bot_id || user?.is_bot);
  return { id: message.user, real_name: name, is_bot: bot, color: user?.color };
}

/** A square with initials on the person's colour; only to look at, the name is always beside it. */
export function avatar(user, size = "") {
  const color = /^#?[0-9a-f]{6}$/i.test(user.color ?? "") ? user.color.replace("#", "") : madeUp(user.id ?? "");
  const look = `background:#${color};color:${inkOn(color)}`;
  return h(
    "span",
    { class: `avatar ${size} ${user.is_bot ? "is-app" : ""}`, style: look, "aria-hidden": "true" },
    initials(user.real_name ?? "?"),
  );
}

const initials = (name) =>
  name
    .split(/\s+/)
    .filter(Boolean)
    .map((word) => [...word][0].toUpperCase())
    .slice(0, 2)
    .join("");

const COLORS = ["3f6fb0", "8a4fa3", "2f7d5b", "a8562a", "8b3a52", "4f5b93", "6b6a1f", "2b7a8c"];

const madeUp = (id) => COLORS[[...id].reduce((sum, letter) => sum + letter.charCodeAt(0), 0) % COLORS.length];

/** Black or white, whichever reads better on the colour (WCAG's relative luminance). */
function inkOn(color) {
  const [red, green, blue] = [0, 2, 4].map((at) => {
    const part = parseInt(color.slice(at, at + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? "#000000" : "#ffffff";
}
