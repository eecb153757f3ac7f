// A place near some points, the first of them first, where a press does nothing: no control, and no modal window around it.
around => {
  const roles = ['button', 'link', 'tab', 'option', 'menuitem', 'treeitem', 'row'].map((role) => `[role=${role}]`);
  const tags = ['a', 'button', 'input', 'select', 'textarea', 'label', 'summary', '[onclick]', '[ng-click]', '[data-click]'];
  const hitAt = ([x, y]) => {
    let hit = document.elementFromPoint(x, y);
    for (let next = hit; next?.shadowRoot; hit = next) {
      next = next.shadowRoot.elementFromPoint(x, y);
      if (!next || next === hit) return hit;
    }
    return hit;
  };
  const reacts = [...roles, ...tags].join();
  const empty = (point) => {
    const el = hitAt(point), up = [];
    for (let n = el; n; n = n.assignedSlot || n.parentElement || n.getRootNode().host) up.push(n);
    return el && getComputedStyle(el).cursor !== 'pointer' && !up.some((n) => n.matches(reacts));
  };
  const within = function* (root) {
    yield* root.querySelectorAll('[aria-modal="true"], .modal.in, .modal.show, dialog[open]');
    for (const el of root.querySelectorAll('*')) if (el.shadowRoot) yield* within(el.shadowRoot);
  };
  const modal = [...within(document)].some((el) => el.checkVisibility());
  const [x, y] = around[0], steps = [...Array(12).keys()].map((n) => (n + 0.5) / 12);
  const anywhere = modal ? [] : steps.flatMap((a) => steps.map((b) => [a * innerWidth, b * innerHeight]));
  const far = (p) => Math.hypot(p[0] - x, p[1] - y);
  return around.find(empty) ?? anywhere.sort((p, q) => far(p) - far(q)).find(empty) ?? null;
}
