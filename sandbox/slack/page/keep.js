// Keeps a list of nodes in line with a list of things: what is the same stays as it is, and with it the reader's
// scroll position, the focus, open menus and half-typed words.

import { carry } from "./fields.js";

const known = new WeakMap();

/**
 * Makes the children of `host` match `entries`, in order. An entry is { key, print, make(), refresh?(node) }: a node
 * is kept while its key is there, and touched only when its print changes: by `refresh` where there is one, else it is
 * made anew and what was typed into it is carried over.
 */
export function keepUp(host, entries) {
  const wanted = new Set(entries.map((entry) => entry.key));
  const old = new Map();
  for (const node of [...host.children]) {
    const key = known.get(node)?.key;
    if (wanted.has(key) && !old.has(key)) old.set(key, node);
    else leave(node);
  }
  let before = null;
  for (const entry of entries) {
    const node = brought(old.get(entry.key), entry);
    known.set(node, { key: entry.key, print: entry.print });
    const place = before ? before.nextElementSibling : host.firstElementChild;
    if (node !== place) host.insertBefore(node, place);
    before = node;
  }
}

/** The node of an entry as it should be now. */
function brought(node, entry) {
  if (!node) return entry.make();
  if (known.get(node).print === entry.print) return node;
  if (entry.refresh) {
    entry.refresh(node);
    return node;
  }
  const fresh = entry.make();
  const focus = carry(node, fresh);
  node.replaceWith(fresh);
  focus();
  return fresh;
}

/** Takes a node away; the focus, if it was inside, goes to what it was in. */
function leave(node) {
  const landing = node.contains(document.activeElement) ? node.parentElement?.closest("[data-landing]") : null;
  node.remove();
  landing?.focus({ preventScroll: true });
}
