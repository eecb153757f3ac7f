// The home screen: pods for whoever has the right to them. It shows patients' names; all of them are invented.

import { get } from "./api.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { orToast } from "./toast.js";

const PODS = {
  schedule: ["Schedule", "schedule", (row) => [row.time, row.patient, row.reason]],
  messages: ["Messages", "messaging", (row) => [row.at, row.from, row.subject]],
  tasks: ["Tasks", "tasks", (row) => [row.due, row.task, row.owner]],
};

export const buildHome = (host, user) => orToast(build(host, user));

async function build(host, user) {
  const today = new Date().toLocaleDateString("en-US", {
    weekday: "long",
    month: "long",
    day: "numeric",
    year: "numeric",
  });
  const grid = h("div", { class: "pods" });
  fill(
    host,
    h(
      "div",
      { class: "page-head" },
      h("div", null, h("h1", null, `Welcome, ${user.name.split(" ")[0]}`), h("p", null, today)),
    ),
    grid,
  );
  if (user.pods.length === 0) {
    fill(grid, h("div", { class: "panel empty-home" }, "There is nothing to show on your home page."));
    return;
  }
  const home = await get("home");
  fill(
    grid,
    user.pods.map((pod) => podPanel(...PODS[pod], home[pod])),
  );
}

const podPanel = (title, picture, cells, rows) =>
  h(
    "section",
    { class: "panel pod" },
    h(
      "header",
      { class: "panel-head" },
      icon(picture, 18),
      h("h2", null, title),
      h("span", { class: "count" }, String(rows.length)),
    ),
    h(
      "ul",
      { class: "pod-rows" },
      rows.map((row) => {
        const [when, main, more] = cells(row);
        return h(
          "li",
          null,
          h("span", { class: "pod-when" }, when),
          h("span", { class: "pod-main" }, main, h("small", null, more)),
        );
      }),
    ),
  );
