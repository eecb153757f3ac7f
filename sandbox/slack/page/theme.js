// Light or dark: as the system has it, or as the reader chose, which this browser remembers.

const KEY = "sandbox-theme";
const ORDER = ["auto", "light", "dark"];

/** "auto", "light" or "dark" */
export const theme = () => document.documentElement.dataset.theme ?? "auto";

/** What was chosen before, or what ?theme= says. */
export function startTheme() {
  const wanted = new URLSearchParams(location.search).get("theme") ?? localStorage.getItem(KEY);
  document.documentElement.dataset.theme = ORDER.includes(wanted) ? wanted : "auto";
}

/** Turns to the next one. */
export function nextTheme() {
  const next = ORDER[(ORDER.indexOf(theme()) + 1) % ORDER.length];
  document.documentElement.dataset.theme = next;
  localStorage.setItem(KEY, next);
}
