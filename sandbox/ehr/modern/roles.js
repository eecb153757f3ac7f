// Employee/Roles > User Roles: the list, and the form with its tree of permissions.

import { get, post, put } from "./api.js";
import { fill, h, numbered } from "./dom.js";
import { icon } from "./icons.js";
import { dataGrid } from "./grid.js";
import { permissionTree } from "./permission-tree.js";
import { recordForm } from "./record-form.js";
import { recordTabs } from "./record-tabs.js";
import { fault, session, stillIn } from "./session.js";
import "./fields.js";

const COLUMNS = [
  { key: "name", title: "User Role Name", width: "1fr", link: true },
  { key: "employees", title: "Employees", width: "160px" },
  { key: "id", title: "Role ID", width: "160px" },
];

export function rolesPage(title) {
  let made = 0;
  // The "+" has no text: only what a mouse finds by resting on it.
  const add =
    session().user.mayEdit &&
    h(
      "button",
      {
        type: "button",
        class: "icon-button primary",
        "data-tooltip-content": "Add",
        testId: "addUserRoleButton",
        on: { click: () => edit(null, "New User Role") },
      },
      icon("plus", 22),
    );
  const grid = dataGrid({
    columns: COLUMNS,
    load: (query) => get("roles", query),
    open: (row) => edit(row.id, row.name),
    add,
    testId: "userRolesTable",
  });
  const tabs = recordTabs("All User Roles", h("section", { class: "panel" }, grid.element));
  const edit = (id, name) =>
    tabs.open(id ?? `new-${++made}`, name, (panel, tab) => roleForm(panel, tab, id, () => grid.reload()));
  return {
    element: h("div", { class: "page" }, h("div", { class: "page-title" }, h("h2", null, title)), tabs.element),
    shown: () => grid.reload(),
  };
}

async function roleForm(panel, tab, id, saved) {
  fill(panel, h("div", { class: "loading" }, "Loading…"));
  if (!(await stillIn())) return;
  const role = id ? await get(`roles/${id}`) : { name: "", permissions: [] };
  const readOnly = !session().user.mayEdit;
  const titleId = numbered("heading");
  const name = h("rev-field", {
    label: "User Role Name",
    required: true,
    maxlength: 50,
    testId: "userRoleNameFormGroup",
  });
  name.value = role.name;
  name.disabled = readOnly;
  const tree = permissionTree({ labelledBy: titleId, readOnly, testId: "accessPermissionsTree" });
  tree.value = role.permissions;
  const content = h(
    "div",
    { class: "role-form" },
    h(
      "section",
      { class: "panel section" },
      h("header", { class: "panel-head" }, h("h3", { class: "section-title" }, "Role Details")),
      h("div", { class: "section-body" }, name),
    ),
    h(
      "section",
      { class: "panel section" },
      h("header", { class: "panel-head" }, h("h3", { class: "section-title", id: titleId }, "Access Permissions")),
      h("div", { class: "section-body" }, tree.element),
    ),
  );

  async function save() {
    const body = { name: name.value, permissions: tree.value };
    const answer = id ? await put(`roles/${id}`, body) : await post("roles", body);
    return { title: id ? "User role updated" : "User role created", text: answer.name };
  }

  recordForm({ panel, tab, content, save: readOnly ? null : save, saved, testId: "userRole" });
  if (fault("frozen-page")) setTimeout(spin, 400);
}

function spin() {
  for (;;);
}
