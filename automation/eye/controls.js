// Which elements are controls: those that say so, and those that are only drawn like one.
(page) => {
  const {
    nodes, kindOf, chain, byElement, tokens, pictureOf, EXPANDER, smallSquare, CHECK_CLASS, placeOf, isGlyph,
    squeeze, fullFrame, textOf, drawing, SELECTISH,
  } = page;

  const widgets = [];
  for (const node of nodes) {
    let kind = kindOf(node);
    if (!kind) continue;
    // one control, one widget: what stands inside a control belongs to it (a combobox's inner input, a check's input)
    const outer = chain(node).slice(1).find((n) => n.widget);
    if (outer) {
      const o = outer.widget;
      if (o.kind === 'choice' && ['text', 'choice', 'list'].includes(kind)) { if (node.el.tagName === 'INPUT') o.inner ||= node; continue; }
      if (['check', 'radio'].includes(o.kind) && ['check', 'radio'].includes(kind)) { o.inner ||= node; continue; }
    }
    node.widget = { node, kind, inner: null };
    widgets.push(node.widget);
  }
  const holdsWidget = (node, kinds) => nodes.slice(node.start, node.end).some((n) => n.widget && (!kinds || kinds.includes(n.widget.kind)));
  for (const w of widgets) {               // an input in the frame that a plugin drew right after the list which it hides
    if (w.kind !== 'text' || w.node.el.tagName !== 'INPUT') continue;
    const listBefore = (n) => byElement.get(n.el.previousElementSibling)?.widget;
    const frame = chain(w.node).slice(1, 6).find((n) => listBefore(n)?.kind === 'list' && !n.el.querySelector('label'));
    const hidden = frame && (({ displayed, opaque, rect }) => !displayed || !opaque || rect.width < 4 || rect.height < 4)(listBefore(frame).node);
    if (hidden && nodes.slice(frame.start, frame.end).filter((n) => n.widget).length === 1) [w.kind, w.instead] = ['choice', frame];
  }
  // an input with the arrow of a dropdown at its right end, by the arrow's name or its picture's
  const TRIGGER = /(^|[-_])(trigger|trig|arrow|caret|combo|drop-?down|down)([-_]|$)/, OTHER_TRIGGER = /date|calendar|time|clear|search|spin|(^|[-_])up/;
  for (const w of widgets) {
    const { el, rect, parent } = w.node;
    if (w.kind !== 'text' || el.tagName !== 'INPUT' || !parent) continue;
    const trigger = nodes.slice(parent.start + 1, parent.end).find((n) => n !== w.node && !n.widget && !n.texts.length && n.displayed && n.rect.width >= 10 && n.rect.width < 44
      && Math.abs(n.rect.top - rect.top) < 8 && Math.abs(n.rect.height - rect.height) < 12 && n.rect.left > rect.right - 44 && n.rect.left < rect.right + 8);
    const names = trigger ? [...tokens(trigger.el), pictureOf(trigger)] : [];
    if (names.some((t) => TRIGGER.test(t)) && !names.some((t) => OTHER_TRIGGER.test(t)) && (el.readOnly || names.some((t) => /arrow|caret|combo|down/.test(t)))) w.kind = 'choice';
  }
  // a plus or a minus in a square opens a folder; one that stands right after what does so is a check
  const opens = (n) => tokens(n.el).some((t) => EXPANDER.test(t) || /(plus|minus)-square/.test(t));
  const rightBefore = (a, b, room) => Math.abs(a.top + a.bottom - b.top - b.bottom) < 12 && a.right <= b.left + 2 && b.left - a.right < room;
  const afterArrow = ({ rect }) => nodes.some((n) => smallSquare(n.rect) && opens(n) && rightBefore(n.rect, rect, 24));
  // the picture of a tick belongs to the check that it is drawn for: beside it, or in the same small frame
  const inCheck = (node) => [node.parent, ...chain(node).slice(2, 5).filter((n) => smallSquare(n.rect))].filter(Boolean).some((n) => holdsWidget(n, ['check', 'radio']));
  const inControl = (node) => chain(node).slice(1).some((n, i) => n.widget && (i < 3 ? n.widget.kind !== 'list' : n.widget.kind === 'check'));
  for (const node of nodes) {             // drawn checks without any role or input
    if (node.widget || !node.displayed || !smallSquare(node.rect)) continue;
    if (!tokens(node.el).some((t) => CHECK_CLASS.test(t))) continue;
    if (holdsWidget(node) || inControl(node)) continue;
    if (inCheck(node)) continue;
    if (placeOf(node).nav && !chain(node).some((n) => n.el.getAttribute('role') === 'treeitem')) continue;
    if (/plus-square|minus-square/.test(node.el.className) && !/check/.test(node.el.className) && !afterArrow(node)) continue;
    node.widget = { node, kind: 'check', inner: null, drawn: true };
    widgets.push(node.widget);
  }
  const CHECK_PICTURE = /(^|[-_ ])((un-?)?(checked|check-?box|chk|uncheck|check-all|ticked)(box)?|partial(ly)?|indeterminate|undetermined|(half|gr[ae]y)-?check(ed)?)($|[-_ \d])/;
  const CHECK_GLYPH = /^(indeterminate_)?check_box(_outline_blank)?$/;
  const PICTURE_OFF = /un-?check|un-?tick|(^|[-_])(off|empty|blank|clear|none|no|0|false)($|[-_])|not-/;
  const PICTURE_ON = /checked|ticked|check-all|(^|[-_])(on|full|yes|1|true)($|[-_])/;
  // a box with a minus may be what folds a folder away: named so, or drawn right before the check of its line
  const folds = (node) => (chain(node).slice(0, 4).some(opens) && !afterArrow(node)) || widgets.some((w) => w.kind === 'check' && rightBefore(node.rect, w.node.rect, 30));
  for (const node of nodes) {
    const { el } = node;
    if (node.widget || !node.displayed || !node.opaque || !smallSquare(node.rect) || el.closest('a, button, [role=button]')) continue;
    const glyph = isGlyph(node) ? squeeze(el.textContent) : '';
    const square = node.rect.width < 28 && Math.abs(node.rect.width - node.rect.height) < 2 && fullFrame(node) && !textOf(el).trim() && el.closest('[role=option], [role=menuitem], [role=menuitemcheckbox]');
    if (el.tagName === 'svg' ? !/^box/.test(drawing(el)) : !CHECK_PICTURE.test(pictureOf(node)) && !CHECK_GLYPH.test(glyph) && !square) continue;
    if (folds(node) || holdsWidget(node) || inControl(node) || (node.parent && smallSquare(node.parent.rect) && inCheck(node))) continue;
    node.widget = { node, kind: 'check', inner: null, drawn: true };
    widgets.push(node.widget);
  }
  for (const node of nodes) {             // one of many chips, of which those that are taken show a tick or say so by their name
    const alike = (el) => [...(el.parentElement?.children || [])].filter((e) => e.tagName === el.tagName && tokens(e)[0] === tokens(el)[0]);
    if (node.widget || node.style.cursor !== 'pointer' || !node.texts.length || node.rect.height > 60 || node.rect.width > 400 || !tokens(node.el).some((t) => /(^|-)(chip|pill)(-|$)/.test(t))) continue;
    if (['A', 'LI'].includes(node.el.tagName) || node.el.hasAttribute('role') || node.el.hasAttribute('aria-pressed') || placeOf(node).nav || holdsWidget(node) || alike(node.el).length < 4) continue;
    node.widget = { node, kind: 'check', inner: null, chip: true };
    widgets.push(node.widget);
  }
  for (const node of nodes) {             // a tree item that carries the state itself
    if (node.widget || node.el.getAttribute('role') !== 'treeitem' || !node.el.hasAttribute('aria-checked')) continue;
    const own = nodes.slice(node.start + 1, node.end).find((n) => n.widget && n.widget.kind === 'check'
      && chain(n).find((p) => p.el.getAttribute('role') === 'treeitem') === node);
    if (own) continue;
    node.widget = { node, kind: 'check', inner: null, item: true };
    widgets.push(node.widget);
  }
  const UNFOLDS = /^(arrow_drop_down|expand_more|keyboard_arrow_down|unfold_more)$|(^|[-_])(caret|chevron-down|angle-down|arrow-down|caret-down)$/;
  const alike = (a, b) => ['left', 'top', 'right', 'bottom'].every((side) => Math.abs(a[side] - b[side]) < 3);
  // what fills a part that is called so, whose frame is drawn beside it
  const fillsSelect = (node) => node.el.hasAttribute('tabindex') && chain(node).slice(1, 3).some((n) => alike(n.rect, node.rect) && tokens(n.el).some((t) => SELECTISH.test(t)));
  const arrowAtItsEnd = (node) => {      // a frame around it, and at its right end the arrow of a dropdown
    return node.style.cursor === 'pointer' && ((fullFrame(node) && node.rect.width < 700) || fillsSelect(node)) && nodes.slice(node.start + 1, node.end).some((n) => n.rect.width > 5 && n.rect.width < 40
      && n.rect.left > node.rect.left + node.rect.width / 2 && n.rect.right > node.rect.right - 24
      && [...tokens(n.el), isGlyph(n) ? squeeze(n.el.textContent) : '', n.el.tagName === 'svg' ? drawing(n.el) : ''].some((name) => UNFOLDS.test(name)));
  };
  const ENTRIES = new Set(['option', 'listbox', 'menuitem', 'menuitemcheckbox', 'menu']);
  for (const node of nodes) {             // a box that behaves like a dropdown but says so nowhere; no entry of an open one
    if (node.widget || !node.displayed || node.rect.width < 50 || node.rect.height < 16 || node.rect.height > 200) continue;
    const el = node.el, tag = el.tagName;
    if (!['DIV', 'SPAN', 'A', 'BUTTON'].includes(tag) || chain(node).slice(0, 5).some((n) => ENTRIES.has(n.el.getAttribute('role')))) continue;
    const framedSelect = !el.hasAttribute('aria-expanded') && arrowAtItsEnd(node);   // chips may make it high
    if (node.rect.height > 70 && !framedSelect) continue;
    const selectish = framedSelect || tokens(el).some((t) => SELECTISH.test(t));
    const popup = ['true', 'menu', 'dialog', 'tree', 'grid'].includes(el.getAttribute('aria-haspopup') || '');
    if (!(selectish && (el.hasAttribute('tabindex') || tag === 'A' || tag === 'BUTTON' || node.style.cursor === 'pointer')) && !(popup && tag === 'BUTTON')) continue;
    if (holdsWidget(node) || chain(node).slice(1, 6).some((n) => n.widget)) continue;
    node.widget = { node, kind: 'box', inner: null };
    widgets.push(node.widget);
  }

  return { widgets, holdsWidget, CHECK_PICTURE, PICTURE_OFF, PICTURE_ON };
}
