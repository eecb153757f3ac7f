// What the page itself calls a control, and what it says that the control is part of.
(page) => {
  const { byElement, squeeze, nodes, chain, ownText, textOf, attr } = page;

  const cleanLabel = (label) => {         // a label's own words, without those of the controls inside it
    const n = byElement.get(label);
    if (!n) return squeeze(label.textContent);
    const inside = nodes.slice(n.start, n.end).filter((m) => !chain(m).some((p) => p.start > n.start && p.widget && p.widget.kind !== 'check' && p.widget.kind !== 'radio'));
    return squeeze(inside.map(ownText).join(' '));
  };
  const byId = (el, id) => { try { return el.getRootNode().getElementById(id); } catch { return null; } };
  const namesOf = (w) => {
    const out = new Set();
    for (const el of [w.node.el, w.inner && w.inner.el].filter(Boolean)) {
      for (const label of el.labels || []) out.add(cleanLabel(label));
      const by = squeeze((el.getAttribute('aria-labelledby') || '').split(/\s+/).map((id) => id && byId(el, id)).filter(Boolean).map(cleanLabel).join(' '));
      if (by) out.add(by);
    }
    const id = w.node.el.id;              // <label for> that points at a control which is not "labelable"
    if (id && /^[\w-]+$/.test(id)) for (const l of w.node.el.getRootNode().querySelectorAll(`label[for="${id}"]`)) out.add(cleanLabel(l));
    if (w.chip) out.add(ownText(w.node));
    out.delete('');
    return [...out];
  };
  const hintsOf = (w) => {
    const names = ['data-test-id', 'data-testid', 'name', 'id', 'formcontrolname', 'ng-model'];
    const out = [];
    for (const n of chain(w.node).slice(0, 3)) for (const a of names) { const v = n.el.getAttribute(a); if (v) out.push(v); }
    return out;
  };
  const groupsOf = (node) => {            // what the page itself says this control is part of
    const out = [];
    for (const n of chain(node).slice(1)) {
      const role = n.el.getAttribute('role') || '';
      if (n.el.tagName === 'FIELDSET') { const l = n.el.querySelector('legend'); if (l) out.push(squeeze(l.textContent)); }
      else if (['group', 'radiogroup', 'region', 'listbox', 'tree', 'treegrid', 'grid', 'tabpanel'].includes(role)) {
        const by = squeeze((n.el.getAttribute('aria-labelledby') || '').split(/\s+/).map((id) => id && byId(n.el, id)).filter(Boolean).map(textOf).join(' '));
        out.push(by || squeeze(attr(n.el, 'aria-label')));
      }
    }
    return out.filter(Boolean);
  };

  return { byId, namesOf, hintsOf, groupsOf };
}
