// Who is logged in and what the server told about it: the one thing that all screens share.

import { get } from "./api.js";

let current = { state: "login", messages: [], faults: [], user: null };

export const session = () => current;

/** Asks the server anew. */
export async function refreshSession() {
  current = await get("session");
  return current;
}

/** Whether a fault is on that the front end must act out (sandbox/ehr/faults.py, FRONT). */
export const fault = (name) => (current.faults ?? []).includes(name);

export const mayOpen = (module) => (current.user?.modules ?? []).includes(module);
