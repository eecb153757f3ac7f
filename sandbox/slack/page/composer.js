// Where messages and commands are typed. Enter sends, Shift and Enter begins a line, a slash offers the commands.
// What is half typed stays with its channel or thread, and with the person who typed it.

import { act, Unreachable } from "./api.js";
import { fill, h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { suggestions } from "./suggest.js";

const drafts = new Map();

/** { node, refresh(app) } for a place: { user, channel, thread_ts?, label }. */
export function composer(place) {
  const key = `${place.user}/${place.channel}/${place.thread_ts ?? ""}`;
  const id = uniqueId("composer");
  const problem = h("p", { class: "composer-problem", role: "alert", hidden: true });
  const text = h("textarea", {
    id,
    rows: 1,
    class: "composer-text",
    placeholder: place.label,
    "aria-label": place.label,
    autocomplete: "off",
    "data-composer": !place.thread_ts,
    props: { value: drafts.get(key) ?? "" },
  });
  const send = h("button", { type: "submit", class: "send", title: "Send", "aria-label": "Send" }, icon("send"));
  const offered = suggestions(text, { commands: !place.thread_ts });
  const hint = h(
    "p",
    { class: "composer-hint" },
    h("kbd", null, "Enter"),
    " sends, ",
    h("kbd", null, "Shift"),
    " + ",
    h("kbd", null, "Enter"),
    " begins a line",
  );
  const box = h("form", { class: "composer-box" }, text, h("div", { class: "composer-foot" }, hint, send));
  const node = h("div", { class: "composer" }, problem, offered.node, box);

  text.addEventListener("input", changed);
  text.addEventListener("keydown", (event) => {
    if (offered.key(event) || event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  box.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  box.addEventListener("mousedown", (event) => {
    if (event.target.closest("button, textarea")) return;
    event.preventDefault();
    text.focus();
  });

  function changed() {
    drafts.set(key, text.value);
    problem.hidden = true;
    fit();
  }

  function fit() {
    send.disabled = text.value.trim() === "";
    text.style.height = "auto";
    text.style.height = `${Math.min(text.scrollHeight, 200)}px`;
  }

  async function submit() {
    const words = text.value.trim();
    if (!words) return;
    write("");
    const { again, wrong } = await sent(place, words, offered.mentioned);
    if (again && !drafts.get(key)) write(words);
    if (!wrong) return;
    fill(problem, wrong);
    problem.hidden = false;
  }

  function write(words) {
    text.value = words;
    drafts.set(key, words);
    offered.hide();
    problem.hidden = true;
    fit();
  }

  requestAnimationFrame(fit);
  return { node, refresh: offered.refresh, focus: () => text.focus({ preventScroll: true }) };
}

/** Sends a message or a command. `wrong` says what is wrong with it, `again` whether it may be sent again. */
async function sent(place, words, mentioned) {
  const command = words.startsWith("/") && !words.startsWith("//");
  const { user, channel, thread_ts } = place;
  const name = words.split(/\s/)[0];
  if (command && thread_ts) return { again: true, wrong: `${name} is not supported in threads. Sorry!` };
  const body = command ? { user, channel, text: words } : { user, channel, text: mentioned(escaped(words)), thread_ts };
  try {
    const answer = await act(command ? "command" : "message", body);
    return answer.ok ? {} : refused(answer.error, command);
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return { again: true, wrong: "The workspace can't be reached, so nothing was sent. Try again?" };
  }
}

const escaped = (words) => words.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

const REFUSALS = {
  is_archived: "This channel has been archived.",
  channel_not_found: "You aren't a member of this channel.",
};

/** Of a command that failed the workspace tells by a notice; the rest is said here. */
function refused(error, command) {
  const here = REFUSALS[error] ?? (command ? "" : `That wasn't sent: ${error}`);
  return { again: !command || here !== "" || error === "invalid_command", wrong: here };
}
