// Where in the workspace this page is, kept in its address: ?user=U0BEN&channel=C0ONBOARD&thread=TS&tab=home.

const FIELDS = ["user", "channel", "thread", "tab"];

/** The place that the address names; what it doesn't name is null. */
export function readAddress() {
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(FIELDS.map((name) => [name, query.get(name)]));
}

/** Writes a place into the address; a new entry of the browser's history only when it is another one. */
export function writeAddress(place, { replace = false } = {}) {
  const query = new URLSearchParams(location.search);
  for (const name of FIELDS) {
    if (place[name]) query.set(name, place[name]);
    else query.delete(name);
  }
  const address = `${location.pathname}?${query}`;
  if (address === location.pathname + location.search) return;
  history[replace ? "replaceState" : "pushState"](null, "", address);
}
