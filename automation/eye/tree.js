// The page as one flat tree, read once: each element with its parent, style, box and clipping, and the words in it.
// Looks through open shadow roots and slots; tells what is invisible from what is only scrolled away.
(page) => {
  const SKIP = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'HEAD', 'META', 'LINK', 'TITLE', 'OPTION', 'OPTGROUP']);
  const squeeze = (s) => (s || '').replace(/[\s\u00a0]+/g, ' ').trim();
  const className = (el) => (typeof el.className === 'string' ? el.className : (el.className?.baseVal || ''));
  const names = new Map();               // of each element, as they are during this look
  const namesOf = (el) => `${className(el)} ${el.getAttribute('part') || ''}`.toLowerCase().split(/\s+/).filter(Boolean);  // web components name their parts so
  const tokens = (el) => names.get(el) ?? names.set(el, namesOf(el)).get(el);
  const attr = (el, ...names) => { for (const n of names) { const v = el.getAttribute(n); if (v) return v; } return ''; };

  const nodes = [];                       // {el, parent, depth, start, end, style, rect, displayed, opaque, clip, ownClip, away, texts, widget}
  const byElement = new Map();
  const childrenOf = (el) => {
    if (el.tagName === 'SLOT') { const given = el.assignedNodes(); return given.length ? given : el.childNodes; }
    return el.shadowRoot ? el.shadowRoot.childNodes : el.childNodes;
  };
  // a slot only marks where words go that stand elsewhere in the page's source: it has no box and is no part to click
  const isMark = (el) => el.tagName === 'SLOT' && getComputedStyle(el).display === 'contents';
  const within = (a, b) => ({ x: Math.max(a.x, b.x), y: Math.max(a.y, b.y), r: Math.min(a.r, b.r), b: Math.min(a.b, b.b) });
  const empty = (c) => c.r - c.x < 1 || c.b - c.y < 1;
  const everywhere = { x: -1e6, y: -1e6, r: 1e6, b: 1e6 };

  // hides nothing: a script scrolls it, with a bar that it draws itself
  const isBar = (el) => tokens(el).some((t) => /(^|[-_])scroll-?bar([-_]|$)/.test(t)) && el.clientHeight > 2 * el.clientWidth;
  const moved = (el, style) => style.overflowY === 'hidden' && (style.overflowAnchor === 'none' || (el.scrollHeight > el.clientHeight + 4 && [...el.children].some(isBar)));
  const visit = (el, parent) => {
    if (SKIP.has(el.tagName) || nodes.length > 20000) return;
    const style = getComputedStyle(el);
    const displayed = style.display !== 'none' && (!parent || parent.displayed);
    const rect = displayed ? el.getBoundingClientRect() : { left: 0, top: 0, width: 0, height: 0, right: 0, bottom: 0 };
    const node = {
      el, parent, depth: parent ? parent.depth + 1 : 0, start: nodes.length, end: 0, style, rect, displayed,
      opaque: (!parent || parent.opaque) && parseFloat(style.opacity) > 0.05,
      clip: parent ? parent.clip : everywhere, texts: [], widget: null,
    };
    if (style.position === 'fixed') node.clip = everywhere;
    node.ownClip = node.clip;
    const hides = (v) => v === 'hidden' || v === 'clip';
    if (el !== document.documentElement && el !== document.body && displayed) {
      const c = { ...everywhere };
      if (hides(style.overflowX)) { c.x = rect.left; c.r = rect.right; }
      const away = node.away = moved(el, style) || /auto|scroll|overlay/.test(style.overflowY);
      if (hides(style.overflowY) && !away) { c.y = rect.top; c.b = rect.bottom; }
      // what has scrolled away in it can be scrolled to, also where a frame around it hides what goes over its edge
      const seen = away && !empty(within(node.clip, { x: rect.left, y: rect.top, r: rect.right, b: rect.bottom }));
      node.clip = within(seen ? { ...node.clip, y: everywhere.y, b: everywhere.b } : node.clip, c);
    }
    if (style.clipPath && style.clipPath !== 'none' && /inset\(\s*(50|100)%/.test(style.clipPath)) node.opaque = false;
    if (/absolute|fixed/.test(style.position) && /rect\((0|1)px,? (0|1)px,? (0|1)px,? (0|1)px\)/.test(style.clip)) node.opaque = false;
    nodes.push(node);
    byElement.set(el, node);
    const take = (child) => {
      if (child.nodeType === 1 && !isMark(child)) visit(child, node);
      else if (child.nodeType === 1) [...childrenOf(child)].forEach(take);
      else if (child.nodeType === 3 && child.data.trim()) node.texts.push(child);
      node.slotted ||= child.tagName === 'SLOT' || (child.nodeType === 1 && !!byElement.get(child)?.slotted);
    };
    node.slotted = !!el.shadowRoot || el.tagName === 'SLOT';
    // a closed part may be kept so that a search in the page finds it: it has boxes, but nobody sees it
    if (displayed && style.contentVisibility !== 'hidden') [...childrenOf(el)].forEach(take);
    node.end = nodes.length;
  };
  if (document.body) visit(document.body, null);

  const gap = (text) => {                   // pieces of text that follow each other directly are drawn as one
    let space = '', at = text.previousSibling;
    for (; at && (at.nodeType === 8 || (at.nodeType === 3 && !at.data.trim())); at = at.previousSibling) if (at.nodeType === 3 && at.data) space = ' ';
    return at && at.nodeType === 3 ? space : ' ';
  };
  const ownText = (node) => squeeze(node.texts.map((t) => gap(t) + t.data).join(''));

  const boxOf = (rect, clip) => {
    const c = within({ x: rect.left, y: rect.top, r: rect.right, b: rect.bottom }, clip);
    return empty(c) ? null : [c.x, c.y, c.r - c.x, c.b - c.y].map((v) => Math.round(v * 10) / 10);
  };
  const visibleBox = (node) =>
    node.displayed && node.opaque && node.style.visibility === 'visible' ? boxOf(node.rect, node.ownClip) : null;
  const chain = (node) => (node ? node.up ||= [node, ...chain(node.parent)] : []);   // itself and all that it stands in
  // what stands in an element also where shadow roots and slots are in it, of which neither innerText nor textContent knows
  const drawnText = (el, seen) => [...childrenOf(el)].map((child) => {
    if (child.nodeType === 3) return child.data;
    if (child.nodeType !== 1 || SKIP.has(child.tagName)) return '';
    if (isMark(child)) return drawnText(child, seen);
    const style = byElement.get(child)?.style ?? getComputedStyle(child);
    if (seen && (style.display === 'none' || style.visibility !== 'visible' || byElement.get(child)?.opaque === false)) return '';
    return style.display === 'inline' ? drawnText(child, seen) : ` ${drawnText(child, seen)} `;
  }).join('');
  const textOf = (el) => (byElement.get(el)?.slotted ? drawnText(el, false) : el.textContent);
  // a picture that a font draws for its name, as "more_vert"
  const isGlyph = (node) => /\b(icons|symbols)\b/i.test(node.style.fontFamily) && /^[a-z0-9_]+$/.test(squeeze(textOf(node.el)));
  const elementText = (el) => squeeze(byElement.get(el)?.slotted ? drawnText(el, true) : el.innerText ?? el.textContent);
  const rangeBox = (list, clip) => {
    let c = null;
    const range = document.createRange();
    for (const t of list) {
      range.selectNodeContents(t);
      for (const r of range.getClientRects()) {
        if (r.width < 1 || r.height < 1) continue;
        c = c ? { left: Math.min(c.left, r.left), top: Math.min(c.top, r.top), right: Math.max(c.right, r.right), bottom: Math.max(c.bottom, r.bottom) }
              : { left: r.left, top: r.top, right: r.right, bottom: r.bottom };
      }
    }
    return c && boxOf(c, clip);
  };
  const unseen = (color) => /^(transparent|rgba\(.*, 0\))$/.test(color);
  const fullFrame = ({ style }) => ['Top', 'Right', 'Bottom', 'Left'].every((side) => parseFloat(style[`border${side}Width`]) > 0 && !unseen(style[`border${side}Color`]));
  const smallSquare = (rect) => rect.width >= 8 && rect.width <= 44 && rect.height >= 8 && rect.height <= 44;

  return {
    squeeze, tokens, attr, nodes, byElement, ownText, boxOf, visibleBox, chain, textOf, isGlyph,
    elementText, rangeBox, unseen, fullFrame, smallSquare,
  };
}
