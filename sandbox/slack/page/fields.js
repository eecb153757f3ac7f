// What people fill in: every input of a block is a field with a key, a value in Slack's form, and whether somebody
// has touched it. Blocks are drawn anew when they change; `carry` keeps what was typed and where the cursor was.

const known = new WeakMap();

/**
 * Makes a node a field: { block, action, type, read(), write(value) }. Values have the form of
 * `state.values` in Slack's payloads, for instance {"type": "plain_text_input", "value": "..."}.
 */
export function field(node, its) {
  node.setAttribute("data-field", `${its.block}/${its.action}`);
  known.set(node, { ...its, node, touched: false });
  for (const event of ["input", "change"]) node.addEventListener(event, () => (known.get(node).touched = true));
  return node;
}

/** The fields inside a node, in order. */
export const fieldsIn = (root) =>
  [...(root.matches("[data-field]") ? [root] : []), ...root.querySelectorAll("[data-field]")].map((node) =>
    known.get(node),
  );

/** All values inside a node: {block_id: {action_id: value}}. */
export function values(root) {
  const all = {};
  for (const one of fieldsIn(root)) (all[one.block] ??= {})[one.action] = one.read();
  return all;
}

/** Brings what was typed, and the focus, from an old drawing of something over to the new one. */
export function carry(old, fresh) {
  const now = new Map(fieldsIn(fresh).map((one) => [`${one.block}/${one.action}/${one.type}`, one]));
  for (const one of fieldsIn(old)) {
    const same = now.get(`${one.block}/${one.action}/${one.type}`);
    if (!same || !one.touched) continue;
    same.write(one.read());
    same.touched = true;
  }
  return focusLater(old, fresh);
}

/** Where the focus was inside `old`; calling the answer puts it there in `fresh`, once that is in the page. */
function focusLater(old, fresh) {
  const active = document.activeElement;
  if (!active || !old.contains(active)) return () => {};
  const name = active.getAttribute("data-focus");
  const typed = "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  const selector = name ? `[data-focus="${CSS.escape(name)}"]` : null;
  return () => {
    const target = selector && (fresh.matches(selector) ? fresh : fresh.querySelector(selector));
    if (!target) return void fresh.closest("[data-landing]")?.focus({ preventScroll: true });
    target.focus({ preventScroll: true });
    if (typed && typed[0] !== null && "setSelectionRange" in target) target.setSelectionRange(...typed);
  };
}
