// Starts the page: follows the workspace as one person, and draws the place that the address names.

import { readAddress, writeAddress } from "./address.js";
import { channelPane, nameOf } from "./channel.js";
import { knowsChannel, learn } from "./directory.js";
import { byId, h } from "./dom.js";
import { homePane } from "./home.js";
import { follow } from "./live.js";
import { showModals } from "./modal.js";
import { showSidebar } from "./sidebar.js";
import { startTheme } from "./theme.js";
import { threadPane } from "./thread.js";
import { clearNotices, showNotices } from "./toast.js";
import { setDrawer, showTop } from "./top.js";

const FIRST_PERSON = "U0ANA";

let place = { user: FIRST_PERSON, channel: null, thread: null, tab: null };
let view = null;
let stop = () => {};
const middle = { key: "", pane: null };
const side = { key: "", pane: null };

/** Goes elsewhere: another channel, thread, tab or person. */
function go(change, history = {}) {
  const other = change.user && change.user !== place.user;
  place = { ...place, ...change };
  writeAddress(place, history);
  setDrawer(false);
  if (other) return start();
  draw();
  if ("thread" in change && change.thread) side.pane?.focus();
}

function start() {
  stop();
  view = null;
  clearNotices();
  showModals([], place.user);
  stop = follow(place.user, { onView: show, onBreak: showBreak, onRefused: refused });
}

/** The address names nobody of this workspace. */
function refused() {
  if (place.user !== FIRST_PERSON) go({ user: FIRST_PERSON }, { replace: true });
  else showBreak(true);
}

function show(next) {
  view = next;
  learn(view);
  if (!knowsChannel(place.channel)) place = { ...place, channel: view.channels[0]?.id ?? null, thread: null };
  writeAddress(place, { replace: true });
  draw();
  showModals(view.modals ?? [], place.user);
  showNotices(view.notices ?? [], place.user, view.modals?.at(-1)?.trouble);
}

function draw() {
  if (!view) return;
  const channel = view.channels.find((one) => one.id === place.channel);
  const where = place.tab === "home" ? view.app.name : channel ? nameOf(channel) : "";
  document.title = `${where} · Sandbox workspace`;
  showTop(view, go);
  showSidebar(view, place, go);
  if (place.tab === "home")
    open(middle, byId("middle"), `home/${place.user}`, () => homePane(place.user)).refresh(view);
  else if (channel) {
    const make = () => channelPane(place.user, channel, (ts) => go({ thread: ts }));
    open(middle, byId("middle"), `${place.user}/${channel.id}`, make).refresh(channel, view.app);
  }
  drawThread(channel);
}

function drawThread(channel) {
  const shown = Boolean(channel && place.thread && place.tab !== "home");
  byId("thread").hidden = !shown;
  byId("workspace").classList.toggle("has-thread", shown);
  if (!shown) return close(side, byId("thread"));
  const make = () => threadPane(place.user, channel, place.thread, () => leaveThread());
  const root = channel.messages.find((message) => message.ts === place.thread);
  open(side, byId("thread"), `${place.user}/${channel.id}/${place.thread}`, make).refresh(channel, root, view.app);
}

function leaveThread() {
  go({ thread: null });
  middle.pane?.focus();
}

/** The pane of that key in its host: the one that is there, or a new one. */
function open(slot, host, key, make) {
  if (slot.key === key) return slot.pane;
  slot.key = key;
  slot.pane = make();
  host.replaceChildren(slot.pane.node);
  requestAnimationFrame(slot.pane.end);
  return slot.pane;
}

function close(slot, host) {
  slot.key = "";
  slot.pane = null;
  host.replaceChildren();
}

function showBreak(broken) {
  const strip = byId("strip");
  strip.classList.toggle("is-shown", broken);
  const words = broken ? "The workspace can't be reached. Trying again…" : "";
  if (strip.textContent !== words) strip.replaceChildren(h("span", null, words));
}

document.addEventListener("click", (event) => {
  const mention = event.target.closest("a[data-channel]");
  if (!mention || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  if (knowsChannel(mention.dataset.channel)) go({ channel: mention.dataset.channel, thread: null, tab: null });
});

window.addEventListener("popstate", () => {
  const { user, ...rest } = readAddress();
  go({ ...rest, user: user ?? FIRST_PERSON }, { replace: true });
});

byId("shade").addEventListener("click", () => setDrawer(false));
byId("sidebar").addEventListener("keydown", (event) => event.key === "Escape" && setDrawer(false));

startTheme();
const { user, ...rest } = readAddress();
place = { ...place, ...rest, user: user || FIRST_PERSON };
start();
