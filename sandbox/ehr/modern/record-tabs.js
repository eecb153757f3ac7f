// A list and the records opened from it, as tabs. A record's form stays in the document, hidden, until its tab is
// closed: two copies of one form may be there at once, of which one shows.

import { ApiError } from "./api.js";
import { fill, h, numbered, press } from "./dom.js";
import { icon } from "./icons.js";
import { mayLeave, setDirty } from "./unsaved.js";

export function recordTabs(listTitle, list) {
  const strip = h("div", { class: "record-strip", role: "tablist" });
  const panels = h("div", { class: "record-panels" });
  const element = h("div", { class: "records" }, strip, panels);
  const tabs = [];

  function add(key, title, panel, closable) {
    const id = numbered("tab");
    const record = { key, panel, tab: null };
    Object.assign(panel, { id: `${id}_panel` });
    panel.setAttribute("role", "tabpanel");
    panel.setAttribute("aria-labelledby", id);
    record.tab = h(
      "div",
      {
        class: "record-tab",
        role: "tab",
        id,
        "aria-controls": `${id}_panel`,
        tabindex: "0",
        on: press(() => show(record)),
      },
      h("span", { class: "record-title" }, title),
      closable &&
        h(
          "span",
          { class: "e-close-icon", title: "Close", on: { click: (event) => (event.stopPropagation(), ask(record)) } },
          icon("close", 14),
        ),
    );
    tabs.push(record);
    strip.append(record.tab);
    panels.append(panel);
    show(record);
    return record;
  }

  function show(record) {
    for (const one of tabs) {
      one.tab.setAttribute("aria-selected", String(one === record));
      one.panel.hidden = one !== record;
    }
  }

  const ask = async (record) => (await mayLeave(record.panel)) && close(record);

  function close(record) {
    if (!tabs.includes(record)) return;
    setDirty(record.panel, false);
    tabs.splice(tabs.indexOf(record), 1);
    record.tab.remove();
    record.panel.remove();
    show(tabs[0]);
  }

  add("list", listTitle, h("div", { class: "record-panel" }, list), false);

  return {
    element,
    /** Shows the tab of a record; `build(panel, tab)` makes it when it isn't open yet; tab is {close(), ask()}. */
    async open(key, title, build) {
      const found = tabs.find((record) => record.key === key);
      if (found) return show(found);
      const panel = h("div", { class: "record-panel" });
      const record = add(key, title, panel, true);
      try {
        await build(panel, { close: () => close(record), ask: () => ask(record) });
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        fill(panel, h("div", { class: "alert alert-danger", role: "alert" }, error.message));
      }
    },
  };
}
