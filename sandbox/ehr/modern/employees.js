// Employee/Roles > Employees: the list. Active ones by default; the icon in a row acts at once, without a question.

import { get, post } from "./api.js";
import { h } from "./dom.js";
import { employeeForm } from "./employee-form.js";
import { icon } from "./icons.js";
import { dataGrid, segments } from "./grid.js";
import { recordTabs } from "./record-tabs.js";
import { session } from "./session.js";
import { orToast, toast } from "./toast.js";

export function employeesPage(title) {
  let active = true;
  let made = 0;
  const { mayEdit } = session().user;

  async function flip(event, row) {
    event.stopPropagation();
    await post(`employees/${row.id}/${row.active ? "deactivate" : "activate"}`);
    toast("success", row.active ? "Employee deactivated" : "Employee activated", `${row.firstName} ${row.lastName}`);
    grid.reload();
  }

  const act = (row) =>
    mayEdit &&
    h(
      "a",
      {
        class: `row-icon ${row.active ? "is-bad" : "is-good"}`,
        "data-tooltip-content": row.active ? "Deactivate" : "Activate",
        on: { click: (event) => orToast(flip(event, row)) },
      },
      icon(row.active ? "close" : "check", 16),
    );

  const columns = [
    { key: "actions", title: "", width: "64px", cell: act },
    { key: "name", title: "Name", width: "1fr", link: true, cell: (row) => `${row.lastName}, ${row.firstName}` },
    { key: "username", title: "Username", width: "240px" },
    { key: "roles", title: "User Roles", width: "1fr", cell: (row) => row.roles.join(", ") },
    {
      key: "status",
      title: "Status",
      width: "120px",
      cell: (row) => h("span", { class: `badge ${row.active ? "is-good" : ""}` }, row.active ? "Active" : "Inactive"),
    },
  ];
  const add =
    mayEdit &&
    h(
      "button",
      {
        type: "button",
        class: "button primary",
        testId: "addEmployeeButton",
        on: { click: () => edit(null, "New Employee") },
      },
      icon("plus", 18),
      "Add",
    );
  const filter = segments(
    [
      [true, "Active"],
      [false, "Inactive"],
    ],
    (value) => ((active = value), grid.reload()),
  );
  const grid = dataGrid({
    columns,
    add,
    tools: [filter],
    testId: "employeesTable",
    load: (query) => get("employees", { ...query, active }),
    open: (row) => edit(row.id, `${row.lastName}, ${row.firstName}`),
  });
  const tabs = recordTabs("All Employees", h("section", { class: "panel" }, grid.element));
  const edit = (id, name) =>
    tabs.open(id ?? `new-${++made}`, name, (panel, tab) => employeeForm(panel, tab, id, () => grid.reload()));
  return {
    element: h("div", { class: "page" }, h("div", { class: "page-title" }, h("h2", null, title)), tabs.element),
    shown: () => grid.reload(),
  };
}
