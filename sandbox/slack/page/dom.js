// Making elements, nothing more: no templates, no state. Text goes in as text nodes, so nothing is ever read as HTML.

/**
 * An element. `on` holds listeners, `props` are set as properties, everything else becomes an attribute; null,
 * undefined and false leave an attribute out, true makes it an empty one.
 */
export function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    else if (name === "props") Object.assign(node, value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...present(children));
  return node;
}

/** Replaces what a node holds; absent children may be null, undefined or false. */
export function fill(node, ...children) {
  node.replaceChildren(...present(children));
  return node;
}

const present = (children) =>
  children.flat(4).filter((child) => child !== null && child !== undefined && child !== false);

/** An element by its id. */
export const byId = (id) => document.getElementById(id);

let last = 0;

/** An id that no other element of this page has. */
export const uniqueId = (prefix) => `${prefix}-${++last}`;

export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** What Tab stops at inside a node, in order. */
export const stops = (node) =>
  [...node.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex]")].filter(
    (one) => !one.disabled && one.tabIndex >= 0 && one.getClientRects().length > 0,
  );
