// The words that are visible, each with its box and what is pressed with it.
(page) => {
  const {
    chain, squeeze, textOf, nodes, tokens, smallSquare, visibleBox, holdsWidget, isGlyph, byElement, rangeBox,
    ownText, elementText, placeOf, idOf, isOff, attr, TICK,
  } = page;

  const INLINE = new Set(['B', 'STRONG', 'EM', 'I', 'SPAN', 'SMALL', 'SUP', 'SUB', 'FONT', 'MARK', 'ABBR', 'U', 'CODE', 'BDI']);
  const CLICK_ROLES = new Set(['button', 'link', 'menuitem', 'menuitemradio', 'tab', 'option', 'treeitem', 'radio', 'switch', 'gridcell', 'row', 'checkbox']);
  const clickableOf = (node) => {
    for (const n of chain(node).slice(0, 5)) {
      const { el } = n, tag = el.tagName, role = el.getAttribute('role') || '';
      if (['A', 'BUTTON', 'SUMMARY', 'LABEL'].includes(tag) || CLICK_ROLES.has(role) || el.hasAttribute('onclick') || el.hasAttribute('ng-click')
        || (((el.hasAttribute('tabindex') && el.tabIndex >= 0) || el.hasAttribute('data-click')) && n.rect.height < 120) || (tag === 'INPUT' && ['submit', 'button'].includes(el.type))) return n;
    }
    return node.style.cursor === 'pointer' ? node : null;
  };
  // an entry with a tick drawn beside its words, where the page says nothing of whether it is taken
  const isTicked = (node) => {
    const line = chain(node).slice(0, 4).findLast((n) => n.rect.height < 60 && squeeze(textOf(n.el)) === squeeze(textOf(node.el)));
    return !!line && nodes.slice(line.start, line.end).some((n) => !n.texts.length && tokens(n.el).some((t) => TICK.test(t)) && smallSquare(n.rect) && visibleBox(n)) && !holdsWidget(line, ['check', 'radio']);
  };
  // the option that the keys stand on: some kits say that it is selected, and say so of no other
  const isCursor = (node) => {
    const { el } = node, list = el.getAttribute('aria-selected') === 'true' && el.id && chain(node).find((n) => n.el.getAttribute('role') === 'listbox');
    return !!list && list.el.getAttribute('aria-multiselectable') !== 'true'
      && nodes.slice(list.start, list.end).filter((n) => n.el.getAttribute('role') === 'option' && n.el.hasAttribute('aria-selected')).length === 1
      && !!el.getRootNode().querySelector(`[aria-activedescendant="${CSS.escape(el.id)}"]`);
  };
  const texts = [];
  for (const node of nodes) {
    const { el } = node;
    if (el.tagName === 'SELECT' || el.tagName === 'TEXTAREA' || el.tagName === 'svg') continue;
    if (!node.displayed || !node.opaque || node.style.visibility !== 'visible' || isGlyph(node)) continue;
    const button = el.tagName === 'INPUT' && ['submit', 'button', 'reset'].includes(el.type);
    if (!button && !node.texts.length) {
      // words cut into pieces: an element whose inline pieces together make one text
      const pieces = [...el.children].filter((c) => INLINE.has(c.tagName) && c.textContent.trim() && !(byElement.has(c) && isGlyph(byElement.get(c))));
      if (pieces.length < 2 || pieces.length !== el.children.length || el.textContent.length > 80 || holdsWidget(node)) continue;
    }
    const box = button || !node.texts.length ? visibleBox(node) : rangeBox(node.texts, node.clip);
    if (!box) continue;
    const own = button ? squeeze(el.value) : ownText(node);
    const whole = button ? own : holdsWidget(node, ['text', 'password', 'choice', 'list', 'box']) || textOf(el).length > 400 || !el.firstElementChild ? own : elementText(el);
    const click = clickableOf(node);
    const place = placeOf(node);
    const item = chain(node).find((n) => n.el.getAttribute('role') === 'treeitem' || n.el.getAttribute('role') === 'row' && n.el.hasAttribute('aria-level'));
    texts.push({
      id: idOf(el), own: own.slice(0, 400), whole: whole.slice(0, 400), box, start: node.start, end: node.end, depth: node.depth,
      up: chain(node).slice(0, 14).map((n) => [n.start, n.end]),
      click: click ? idOf(click.el) : 0, role: click ? (click.el.getAttribute('role') || click.el.tagName.toLowerCase()) : '', tag: el.tagName.toLowerCase(),
      disabled: !!click && isOff(click),
      expanded: (click && attr(click.el, 'aria-expanded')) || (item ? attr(item.el, 'aria-expanded') : ''), selected: (click && !isCursor(click) && (attr(click.el, 'aria-selected') || attr(click.el, 'aria-pressed') || attr(click.el, 'aria-checked'))) || (place.popup && isTicked(node) ? 'true' : ''),
      active: chain(node).slice(0, 3).some((n) => tokens(n.el).some((t) => /(^|[-_])(active|selected|current)$/.test(t))),
      level: item ? Number(item.el.getAttribute('aria-level')) || 0 : 0, ...place,
    });
  }

  return { texts };
}
