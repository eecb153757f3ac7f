// Things to click that show no words, as an arrow, a bin, a plus.
(page) => {
  const {
    chain, unseen, nodes, smallSquare, tokens, EXPANDER, pictureOf, store, visibleBox, holdsWidget, textOf,
    elementText, isGlyph, rangeBox, drawing, idOf, squeeze, attr, isOff, placeOf,
  } = page;

  const EXPANDS = /^(tree|elbow|node|icon)?-?(end-)?(plus|minus|expand(er|ed)?|collapsed?)\d?$/;   // as a picture is called
  const treeOf = (node) => chain(node).find((n) => ['tree', 'treegrid'].includes(n.el.getAttribute('role')))?.el;
  // the room kept before a leaf for the arrow that only folders have: nothing is drawn in it
  const DRAWS = new Set(['svg', 'IMG', 'CANVAS', 'PICTURE', 'OBJECT']);
  const paints = (style) => style.backgroundImage !== 'none' || style.maskImage !== 'none' || style.boxShadow !== 'none' || !unseen(style.backgroundColor)
    || ['Top', 'Right', 'Bottom', 'Left'].some((side) => parseFloat(style[`border${side}Width`]) > 0 && !unseen(style[`border${side}Color`]));
  const blank = (node) => nodes.slice(node.start, node.end).every((n) => !n.displayed || !(n.texts.length || n.widget || DRAWS.has(n.el.tagName)
    || (n.el.tagName.includes('-') && !n.el.shadowRoot) || paints(n.style)
    || ['::before', '::after'].some((part) => !['none', 'normal'].includes(getComputedStyle(n.el, part).content))));
  // a font's picture that is stretched to the height of what stands beside it is drawn in its first line
  const drawsOnly = (n) => !n.texts.length && n.end === n.start + 1 && !['none', 'normal'].includes(getComputedStyle(n.el, '::before').content);
  const stretched = (n) => n.rect.height > 44 && n.rect.width >= 8 && n.rect.width <= 44
    && (n.style.display === 'block' || (n.style.display === 'table-cell' && /top|baseline/.test(n.style.verticalAlign))) && drawsOnly(n);
  const firstLine = ({ style }) => Math.min(parseFloat(style.paddingTop) + (parseFloat(style.lineHeight) || 1.2 * parseFloat(style.fontSize)), 44);
  const arrows = nodes.filter((n) => (smallSquare(n.rect) || stretched(n)) && !n.texts.length && (tokens(n.el).some((t) => EXPANDER.test(t)) || EXPANDS.test(pictureOf(n))) && !(treeOf(n) && blank(n)));
  const handed = (store.handed ||= new WeakSet());   // trees where the mouse shows a hand over what opens: the same place before a leaf has none
  const itemOf = (node) => chain(node).find((n) => n.el.getAttribute('role') === 'treeitem');
  const inTrees = Map.groupBy(arrows.filter(treeOf), treeOf);
  for (const [tree, all] of inTrees) {
    const hands = new Set(all.filter((n) => n.style.cursor === 'pointer').map(itemOf));
    // the one under the mouse may show a hand where no other does, though these say that they open, too
    const lone = hands.size === 1 && all.some((n) => n.style.cursor !== 'pointer' && itemOf(n)?.el.hasAttribute('aria-expanded') && !hands.has(itemOf(n)));
    if (hands.size && !lone) handed.add(tree);
  }
  const expanders = new Set(arrows.filter((n) => n.style.cursor === 'pointer' || !handed.has(treeOf(n))));
  // a folder of a tree that has none so named: the small drawing before its words and its check
  const named = new Set(arrows.map(treeOf));
  const ownLine = (item) => nodes.slice(item.start + 1, item.end).filter((n) => chain(n).findLast((m) => m.el.getAttribute('role') === 'treeitem' && m !== n) === item);
  const unnamed = new Set(nodes.filter((n) => n.el.getAttribute('role') === 'treeitem' && n.el.hasAttribute('aria-expanded') && !named.has(treeOf(n))).map((item) => {
    const line = ownLine(item);
    if (line.some((n) => expanders.has(n) || n.el.tagName === 'BUTTON' || n.el.getAttribute('role') === 'button')) return null;
    const first = line.find((n) => n.texts.length || n.widget || n.el.tagName === 'LABEL' || n.el.tagName === 'svg' || smallSquare(n.rect));
    return first && smallSquare(first.rect) && visibleBox(first) && !first.texts.length && !first.widget && !first.el.closest('label') && !holdsWidget(first) && !textOf(first.el).trim() ? first : null;
  }).filter(Boolean));
  // a picture that is named in two words, as "right chevron"
  const inTwoWords = ({ el }) => ['chevron', 'angle', 'arrow', 'caret'].flatMap((shape) => ['left', 'right', 'up', 'down'].map((side) => [shape, side]))
    .filter((pair) => pair.every((word) => tokens(el).includes(word))).map((pair) => pair.join('-'))[0];
  const icons = [];
  for (const node of nodes) {
    const { el } = node, tag = el.tagName, role = el.getAttribute('role') || '';
    const image = tag === 'INPUT' && el.type === 'image';
    if (node.widget || !(expanders.has(node) || unnamed.has(node) || tag === 'A' || tag === 'BUTTON' || image || ['button', 'link', 'menuitem', 'tab'].includes(role) || el.hasAttribute('ng-click') || el.hasAttribute('onclick')
      || (node.style.cursor === 'pointer' && (!node.parent || node.parent.style.cursor !== 'pointer')))) continue;
    const box = visibleBox(node);
    if (box && stretched(node)) box[3] = Math.min(box[3], firstLine(node));
    if (!box || box[2] > 200 || box[3] > 120) continue;
    const words = textOf(el).trim() ? elementText(el) : '';
    // words in it that nobody sees, as the names in a menu that is folded to its pictures, are none
    const drawn = nodes.slice(node.start, node.end).every((n) => !n.texts.length || isGlyph(n) || !n.opaque || !rangeBox(n.texts, n.clip));
    if (!drawn && words.replace(/[\ue000-\uf8ff+×✕✖›»‹«⏻…⋮<>]/g, '').replace(/[a-z]+_[a-z_]+/g, '').length > 2 && !/^(add|close|logout|power_settings_new|more_vert|search|edit|clear)$/.test(words)) continue;
    const inside = nodes.slice(node.start, node.end).filter((n) => n.displayed).concat(node.parent ? [node.parent] : []);
    const said = inside.flatMap((n) => ['aria-label', 'title', 'data-tooltip-content', 'data-original-title', 'data-tooltip', 'data-title', 'uib-tooltip', 'alt', 'mattooltip', 'data-pr-tooltip'].map((a) => n.el.getAttribute(a)));
    // a side named by what holds several of them says where it stands, as "right floated"
    const sides = (n) => (n === node.parent && n.el.childElementCount > 1 ? tokens(n.el).filter((t) => !/^(left|right)$/.test(t)) : tokens(n.el));
    const glyphs = inside.flatMap((n) => [...sides(n), ...['data-testid', 'data-test-id', 'data-icon', 'icon', 'name', 'href', 'xlink:href', 'id'].map((a) => n.el.getAttribute(a))]);
    glyphs.push(...inside.filter((n) => n.start >= node.start).map(inTwoWords));
    const svg = tag === 'svg' ? el : el.querySelector('svg');
    if (svg) glyphs.push(drawing(svg));
    if (unnamed.has(node)) glyphs.push('arrow');
    if (expanders.has(node)) glyphs.push(pictureOf(node));
    glyphs.push(...chain(node).slice(2, 6).flatMap((n) => tokens(n.el)).filter((t) => /pag(er|ination|inator)/.test(t)));
    icons.push({
      id: idOf(el), box, start: node.start, end: node.end, shown: words.slice(0, 40),
      said: [...new Set([...said, textOf(el)].map(squeeze).filter((s) => s && s.length < 80))],
      glyphs: [...new Set(glyphs.filter((g) => g && typeof g === 'string' && g.length < 80).map((g) => g.toLowerCase()))],
      expanded: attr(el, 'aria-expanded'), disabled: isOff(node),
      ...placeOf(node),
    });
  }

  return { icons };
}
