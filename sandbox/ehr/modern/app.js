// Starts the application and shows the one screen that the session's state asks for.

import { traffic } from "./api.js";
import { useTestIds } from "./dom.js";
import { showGate } from "./login.js";
import { session, refreshSession } from "./session.js";
import { buildShell, showFooter } from "./shell.js";
import { clearToasts, toast } from "./toast.js";
import { openWorkspace } from "./workspace.js";

let workspaceIsStale = true;

/** Brings the page in line with the session: the login panel with one of its forms, or the application. */
async function show() {
  const { state } = session();
  if (state === "login") workspaceIsStale = true;
  if (state === "app" && workspaceIsStale) {
    workspaceIsStale = false;
    buildShell({ changed: refresh });
    openWorkspace();
  }
  document.body.dataset.state = state;
  showGate(session(), { changed: refresh });
}

async function refresh() {
  await refreshSession();
  if (session().state !== "app") clearToasts();
  await show();
}

async function start() {
  try {
    await refreshSession();
  } catch (error) {
    toast("error", error.message);
    return;
  }
  useTestIds(session().testIds === true);
  showFooter();
  await show();
}

let losing = false;
traffic.addEventListener("session-lost", async () => {
  if (losing) return;
  losing = true;
  await refresh().catch(() => {});
  losing = false;
});

start();
