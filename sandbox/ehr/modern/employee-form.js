// The record of an employee in three steps: Personal Details, Login Details, Location Access; one Save for all of them.

import { get, post, put } from "./api.js";
import { combobox } from "./combobox.js";
import { yesOrNo } from "./dialog.js";
import { fill, h, numbered, press } from "./dom.js";
import { field, textInput } from "./fields.js";
import { locationPicker } from "./location-picker.js";
import { loginRestrictions } from "./login-restrictions.js";
import { recordForm } from "./record-form.js";
import { rolePicker } from "./role-picker.js";
import { sections } from "./sections.js";
import { fault, passwordLength, session, stillIn } from "./session.js";
import { orToast } from "./toast.js";

const choices = (...texts) => ["", ...texts].map((text) => ({ value: text, text: text || "Select" }));

const PERSONAL = [
  ["Title", "title", choices("Dr.", "Mr.", "Mrs.", "Ms.", "Mx.")],
  ["First Name", "firstName"],
  ["Middle Name", "middleName"],
  ["Last Name", "lastName"],
  ["Suffix", "suffix"],
  ["Gender", "gender", choices("Female", "Male", "Other", "Undisclosed")],
  ["Date of Birth", "dateOfBirth"],
  ["Phone", "phone"],
  ["Email", "email"],
  ["NPI", "npi"],
  ["Employment Type", "employmentType", choices("Full Time", "Part Time", "Contractor", "Student", "Vendor")],
];

const testIdOf = (key) => `employee${key[0].toUpperCase()}${key.slice(1)}FormGroup`;

/** Fills a tab's panel with the form of an employee (`id` null: a new one). */
export async function employeeForm(panel, tab, id, saved) {
  fill(panel, h("div", { class: "loading" }, "Loading…"));
  if (!(await stillIn())) return;
  const [fresh, record, places] = await Promise.all([
    get("employees/new"),
    id ? get(`employees/${id}`) : {},
    get("locations", { active: "true" }),
  ]);
  if (fresh.reload) setTimeout(() => location.reload(), 1200);
  const required = id ? fresh.required.filter((key) => key !== "temporaryPassword") : fresh.required;
  const initial = id ? record : { roleIds: [], locationIds: [], primaryLocationId: "", ...fresh };
  const parts = [personal(required), loginInformation(required), restrictions(), roles(), locations(places)];
  const { mayEdit } = session().user;
  const form = sections(parts, initial, { readOnly: !mayEdit });
  const [person, information, days, userRoles, access] = form.elements;
  const content = steps([
    ["Personal Details", "Name and contact", [person]],
    ["Login Details", "Login, days and roles", [information, days, userRoles]],
    ["Location Access", "Where this person works", [access]],
  ]);

  async function save() {
    const { required: _, active: __, ...body } = form.values();
    if (!body.temporaryPassword) delete body.temporaryPassword;
    const answer = id ? await put(`employees/${id}`, body) : await post("employees", body);
    return { title: id ? "Employee updated" : "Employee created", text: `${answer.firstName} ${answer.lastName}` };
  }

  const flip = async () => {
    const verb = record.active ? "deactivate" : "activate";
    const who = `${record.firstName} ${record.lastName}`;
    if (fault("activate-asks") && !(await yesOrNo("Employee Status", `Do you want to ${verb} ${who}?`))) return;
    await post(`employees/${id}/${record.active ? "deactivate" : "activate"}`);
    tab.close();
    saved();
  };

  const danger =
    id &&
    mayEdit &&
    !fault("record-without-activate") &&
    h(
      "button",
      { type: "button", class: "button danger", on: { click: () => orToast(flip()) } },
      record.active ? "Deactivate" : "Activate",
    );
  recordForm({ panel, tab, content, save: mayEdit ? save : null, saved, danger, testId: "employee" });
}

/** A vertical role=tablist of numbered steps beside their panels, of which one shows. */
function steps(entries) {
  const made = entries.map(([title, about, elements], number) => {
    const id = numbered("step");
    const panel = h(
      "div",
      { class: "step-panel stack", role: "tabpanel", id: `${id}_panel`, "aria-labelledby": id },
      elements,
    );
    const tab = h(
      "div",
      { class: "step", role: "tab", id, tabindex: "0", "aria-controls": `${id}_panel`, on: press(() => show(number)) },
      h("span", { class: "step-number" }, String(number + 1)),
      h("span", { class: "step-text" }, h("span", { class: "step-title" }, title), h("small", null, about)),
    );
    return { tab, panel };
  });
  const show = (number) =>
    made.forEach(({ tab, panel }, other) => {
      tab.setAttribute("aria-selected", String(other === number));
      panel.hidden = other !== number;
    });
  show(0);
  return h(
    "div",
    { class: "steps" },
    h(
      "div",
      { class: "step-list", role: "tablist", "aria-orientation": "vertical" },
      made.map((one) => one.tab),
    ),
    h(
      "div",
      { class: "step-panels" },
      made.map((one) => one.panel),
    ),
  );
}

// Captions and controls here are related by their places only.
function personal(required) {
  const controls = PERSONAL.map(([label, key, options]) => {
    const control = options ? combobox({ options }) : textInput();
    const element = control.element ?? control;
    return {
      key,
      control,
      element: field(label, element, { required: required.includes(key), testId: testIdOf(key) }),
    };
  });
  return {
    title: "Personal Details",
    body: h(
      "div",
      { class: "fields" },
      controls.map((one) => one.element),
    ),
    read: () => Object.fromEntries(controls.map(({ key, control }) => [key, control.value])),
    write: (values) => controls.forEach(({ key, control }) => (control.value = values[key] ?? "")),
  };
}

// Proper labels here, inside open shadow roots.
function loginInformation(required) {
  const isNew = required.includes("temporaryPassword");
  const username = h("rev-field", {
    label: "Username",
    required: true,
    maxlength: 64,
    testId: "employeeUsernameFormGroup",
  });
  const password = h("rev-field", {
    label: "Temporary Password",
    type: "password",
    required: isNew,
    maxlength: passwordLength(),
    testId: "employeeTemporaryPasswordFormGroup",
  });
  const confirm = h("rev-field", {
    label: "Confirm Temporary Password",
    type: "password",
    required: isNew,
    maxlength: passwordLength({ confirms: true }),
    testId: "employeeConfirmTemporaryPasswordFormGroup",
  });
  const emergency = h("rev-switch", {
    label: "Allow Emergency Access",
    testId: "employeeAllowEmergencyAccessFormGroup",
  });
  return {
    title: "Login Information",
    note: isNew ? null : "Leave the temporary password empty to keep the employee’s current password.",
    body: h("div", { class: "fields is-three" }, username, password, confirm, emergency),
    read: () => ({
      username: username.value,
      temporaryPassword: password.value,
      confirmTemporaryPassword: confirm.value,
      emergency: emergency.checked,
    }),
    write(values) {
      username.value = values.username ?? "";
      password.value = values.temporaryPassword ?? "";
      confirm.value = values.confirmTemporaryPassword ?? "";
      emergency.checked = values.emergency;
    },
  };
}

function restrictions() {
  const table = loginRestrictions({ testId: "employeeLoginRestrictionsTable" });
  return {
    title: "Login Restrictions",
    note: "Choose the days and times at which this employee may log in.",
    body: table.element,
    read: () => ({ days: table.value }),
    write: (values) => (table.value = values.days ?? {}),
  };
}

function roles() {
  const titleId = numbered("heading");
  const picker = rolePicker({ labelledBy: titleId, testId: "employeeUserRolesFormGroup" });
  return {
    title: "User Roles",
    titleId,
    body: picker.element,
    read: () => ({ roleIds: picker.value }),
    write: (values) => (picker.value = values.roleIds ?? []),
  };
}

function locations(places) {
  const picker = locationPicker({ places, testId: "employeeAccessibleLocationsFormGroup" });
  const primary = combobox({
    options: places.map((place) => ({ value: place.id, text: place.name })),
    placeholder: "Select a location",
    changed: (id) => fault("primary-auto-ticks") && (picker.value = [...new Set([...picker.value, id])]),
  });
  return {
    title: "Location Access",
    body: h(
      "div",
      { class: "fields is-two" },
      field("Primary Location", primary.element, { required: true, testId: "employeePrimaryLocationFormGroup" }),
      field("Accessible Locations", picker.element, { wide: true }),
    ),
    read: () => ({ primaryLocationId: primary.value, locationIds: picker.value }),
    write(values) {
      primary.value = values.primaryLocationId ?? "";
      picker.value = values.locationIds ?? [];
    },
  };
}
