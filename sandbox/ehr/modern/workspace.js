// The screens behind the header: one host a module, made when it is first opened, hidden afterwards but never removed.

import { openAdministration } from "./administration.js";
import { fill, h } from "./dom.js";
import { buildHome } from "./home.js";
import { buildModule } from "./modules.js";
import { buildProfile } from "./profile.js";
import { fault, session } from "./session.js";
import { forgetForms, mayLeave } from "./unsaved.js";

const hosts = new Map();
let at = "";

/** Begins with an empty workspace at the home screen; whatever another user left is gone. */
export function openWorkspace() {
  hosts.clear();
  forgetForms();
  fill(document.getElementById("workspace"));
  document.body.classList.toggle("badge-over-save", fault("save-covered-by-badge"));
  window.onhashchange = () => show(route());
  if (location.hash !== "#/") history.replaceState(null, "", "#/");
  show("");
}

/** Goes to a route ("administration/general/locations", "" is home), if unsaved changes may be left. */
export async function go(to) {
  if (to !== at && !(await mayLeave())) return;
  if (route() === to) show(to);
  else location.hash = `#/${to}`;
}

const route = () => decodeURIComponent(location.hash.replace(/^#\/?/, ""));

function show(to) {
  at = to;
  const [module, ...rest] = to.split("/");
  const name = module || "home";
  for (const [other, host] of hosts) host.hidden = other !== name;
  document
    .querySelectorAll("[data-module]")
    .forEach((link) => link.classList.toggle("is-active", link.dataset.module === name));
  const host = hosts.get(name) ?? makeHost(name);
  if (name === "administration") openAdministration(host, rest);
  else if (name === "profile") buildProfile(host);
  else if (name !== "home") buildModule(host, name, rest[0]);
}

function makeHost(name) {
  const host = h("section", { class: `host rev-${name}-app` });
  hosts.set(name, host);
  document.getElementById("workspace").append(host);
  if (name === "home") buildHome(host, session().user);
  return host;
}
