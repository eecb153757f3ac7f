// The controls as a person sees them: box, names, value, state.
(page) => {
  const {
    visibleBox, nodes, widgets, itemCheckBox, visibleCheckBox, chain, idOf, namesOf, groupsOf, squeeze, attr,
    hintsOf, elementText, checkedOf, placeOf, tokens,
  } = page;

  const ghost = (n) => {                  // a control that nobody sees: what a plugin was put in place of, an empty row of chips
    const box = ['check', 'radio'].includes(n.widget.kind) ? [0, 0, 9, 9] : visibleBox(n);
    return !box || box[2] < 4 || box[3] < 4;
  };
  const framed = (node) => parseFloat(node.style.borderTopWidth) > 0 && parseFloat(node.style.borderLeftWidth) > 0;
  const outlined = (node) => {            // framed, be it by parts laid over it that draw its left and its right edge
    const sides = nodes.slice(node.start + 1, node.end).filter((n) => !n.widget && Math.abs(n.rect.height - node.rect.height) < 12);
    const left = sides.some((n) => parseFloat(n.style.borderLeftWidth) > 0 && Math.abs(n.rect.left - node.rect.left) < 3);
    return framed(node) || (left && sides.some((n) => parseFloat(n.style.borderRightWidth) > 0 && Math.abs(n.rect.right - node.rect.right) < 3));
  };
  const seenWidgets = [];
  for (const w of widgets) {
    const { node } = w, el = node.el, input = (w.inner || node).el;
    let box = null;
    if (w.item) box = itemCheckBox(w);
    else if (w.chip) box = visibleBox(node);
    else if (w.kind === 'check' || w.kind === 'radio') box = node.parent && node.parent.displayed ? visibleCheckBox(w) : null;
    else box = visibleBox(node);
    if (w.kind === 'choice' && el.tagName !== 'BUTTON' && (box ? box[2] < 30 || box[3] < 8 : node.displayed)) {
      // a combobox whose own input is tiny or transparent: its nearest wrapper that looks like a field
      for (let up = node.parent, i = 0; up && i < 5; i++, up = up.parent) {
        const b = visibleBox(up);
        if (nodes.slice(up.start, up.end).some((n) => n.widget && n.widget.kind !== 'box' && n.widget !== w && !ghost(n))) break;
        if (b && b[2] >= 50 && b[3] >= 16 && b[3] <= 120) { box = b; w.drawing = up; break; }
      }
    }
    const chips = (up) => nodes.slice(up.start, node.start).some((n) => n.texts.length && visibleBox(n));
    if ((w.kind === 'choice' || w.kind === 'text') && el.tagName === 'INPUT' && box && (!w.drawing || w.instead) && !framed(node)) {
      // an input without a frame of its own, after the chips of what is chosen: the frame around both is the control,
      // however high its chips made it where it stands in place of a list
      const up = chain(node).slice(1, 4).find(outlined);
      const opened = (n) => n.widget.kind === 'list' && n.start > node.start;
      const alone = up && nodes.slice(up.start, up.end).filter((n) => n.widget && n.widget.kind !== 'box' && !opened(n) && !ghost(n)).length === 1;
      if (alone && (w.kind === 'choice' || chips(up)) && (up.rect.height <= 160 || (w.instead && up.start >= w.instead.start))) box = visibleBox(up) || box;
    }
    if (!box) continue;
    if (w.kind !== 'check' && w.kind !== 'radio' && (box[2] < 4 || box[3] < 4)) continue;
    // the field around it: the largest ancestor with no other control in it, for reading what the control shows
    let field = node;
    while (field.parent && field.parent.el !== document.body
      && nodes.slice(field.parent.start, field.parent.end).filter((n) => n.widget && n.widget.kind !== 'box' && n.widget !== w && !ghost(n)).length === 0
      && field.parent.rect.height < Math.max(140, box[3] * 3)) field = field.parent;
    const native = el.tagName === 'SELECT';
    const item = chain(node).find((n) => n.el.getAttribute('role') === 'treeitem' || n.el.getAttribute('role') === 'row' && n.el.hasAttribute('aria-level'));
    seenWidgets.push({
      id: idOf(el), target: idOf((w.drawing || node).el), input: idOf(input), kind: w.kind, box,
      start: node.start, end: node.end, depth: node.depth, field: [field.start, field.end],
      names: namesOf(w), groups: groupsOf(node), aria: squeeze(attr(el, 'aria-label') || attr(input, 'aria-label')),
      placeholder: squeeze(attr(input, 'placeholder', 'data-placeholder')), hints: hintsOf(w),
      value: ['password', 'check', 'radio'].includes(w.kind) ? '' : native ? squeeze([...el.selectedOptions].map((o) => o.label).join('\n')) : squeeze(input.value ?? elementText(el)),
      length: typeof input.value === 'string' ? input.value.length : 0,
      maxlength: Number(input.getAttribute && input.getAttribute('maxlength')) || 0,
      checked: ['check', 'radio'].includes(w.kind) ? checkedOf(w) : '',
      enabled: !(input.matches(':disabled') || el.hasAttribute('disabled') || el.getAttribute('aria-disabled') === 'true' || (w.kind === 'check' && chain(node).slice(0, 3).some((n) => n.el.getAttribute('aria-disabled') === 'true' || n.el.disabled))),
      readonly: !!input.readOnly || el.getAttribute('aria-readonly') === 'true',
      native, multiple: !!el.multiple || el.getAttribute('aria-multiselectable') === 'true',
      options: native ? [...el.options].map((o) => [squeeze(o.label), o.selected, o.disabled || o.value === '']) : [],
      expanded: attr(el, 'aria-expanded'), tag: el.tagName.toLowerCase(), role: attr(el, 'role'), drawn: !!w.drawing || !!w.drawn || !!w.item,
      level: item ? Number(item.el.getAttribute('aria-level')) || 0 : 0, scroller: placeOf(node).scroller, row: placeOf(node).row,
      over: !!node.parent && placeOf(node.parent).popup,
    });
  }
  // a row of alike buttons that says it is one, as "btn-group": which of them are down is told by a word among their names
  const DOWN = /^((btn|button|is|ui-state)[-_])?(active|pressed|selected|checked|down)$/;
  const inGroup = (node) => !!node.parent && tokens(node.parent.el).some((t) => /(^|[-_])(btn|button|toggle)[-_]?group$/.test(t));
  for (const node of nodes) {             // a button with words that stays down
    const { el } = node, says = el.hasAttribute('aria-pressed'), box = (says || inGroup(node)) && visibleBox(node);
    if (!box || !(el.tagName === 'BUTTON' || el.getAttribute('role') === 'button') || !elementText(el)) continue;
    const place = placeOf(node);
    seenWidgets.push({
      id: idOf(el), target: idOf(el), input: idOf(el), kind: 'toggle', box, start: node.start, end: node.end, depth: node.depth, field: [node.start, node.end],
      names: [elementText(el)], groups: groupsOf(node), aria: squeeze(attr(el, 'aria-label')), placeholder: '', hints: [], value: '', length: 0, maxlength: 0,
      checked: says ? el.getAttribute('aria-pressed') : String(tokens(el).some((t) => DOWN.test(t))), enabled: !el.disabled && el.getAttribute('aria-disabled') !== 'true', readonly: false, native: false, multiple: false, options: [],
      expanded: '', tag: el.tagName.toLowerCase(), role: attr(el, 'role'), drawn: false, level: 0, over: !!node.parent && placeOf(node.parent).popup, scroller: place.scroller, row: place.row,
    });
  }
  // a native select hidden behind a visible plugin is the plugin's business
  const controls = seenWidgets.filter((w) => !(w.native && (w.box[2] < 4 || w.box[3] < 4)));

  return { controls };
}
