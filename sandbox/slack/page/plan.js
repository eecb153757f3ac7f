// The plan block and its task cards. As in Slack, a plan that is drawn anew is folded again.

import { h } from "./dom.js";
import { link } from "./mrkdwn.js";
import { richText } from "./richtext.js";

const STATES = {
  pending: ["○", "Pending"],
  in_progress: ["◐", "In progress"],
  complete: ["✓", "Complete"],
  error: ["!", "Error"],
};

/** A title, how far it is, and the tasks to unfold. */
export function plan(block) {
  const tasks = block.tasks ?? [];
  const done = tasks.filter((task) => task.status === "complete").length;
  const failed = tasks.some((task) => task.status === "error");
  const state = failed ? "error" : done === tasks.length ? "complete" : "in_progress";
  const count = h("span", { class: "plan-count" }, `${done} of ${tasks.length}`);
  const title = h(
    "summary",
    { class: "plan-title", "data-focus": "plan" },
    mark(state),
    h("span", null, titleOf(block)),
    count,
  );
  return h("details", { class: "plan" }, title, h("div", { class: "tasks" }, tasks.map(taskCard)));
}

/** One task. */
export function taskCard(task) {
  const sources = (task.sources ?? []).map((source) => link(source.url, [source.text || source.url]));
  return h(
    "div",
    { class: `task is-${task.status ?? "pending"}` },
    mark(task.status ?? "pending"),
    h(
      "div",
      { class: "task-words" },
      h("div", { class: "task-title" }, titleOf(task)),
      task.details && h("div", { class: "task-more" }, richText(task.details)),
      task.output && h("div", { class: "task-more" }, richText(task.output)),
      sources.length > 0 && h("div", { class: "task-more task-sources" }, sources),
    ),
  );
}

const titleOf = (block) => (typeof block.title === "string" ? block.title : (block.title?.text ?? ""));

function mark(status) {
  const [sign, words] = STATES[status] ?? STATES.pending;
  return h("span", { class: `task-mark is-${status}`, role: "img", "aria-label": words }, sign);
}
