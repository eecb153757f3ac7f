// Whether a check is on, and where on the screen it is drawn.
(page) => {
  const {
    chain, fullFrame, nodes, unseen, visibleBox, isGlyph, squeeze, tokens, CHECK_ON, drawing, pictureOf,
    CHECK_PICTURE, CHECK_MIXED, PICTURE_OFF, PICTURE_ON, CHECK_OFF, textOf, byElement, smallSquare, TICK, rangeBox,
  } = page;

  const checkedOf = (w) => {
    const el = (w.inner || w.node).el;
    const says = (e) => { const v = e.getAttribute('aria-checked'); return v === 'mixed' ? 'mixed' : v === 'true' ? 'true' : v === 'false' ? 'false' : ''; };
    const stale = w.inner && !w.inner.displayed && says(w.node.el);   // kept for a form only, and never set
    if (el.tagName === 'INPUT' && !stale) return el.indeterminate ? 'mixed' : String(el.checked);
    if (says(w.node.el)) return says(w.node.el);
    const button = w.drawn && chain(w.node).slice(1, 4).find((n) => n.el.hasAttribute('aria-pressed'));
    if (button) return button.el.getAttribute('aria-pressed');  // a tick that its button may hide
    const item = chain(w.node).slice(0, 6).find((n) => ['treeitem', 'option', 'row', 'menuitemcheckbox'].includes(n.el.getAttribute('role') || ''));
    if (item && says(item.el)) return says(item.el);
    // where many may be chosen that says which are; where one may, only which the keys are at
    const many = item && item.el.hasAttribute('aria-selected') && chain(item).find((n) => n.el.getAttribute('role') === 'listbox')?.el.getAttribute('aria-multiselectable') === 'true';
    if (many && w.drawn) return item.el.getAttribute('aria-selected');
    if (w.drawn && fullFrame(w.node) && w.node.el.querySelector('svg') && !chain(w.node).some((n) => says(n.el))) {   // a frame around a tick that shows, or is only kept there
      return String(nodes.slice(w.node.start, w.node.end).some((n) => n.el.tagName === 'svg' && n.opaque && !unseen(n.style.color) && n.style.color !== w.node.style.backgroundColor && visibleBox(n)));
    }
    if (w.chip) {
      const tick = nodes.slice(w.node.start + 1, w.node.end).some((n) => visibleBox(n) && (isGlyph(n) ? /^(check|done)$/.test(squeeze(n.el.textContent)) : tokens(n.el).some((t) => TICK.test(t))));
      return String(tick || tokens(w.node.el).some((t) => CHECK_ON.test(t) || /(^|[-_])active$/.test(t)));
    }
    if (w.drawn && w.node.el.tagName === 'svg') return { 'box-on': 'true', 'box-mixed': 'mixed' }[drawing(w.node.el)] || 'false';
    const picture = w.drawn ? pictureOf(w.node) : '';
    if (CHECK_PICTURE.test(picture)) {
      if (CHECK_MIXED.test(picture)) return 'mixed';
      if (PICTURE_OFF.test(picture) || PICTURE_ON.test(picture)) return String(!PICTURE_OFF.test(picture));
    }
    const names = nodes.slice(w.node.start, w.node.end).concat(w.node.parent ? [w.node.parent] : []).flatMap((n) => tokens(n.el));
    if (names.some((t) => CHECK_MIXED.test(t))) return 'mixed';
    if (names.some((t) => CHECK_ON.test(t) && !CHECK_OFF.test(t))) return 'true';
    if (item && w.drawn && item.el.getAttribute('aria-selected') === 'true') return 'true';
    const lit = squeeze(textOf(w.node.el));
    if (lit === 'indeterminate_check_box') return 'mixed';
    if (lit === 'check_box' || lit === '☑' || lit === '☒') return 'true';
    return 'false';
  };
  // a box that the style draws before the words of its label, or of a label in it, ends where they begin
  const drawsBefore = (n) => !['none', 'normal'].includes(getComputedStyle(n.el, '::before').content);
  const beforeWords = (n) => {
    const box = visibleBox(n), parts = nodes.slice(n.start, n.end);
    const words = box && parts.some((m) => (m === n || m.texts.length) && drawsBefore(m)) && rangeBox(parts.flatMap((m) => m.texts), n.clip);
    const room = words ? words[0] - box[0] : 0;
    return room >= 12 && room <= 72 ? [box[0], box[1], room, box[3]] : box;
  };
  const visibleCheckBox = (w) => {        // an input hidden behind its drawing borrows the drawing's box
    let box = visibleBox(w.node);
    if (box && box[2] > 4 && box[3] > 4) return box;
    const el = w.node.el;
    const label = el.labels && [...el.labels].map((l) => byElement.get(l)).find((n) => n && visibleBox(n));
    let up = w.node.parent, best = null;
    for (let i = 0; up && i < 3 && !best; i++, up = up.parent) {
      const b = visibleBox(up);
      const checks = nodes.slice(up.start, up.end).filter((n) => n.widget && ['check', 'radio'].includes(n.widget.kind)).length;
      if (checks > 1) break;
      if (b && b[2] > 4 && b[3] > 4 && b[3] < 80) best = up;
    }
    if (best && smallSquare(best.rect)) { w.drawing = best; return visibleBox(best); }
    const near = label || best;
    if (!near || !visibleBox(near)) return null;
    const seenWhole = (n) => { const b = visibleBox(n); return b && b[2] > 0.9 * n.rect.width && b[3] > 0.9 * n.rect.height; };  // no half of a switch that has slid away
    const square = nodes.slice(near.start, near.end).find((n) => n !== w.node && smallSquare(n.rect) && seenWhole(n) && !n.texts.length);
    w.drawing = square || near;
    return square ? visibleBox(square) : beforeWords(near);
  };
  const itemCheckBox = (w) => {           // the small square left of the item's own text, else the item's own line
    const square = nodes.slice(w.node.start + 1, w.node.end).find((n) => smallSquare(n.rect) && visibleBox(n) && tokens(n.el).some((t) => /check|box|tick/.test(t))
      && chain(n).find((p) => p.el.getAttribute('role') === 'treeitem') === w.node);
    w.drawing = square || nodes.slice(w.node.start, w.node.end).find((n) => n.texts.length && visibleBox(n)) || w.node;
    return visibleBox(w.drawing);
  };

  return { checkedOf, visibleCheckBox, itemCheckBox };
}
