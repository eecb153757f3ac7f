// Who is logged in and what the server told about it: the one thing that all screens share.

import { get, traffic } from "./api.js";

let current = { state: "login", messages: [], faults: [], user: null };

export const session = () => current;

/** Asks the server anew. */
export async function refreshSession() {
  current = await get("session");
  return current;
}

/** Asks anew before a form opens. False when the session is over or locked; then another screen is shown. */
export async function stillIn() {
  const { state } = await refreshSession();
  if (state !== "app") traffic.dispatchEvent(new CustomEvent("session-lost"));
  return state === "app";
}

/** Whether a fault is on that the front end must act out (sandbox/ehr/faults.py, FRONT). */
export const fault = (name) => (current.faults ?? []).includes(name);

/** At how many characters a password field cuts what is typed; some faults shorten it. */
export const passwordLength = ({ confirms = false } = {}) =>
  fault("maxlength-12") || (confirms && fault("confirm-cut-differently")) ? 12 : 64;
