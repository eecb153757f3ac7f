// A list from the server: role=grid, a search that waits for the last key, pages of ten.

import { debounce, fill, h, numbered } from "./dom.js";
import { icon } from "./icons.js";
import { fault } from "./session.js";

const SIZE = 10;
const PAUSE = 350;
const LONG_PAUSE = 900;

/**
 * `columns` are {key, title, width, cell(row)?, link?}; `load({search, page, size})` answers {rows, total}; `open(row)`
 * is called for a click on a row; `tools` stand left of the search, `add` at the far right. Returns {element, reload}.
 */
export function dataGrid({ columns, load, open, tools = [], add = null, testId }) {
  const query = { search: "", page: 0, size: SIZE };
  let asked = 0;
  let total = 0;

  const template = columns.map((column) => column.width).join(" ");
  const body = h("div", { class: "grid-body", role: "rowgroup" });
  const error = h("div", { class: "alert alert-danger grid-error", role: "alert", hidden: true });
  const summary = h("span", { class: "pager-summary" });
  const [first, previous, next, last] = [
    pagerButton("first", "Go to first page", () => turn(0)),
    pagerButton("previous", "Go to previous page", () => turn(query.page - 1)),
    pagerButton("next", "Go to next page", () => turn(query.page + 1)),
    pagerButton("last", "Go to last page", () => turn(pages() - 1)),
  ];
  const grid = h(
    "div",
    { class: "grid", role: "grid", id: numbered("grid"), style: `--columns: ${template}`, testId },
    h(
      "div",
      { class: "grid-head", role: "rowgroup" },
      h(
        "div",
        { class: "grid-row", role: "row" },
        columns.map((column) => h("div", { role: "columnheader", class: "grid-cell" }, column.title)),
      ),
    ),
    body,
  );
  const element = h(
    "div",
    { class: "grid-frame" },
    h(
      "div",
      { class: "grid-tools" },
      tools,
      searchBox((text) => search(text)),
      h("span", { class: "spring" }),
      add,
    ),
    error,
    grid,
    h("div", { class: "pager" }, first, previous, summary, next, last),
  );

  const pages = () => Math.max(1, Math.ceil(total / SIZE));
  const turn = (page) => ((query.page = Math.min(Math.max(page, 0), pages() - 1)), reload());

  function search(text) {
    if (text === query.search) return;
    Object.assign(query, { search: text, page: 0 });
    reload();
  }

  // Answers may overtake each other: only the last question's counts. The old rows stay until it comes.
  async function reload() {
    const mine = ++asked;
    grid.setAttribute("aria-busy", "true");
    try {
      const answer = await load({ ...query });
      if (mine !== asked) return;
      total = answer.total;
      error.hidden = true;
      showRows(answer.rows);
    } catch (trouble) {
      if (mine !== asked) return;
      fill(error, trouble.message);
      error.hidden = false;
      total = 0;
      showRows([]);
    }
    grid.setAttribute("aria-busy", "false");
  }

  function showRows(rows) {
    fill(body, rows.length ? rows.map(gridRow) : h("div", { class: "grid-empty" }, "No records to display"));
    // An empty list says "1 of 1 pages (1 items)", as the real one does.
    summary.textContent = `${query.page + 1} of ${pages()} pages (${Math.max(1, total)} items)`;
    first.disabled = previous.disabled = query.page === 0;
    next.disabled = last.disabled = query.page >= pages() - 1;
  }

  const gridRow = (row) =>
    h(
      "div",
      { class: `grid-row ${open ? "is-openable" : ""}`, role: "row", on: open ? { click: () => open(row) } : {} },
      columns.map((column) => {
        const content = column.cell ? column.cell(row) : row[column.key];
        return h(
          "div",
          { class: "grid-cell", role: "gridcell", "col-id": column.key },
          column.link ? h("span", { class: "grid-link" }, content) : content,
        );
      }),
    );

  reload();
  return { element, reload };
}

const pagerButton = (picture, title, act) =>
  h("button", { type: "button", class: `pager-button e-${picture}`, title, on: { click: act } }, icon(picture, 18));

// By itself: a pause after the last key, Enter or the lens starts the search. Two faults take something of that away.
function searchBox(search) {
  const onlyEnter = fault("search-needs-enter");
  const onlyPause = fault("search-debounce");
  const input = h("input", { type: "text", class: "input search-input", placeholder: "Search" });
  const later = debounce(() => search(input.value.trim()), onlyPause ? LONG_PAUSE : PAUSE);
  const button = h(
    "button",
    { type: "button", class: "search-button", on: { click: () => search(input.value.trim()) } },
    icon("search", 18),
  );
  if (!onlyEnter) input.addEventListener("input", later);
  if (!onlyPause) input.addEventListener("keydown", (event) => event.key === "Enter" && search(input.value.trim()));
  return h("div", { class: "search-box" }, input, onlyEnter || onlyPause ? null : button);
}

/** Two buttons of which one is chosen, such as Active and Inactive. `choose(value)` is called on a change. */
export function segments(options, choose) {
  const buttons = options.map(([value, text]) =>
    h(
      "button",
      {
        type: "button",
        class: "segment",
        "aria-label": text,
        "aria-pressed": "false",
        on: { click: () => pick(value) },
      },
      text,
    ),
  );
  let current = options[0][0];
  const mark = () =>
    buttons.forEach((button, number) => {
      const chosen = options[number][0] === current;
      button.setAttribute("aria-pressed", String(chosen));
      button.classList.toggle("is-chosen", chosen);
    });
  function pick(value) {
    if (value === current) return;
    current = value;
    mark();
    choose(value);
  }
  mark();
  return h("div", { class: "segments", role: "group" }, buttons);
}
