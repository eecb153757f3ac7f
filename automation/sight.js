// What a person sees in one frame, as plain data: texts with their boxes, controls with their state, things to click.
// Looks through open shadow roots and slots; tells what is invisible from what is only scrolled away; changes nothing.
// Every element keeps one number for as long as it lives, so two looks can be compared and an element found again.
// Installed once in a document (screen.py), so that the engine compiles and warms it up once. `known` is the mark of the
// look that the caller has in hand: when this one is just the same, only its mark comes back.
(known) => {
  let host = null;
  try { host = window.frameElement; } catch { host = null; }         // a frame of another origin
  if (window !== window.top && (innerWidth < 5 || innerHeight < 5 || (host && !host.checkVisibility({ visibilityProperty: true })))) return {};

  const KEY = Symbol.for('onespot.sight');
  const store = window[KEY] ||= { ids: new WeakMap(), refs: new Map(), next: 1 };
  const idOf = (el) => {
    let id = store.ids.get(el);
    if (!id) { id = store.next++; store.ids.set(el, id); store.refs.set(id, new WeakRef(el)); }
    return id;
  };

  const SKIP = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'HEAD', 'META', 'LINK', 'TITLE', 'OPTION', 'OPTGROUP']);
  const INLINE = new Set(['B', 'STRONG', 'EM', 'I', 'SPAN', 'SMALL', 'SUP', 'SUB', 'FONT', 'MARK', 'ABBR', 'U', 'CODE', 'BDI']);
  const squeeze = (s) => (s || '').replace(/[\s\u00a0]+/g, ' ').trim();
  const className = (el) => (typeof el.className === 'string' ? el.className : (el.className?.baseVal || ''));
  const tokens = (el) => `${className(el)} ${el.getAttribute('part') || ''}`.toLowerCase().split(/\s+/).filter(Boolean);  // web components name their parts so
  const attr = (el, ...names) => { for (const n of names) { const v = el.getAttribute(n); if (v) return v; } return ''; };

  // ---- the flat tree, once: order, depth, parents, clipping -------------------------------------------------------
  const nodes = [];                       // {el, parent, depth, start, end, style, rect, shown, clip}
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
      const away = moved(el, style) || /auto|scroll|overlay/.test(style.overflowY);
      if (hides(style.overflowY) && !away) { c.y = rect.top; c.b = rect.bottom; }
      // what has scrolled away in it can be scrolled to, also where a frame around it hides what goes over its edge
      const seen = away && !empty(within(node.clip, { x: rect.left, y: rect.top, r: rect.right, b: rect.bottom }));
      node.clip = within(seen ? { ...node.clip, y: everywhere.y, b: everywhere.b } : node.clip, c);
    }
    if (style.clipPath && style.clipPath !== 'none' && /inset\(\s*(50|100)%/.test(style.clipPath)) node.opaque = false;
    if (style.clip && /rect\((0|1)px,? (0|1)px,? (0|1)px,? (0|1)px\)/.test(style.clip)) node.opaque = false;
    nodes.push(node);
    byElement.set(el, node);
    const take = (child) => {
      if (child.nodeType === 1 && !isMark(child)) visit(child, node);
      else if (child.nodeType === 1) [...childrenOf(child)].forEach(take);
      else if (child.nodeType === 3 && child.data.trim()) node.texts.push(child);
      node.slotted ||= child.tagName === 'SLOT' || (child.nodeType === 1 && !!byElement.get(child)?.slotted);
    };
    node.slotted = !!el.shadowRoot || el.tagName === 'SLOT';
    if (displayed) [...childrenOf(el)].forEach(take);
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
  const chain = (node) => { const up = []; for (let n = node; n; n = n.parent) up.push(n); return up; };
  // a picture that a font draws for its name, as "more_vert"
  // what stands in an element also where shadow roots and slots are in it, of which neither innerText nor textContent knows
  const drawnText = (el, seen) => [...childrenOf(el)].map((child) => {
    if (child.nodeType === 3) return child.data;
    if (child.nodeType !== 1 || SKIP.has(child.tagName)) return '';
    if (isMark(child)) return drawnText(child, seen);
    const style = byElement.get(child)?.style ?? getComputedStyle(child);
    if (seen && (style.display === 'none' || style.visibility !== 'visible')) return '';
    return style.display === 'inline' ? drawnText(child, seen) : ` ${drawnText(child, seen)} `;
  }).join('');
  const textOf = (el) => (byElement.get(el)?.slotted ? drawnText(el, false) : el.textContent);
  const isGlyph = (node) => /\b(icons|symbols)\b/i.test(node.style.fontFamily) && /^[a-z0-9_]+$/.test(squeeze(textOf(node.el)));
  const elementText = (el) => squeeze(byElement.get(el)?.slotted ? drawnText(el, true) : el.innerText ?? el.textContent);

  // ---- what keeps every click from the page, and the windows that lie over it ----------------------------------------
  const hitAt = (x, y) => {
    let hit = document.elementFromPoint(x, y);
    for (let deeper = hit; deeper?.shadowRoot && (deeper = deeper.shadowRoot.elementFromPoint(x, y)) && deeper !== hit;) hit = deeper;
    return hit;
  };
  const big = (b) => b && b[2] * b[3] > 0.7 * innerWidth * innerHeight;
  const lifted = (n) => n.style.position === 'fixed' || n.style.position === 'absolute';
  const layers = nodes.filter((n) => lifted(n) && n.style.pointerEvents !== 'none' && big(boxOf(n.rect, n.ownClip)));
  // some kits draw it so faintly that nobody sees it, and it keeps every click from the page all the same
  const catches = (n) => n.displayed && n.style.visibility === 'visible' && [[2, 2], [innerWidth - 3, innerHeight - 3]].some(([x, y]) => hitAt(x, y) === n.el);
  const called = (n) => tokens(n.el).some((t) => /backdrop|overlay|mask|scrim|modal/.test(t)) && (visibleBox(n) || catches(n));
  // whatever it is called: half seen through, it dims what lies outside of it and catches its clicks
  const unseen = (color) => /^(transparent|rgba\(.*, 0\))$/.test(color);
  const half = ({ style }) => /[,/] ?0?\.\d+\)$/.test(style.backgroundColor) || (parseFloat(style.opacity) < 0.95 && !unseen(style.backgroundColor));
  const outside = (n) => nodes.some((m) => m.texts.length && (m.end <= n.start || m.start >= n.end) && visibleBox(m));
  const faint = layers.filter((n) => half(n) && visibleBox(n) && outside(n));
  const top = faint.find(catches);
  const dimmed = top ? faint.filter((n) => n.start <= top.start) : [];   // with those that it lies over
  const backdrops = layers.filter((n) => dimmed.includes(n) || called(n));
  const backdrop = backdrops.length > 0;
  // a window may say nowhere that it is one: what is hit there in place of the backdrop, with all of it, and reacts
  const over = (n) => chain(n).filter((m) => !big(boxOf(m.rect, m.ownClip)) && !backdrops.some((b) => m.start <= b.start && b.start < m.end)).at(-1);
  const CONTROL = 'button, input, select, textarea, [role=button]';
  const isWindow = (n) => n.rect.width * n.rect.height > 40000 && !chain(n).some((m) => ['HEADER', 'NAV', 'FOOTER'].includes(m.el.tagName)) && n.el.querySelector(CONTROL);
  // what an open menu or dropdown lays over the page, to be closed by a press beside it, is seen through
  const shades = backdrops.filter((n) => catches(n) && visibleBox(n) && !unseen(n.style.backgroundColor));
  const isMenu = (n) => nodes.slice(n.start, n.end).some((m) => ['menu', 'listbox'].includes(m.el.getAttribute('role')) && m.rect.width * m.rect.height > 0.7 * n.rect.width * n.rect.height);
  const spots = shades.length ? [...Array(64).keys()].map((i) => [(i % 8 + 0.5) * innerWidth / 8, (Math.floor(i / 8) + 0.5) * innerHeight / 8]) : [];
  const hits = new Set(spots.map(([x, y]) => byElement.get(hitAt(x, y))).filter((n) => n && !backdrops.includes(n)));
  // or the one that stands on what dims the page: in it, else the lowest of what lies beside and above it
  const height = (n) => parseInt(n.style.zIndex) || 0;
  const solid = (n) => { const b = visibleBox(n); return b && b[2] * b[3] > 4000 && b[2] * b[3] < 0.9 * innerWidth * innerHeight && elementText(n.el); };
  const windowOn = (n) => {
    const inside = nodes.slice(n.start + 1, n.end).filter((m) => m.parent === n && solid(m));
    const beside = nodes.filter((m) => m !== n && m.parent === n.parent && lifted(m) && height(m) >= height(n) && (m.start > n.start || height(m) > height(n)) && solid(m));
    return inside[0] || beside.sort((a, b) => height(a) - height(b) || a.start - b.start)[0];
  };
  const WAITS = /^(please wait|loading|saving|working|processing|one moment)\b.{0,20}$/i;
  const stands = dimmed.map(windowOn).filter(Boolean);
  const waits = [...dimmed, ...stands].some((n) => WAITS.test(elementText(n.el)));
  const reacts = (n) => nodes.slice(n.start, n.end).some((m) => m.el.matches(CONTROL) || m.style.cursor === 'pointer');
  const windows = new Set([...[...hits].map(over).filter((n) => n && isWindow(n)), ...stands.filter((n) => reacts(n) && !WAITS.test(elementText(n.el)))].filter((n) => !isMenu(n)));

  const NAVISH = /^((ant|p|e|k|mat|v|el|pms|rev|ui|bp|mdc)-)?(nav|navbar|menu|sidebar|sidenav|panel-?menu|breadcrumb)(-|$)/;
  const NAV_ROLES = new Set(['navigation', 'menu', 'menubar', 'banner', 'complementary']);
  const ROW_ROLES = new Set(['row', 'listitem', 'option', 'treeitem']);
  const placeOf = (node) => (node.place ||= placeIn(node, node.parent ? placeOf(node.parent) : { nav: false, menu: false, strip: false, row: 0, scroller: 0, tree: 0, popup: false, head: false, tab: false }));
  // a table of one line right above another one with as many columns as wide: its heads, which don't scroll with it
  const headsNext = ({ el, rect }) => el.rows.length === 1 && [...(el.parentElement?.parentElement?.querySelectorAll('table') || [])].some((t) => {
    const r = t.getBoundingClientRect(), top = Math.max(r.top, t.parentElement.getBoundingClientRect().top);   // it may have scrolled
    return t !== el && t.rows.length && t.rows[0].cells.length === el.rows[0].cells.length && Math.abs(r.left - rect.left) < 3 && Math.abs(r.width - rect.width) < 20 && top >= rect.bottom - 3 && top < rect.bottom + 6;
  });
  const placeIn = (node, outer) => {      // where it stands: what it is itself, else what the parts around it are
    const { el, style } = node, role = el.getAttribute('role') || '', tag = el.tagName, names = tokens(el);
    const z = parseInt(style.zIndex) || 0;
    const isRow = tag === 'TR' || tag === 'LI' || ROW_ROLES.has(role);
    const scrolls = node.parent && el.scrollHeight > el.clientHeight + 4
      && (/auto|scroll|overlay/.test(style.overflowY) || moved(el, style));
    const frame = node.rect.width > 0.6 * innerWidth && node.rect.height > 0.5 * innerHeight;  // named for the menu in it, holds the page
    const menu = outer.menu || tag === 'NAV' || (tag === 'ASIDE' && !windows.has(node)) || tag === 'HEADER' || NAV_ROLES.has(role) || (!frame && names.some((t) => NAVISH.test(t) && !/-content$/.test(t))) || el.id === 'sidebar';
    const strip = role === 'tablist' || (outer.strip && role !== 'tabpanel');  // what a tab opens is content, also where it stands in the strip
    return {
      nav: menu || strip, menu, strip,
      row: isRow ? idOf(el) : outer.row,
      scroller: scrolls ? idOf(el) : outer.scroller,
      tree: outer.tree || (['tree', 'treegrid'].includes(role) ? idOf(el) : 0),
      popup: outer.popup || (style.position === 'fixed' && z > 0) || (style.position === 'absolute' && z >= 900),
      head: outer.head || (tag === 'TABLE' && headsNext(node)) || tag === 'THEAD' || role === 'columnheader' || (tag === 'TH' && ![...(el.parentElement || el).children].some((c) => c.tagName === 'TD')),
      tab: outer.tab || role === 'tab' || (['LI', 'A', 'BUTTON'].includes(tag) && names.some((t) => /(^|-)tab$/.test(t))),
    };
  };
  // ---- controls ---------------------------------------------------------------------------------------------------
  const TEXTY = new Set(['', 'text', 'email', 'tel', 'number', 'search', 'url', 'date', 'time', 'datetime-local', 'month', 'week']);
  const CHECK_CLASS = /(^|[-_])(check-?box|checkmark-?box|chk|checkbox-?(box|inner|frame|icon|control))($|[-_])|(^|-)(check-?square|square-?check|square-o|square|check-square-o|minus-square-o|toggle-o(n|ff)|checkbox-(blank|marked|checked|unchecked).*|glyphicon-(un)?check(ed)?)$/;
  const CHECK_ON = /(^|[-_])(checked|clicked|selected|highlight|ticked|is-checked|on|e-check|check-square|square-check|check-square-o|marked|toggle-on)$|glyphicon-check$|checkbox-marked|check-square/;
  const CHECK_OFF = /unchecked|blank|not-checked|^(fa-|glyphicon-)?square-o$|(^|-)off$/;
  const CHECK_MIXED = /indeterminate|undetermined|mixed|partial|minus-square|e-stop$|half/;
  const SELECTISH = /(^|[-_])(multi-?select|select|drop-?down|combo-?box|picker|chosen)([-_]|$)/;

  const kindOf = (node) => {
    const { el } = node, tag = el.tagName, role = el.getAttribute('role') || '';
    if (tag === 'INPUT') {
      const type = (el.getAttribute('type') || '').toLowerCase();
      if (type === 'hidden' || type === 'file') return '';
      if (type === 'checkbox') return 'check';
      if (type === 'radio') return 'radio';
      if (['button', 'submit', 'reset', 'image'].includes(type)) return '';
      if (type === 'password') return 'password';
      if (role === 'combobox' || (el.readOnly && el.getAttribute('aria-haspopup'))) return 'choice';
      return TEXTY.has(type) ? 'text' : '';
    }
    if (tag === 'TEXTAREA') return 'text';
    if (tag === 'SELECT') return el.multiple || el.size > 1 ? 'list' : 'choice';
    if (role === 'checkbox' || role === 'switch' || role === 'menuitemcheckbox') return 'check';
    if (role === 'radio') return 'radio';
    if (role === 'combobox') return 'choice';
    if (role === 'textbox' || role === 'searchbox') return el.isContentEditable ? 'text' : '';
    if (role === 'listbox') return 'list';
    if (el.getAttribute('aria-haspopup') === 'listbox') return 'choice';
    return '';
  };
  const EXPANDER = /(^|[-_])(expand(able|er|ed|icon)?|collaps(e|ible|ed|er)|toggler?|arrow|caret|chevron|switcher|ocl|twist(y|ie)?|disclosure|angle|elbow-(end-)?(plus|minus))([-_]|$)/;
  const fullFrame = ({ style }) => ['Top', 'Right', 'Bottom', 'Left'].every((side) => parseFloat(style[`border${side}Width`]) > 0 && !unseen(style[`border${side}Color`]));
  const smallSquare = (rect) => rect.width >= 8 && rect.width <= 44 && rect.height >= 8 && rect.height <= 44;

  const drawnIn = (svg, kinds) => [...svg.querySelectorAll(kinds)].map((s) => [s, getComputedStyle(s)]).filter(([, style]) => style.fill !== 'none' || style.stroke !== 'none');
  const covers = ([s, style], point) => (style.fill !== 'none' && s.isPointInFill(point)) || (style.stroke !== 'none' && s.isPointInStroke(point));
  const isPlus = (svg) => {                // drawn as a plus, whatever it is called: both middle lines full, corners empty
    const shapes = drawnIn(svg, 'path, line, polyline, polygon, rect');
    if (!shapes.length || shapes.length > 3) return false;
    const boxes = shapes.map(([s]) => s.getBBox());
    const left = Math.min(...boxes.map((b) => b.x)), top = Math.min(...boxes.map((b) => b.y));
    const w = Math.max(...boxes.map((b) => b.x + b.width)) - left, h = Math.max(...boxes.map((b) => b.y + b.height)) - top;
    if (w < 4 || Math.abs(w - h) > 0.25 * w) return false;
    const on = (right, down) => {
      const point = new DOMPoint(left + w / 2 + (right * w) / 2, top + h / 2 + (down * h) / 2);
      return shapes.some((shape) => covers(shape, point));
    };
    const middle = [-0.85, -0.45, 0, 0.45, 0.85], corner = [-0.8, -0.5, 0.5, 0.8];
    return middle.every((m) => on(m, 0) && on(0, m)) && !corner.some((x) => corner.some((y) => on(x, y)));
  };
  // what a small svg shows, read as it is painted on the screen: an arrow, or a box without or with a tick
  const N = 16, cells = [...Array(N).keys()];
  const painted = (svg) => {
    const shapes = drawnIn(svg, 'path, line, polyline, polygon, rect, circle').map(([s, style]) => [s, style, s.getBoundingClientRect(), s.getScreenCTM()?.inverse()]);
    if (!shapes.length || shapes.length > 3 || shapes.some(([, , , from]) => !from)) return null;
    const x = Math.min(...shapes.map(([, , r]) => r.left)), y = Math.min(...shapes.map(([, , r]) => r.top));
    const w = Math.max(...shapes.map(([, , r]) => r.right)) - x, h = Math.max(...shapes.map(([, , r]) => r.bottom)) - y;
    if (w < 4 || h < 4) return null;
    const at = (row, col) => new DOMPoint(x + ((col + 0.5) * w) / N, y + ((row + 0.5) * h) / N);
    return { w, h, on: cells.map((row) => cells.map((col) => shapes.some((shape) => covers(shape, at(row, col).matrixTransform(shape[3]))))) };
  };
  const pointsOn = (rows) => {           // like ">": the right end of the lines goes out to the middle and back
    const ends = rows.map((row) => row.lastIndexOf(true)), begins = rows.map((row) => row.indexOf(true));
    const steady = ends.every((e, i) => e >= 0 && (i === 0 || (i < N / 2 ? e >= ends[i - 1] - 1 : e <= ends[i - 1] + 1)));
    return steady && Math.max(...ends) >= N - 2 && [0, N - 1].every((i) => begins[i] <= 3 && ends[i] <= N / 2) && ends[N / 2] >= N - 4;
  };
  const boxed = (on) => {
    const edge = (at) => cells.filter((i) => [0, 1, 2].some((d) => at(i, d))).length >= 0.85 * N;
    if (![(i, d) => on[d][i], (i, d) => on[N - 1 - d][i], (i, d) => on[i][d], (i, d) => on[i][N - 1 - d]].every(edge)) return '';
    const inner = cells.slice(3, N - 3), all = inner.length ** 2, full = inner.flatMap((r) => inner.map((c) => on[r][c])).filter(Boolean).length;
    if (!full) return 'box';
    const mark = (r, c) => on[r][c] !== full > all / 2;
    const columns = inner.map((c) => inner.filter((r) => mark(r, c))).map((rows) => (rows.length ? rows.reduce((a, b) => a + b) / rows.length : null));
    const used = columns.filter((m) => m !== null), lines = inner.filter((r) => inner.some((c) => mark(r, c)));
    if (used.length < 4 || full === all) return '';
    if (lines.length <= 3 && lines[0] > 4 && lines.at(-1) < N - 5) return 'box-mixed';
    const low = used.indexOf(Math.max(...used)), last = used.at(-1);
    const bent = low > 0 && low <= 0.65 * used.length && used.slice(low).every((m, i, rest) => !i || m <= rest[i - 1] + 0.5);
    return bent && last < used[0] && used[low] - last >= 3 ? 'box-on' : '';
  };
  const shownIn = (svg) => {
    if (isPlus(svg)) return 'plus';
    const rect = svg.getBoundingClientRect(), seen = smallSquare(rect) && painted(svg);
    if (!seen) return '';
    const turned = cells.map((i) => seen.on.map((row) => row[i]));
    if (pointsOn(seen.on)) return 'chevron-right';
    if (pointsOn(turned)) return 'chevron-down';
    return Math.abs(seen.w - seen.h) < 0.2 * seen.w && seen.w >= 8 ? boxed(seen.on) : '';
  };
  const drawing = (svg) => {             // (a turn, or another path, is another drawing)
    const m = svg.firstElementChild?.getScreenCTM?.(), as = `${m ? [m.a, m.b, m.c, m.d].map((v) => v.toFixed(1)) : ''} ${svg.innerHTML}`;
    const before = (store.drawings ||= new WeakMap()).get(svg);
    if (before?.as === as) return before.is;
    const is = shownIn(svg);
    store.drawings.set(svg, { as, is });
    return is;
  };

  // the picture's own name where a check is only a picture: "unchecked.gif"; a blank one may carry it behind itself
  const pictureOf = ({ el, style }) => {
    const url = style.backgroundImage.match(/url\("?([^")]+)/)?.[1] || (el.tagName === 'IMG' && el.getAttribute('src')) || '';
    return url.startsWith('data:') ? '' : url.split(/[?#]/)[0].split('/').pop().replace(/\.\w+$/, '').replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
  };
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
  for (const node of nodes) {             // drawn checks without any role or input
    if (node.widget || !node.displayed || !smallSquare(node.rect)) continue;
    if (!tokens(node.el).some((t) => CHECK_CLASS.test(t))) continue;
    if (holdsWidget(node) || chain(node).slice(1, 4).some((n) => n.widget && n.widget.kind !== 'list')) continue;
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
    if (node.widget || !node.displayed || !node.opaque || !smallSquare(node.rect)) continue;
    const glyph = isGlyph(node) ? squeeze(el.textContent) : '';
    const square = node.rect.width < 28 && Math.abs(node.rect.width - node.rect.height) < 2 && fullFrame(node) && !textOf(el).trim() && el.closest('[role=option], [role=menuitem], [role=menuitemcheckbox]');
    if (el.tagName === 'svg' ? !/^box/.test(drawing(el)) : !CHECK_PICTURE.test(pictureOf(node)) && !CHECK_GLYPH.test(glyph) && !square) continue;
    if (folds(node) || holdsWidget(node) || el.closest('a, button, [role=button]') || chain(node).slice(1, 4).some((n) => n.widget && n.widget.kind !== 'list') || (node.parent && smallSquare(node.parent.rect) && inCheck(node))) continue;
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
  const arrowAtItsEnd = (node) => {      // a frame around it, and at its right end the arrow of a dropdown
    return fullFrame(node) && node.style.cursor === 'pointer' && node.rect.width < 700 && nodes.slice(node.start + 1, node.end).some((n) => n.rect.width > 5 && n.rect.width < 40
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

  const checkedOf = (w) => {
    const el = (w.inner || w.node).el;
    if (el.tagName === 'INPUT') return el.indeterminate ? 'mixed' : String(el.checked);
    const says = (e) => { const v = e.getAttribute('aria-checked'); return v === 'mixed' ? 'mixed' : v === 'true' ? 'true' : v === 'false' ? 'false' : ''; };
    if (says(w.node.el)) return says(w.node.el);
    const button = w.drawn && chain(w.node).slice(1, 4).find((n) => n.el.hasAttribute('aria-pressed'));
    if (button) return button.el.getAttribute('aria-pressed');  // a tick that its button may hide
    const item = chain(w.node).slice(0, 6).find((n) => ['treeitem', 'option', 'row', 'menuitemcheckbox'].includes(n.el.getAttribute('role') || ''));
    if (item && says(item.el)) return says(item.el);
    // where many may be chosen that says which are; where one may, only which the keys are at
    const many = item && item.el.hasAttribute('aria-selected') && item.el.closest('[role=listbox]')?.getAttribute('aria-multiselectable') === 'true';
    if (many && w.drawn) return item.el.getAttribute('aria-selected');
    if (w.drawn && fullFrame(w.node) && w.node.el.querySelector('svg') && !chain(w.node).some((n) => says(n.el))) {   // a frame around a tick that shows, or is only kept there
      return String(nodes.slice(w.node.start, w.node.end).some((n) => n.el.tagName === 'svg' && n.opaque && !unseen(n.style.color) && n.style.color !== w.node.style.backgroundColor && visibleBox(n)));
    }
    if (w.chip) {
      const tick = nodes.slice(w.node.start + 1, w.node.end).some((n) => visibleBox(n) && (isGlyph(n) ? /^(check|done)$/.test(squeeze(n.el.textContent)) : tokens(n.el).some((t) => /(^|[-_])(check|tick|checkmark)([-_]?(icon|mark))?$/.test(t))));
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
    return visibleBox(w.drawing);
  };
  const itemCheckBox = (w) => {           // the small square left of the item's own text, else the item's own line
    const square = nodes.slice(w.node.start + 1, w.node.end).find((n) => smallSquare(n.rect) && visibleBox(n) && tokens(n.el).some((t) => /check|box|tick/.test(t))
      && chain(n).find((p) => p.el.getAttribute('role') === 'treeitem') === w.node);
    w.drawing = square || nodes.slice(w.node.start, w.node.end).find((n) => n.texts.length && visibleBox(n)) || w.node;
    return visibleBox(w.drawing);
  };

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
      enabled: !(input.disabled || el.hasAttribute('disabled') || el.getAttribute('aria-disabled') === 'true' || (w.kind === 'check' && chain(node).slice(0, 3).some((n) => n.el.getAttribute('aria-disabled') === 'true' || n.el.disabled))),
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

  const hasOff = (node) => !!node.el.disabled || node.el.getAttribute('aria-disabled') === 'true' || tokens(node.el).some((t) => /(^|-)disabled?$/.test(t));
  const PRESSED = /^(A|BUTTON|LI)$/;
  const isOff = (node) => {               // itself, what is pressed with it (an icon in a link in a list item), or its frame
    const up = chain(node).slice(0, 4);
    const pressed = up.findLastIndex((n) => PRESSED.test(n.el.tagName) || n.el.getAttribute('role') === 'button');
    return up.slice(0, Math.max(pressed, 1) + 1).some(hasOff);
  };

  // ---- texts --------------------------------------------------------------------------------------------------------
  const CLICK_ROLES = new Set(['button', 'link', 'menuitem', 'menuitemradio', 'tab', 'option', 'treeitem', 'radio', 'switch', 'gridcell', 'row', 'checkbox']);
  const clickableOf = (node) => {
    for (const n of chain(node).slice(0, 5)) {
      const { el } = n, tag = el.tagName, role = el.getAttribute('role') || '';
      if (['A', 'BUTTON', 'SUMMARY', 'LABEL'].includes(tag) || CLICK_ROLES.has(role) || el.hasAttribute('onclick') || el.hasAttribute('ng-click')
        || (el.hasAttribute('tabindex') && el.tabIndex >= 0 && n.rect.height < 120) || (tag === 'INPUT' && ['submit', 'button'].includes(el.type))) return n;
    }
    return node.style.cursor === 'pointer' ? node : null;
  };
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
  // an entry with a tick drawn beside its words, where the page says nothing of whether it is taken
  const TICK = /(^|[-_])(check|tick|checkmark)([-_]?(icon|mark))?$/;
  const isTicked = (node) => {
    const line = chain(node).slice(0, 4).findLast((n) => n.rect.height < 60 && squeeze(textOf(n.el)) === squeeze(textOf(node.el)));
    return !!line && nodes.slice(line.start, line.end).some((n) => !n.texts.length && tokens(n.el).some((t) => TICK.test(t)) && smallSquare(n.rect) && visibleBox(n)) && !holdsWidget(line, ['check', 'radio']);
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
      expanded: (click && attr(click.el, 'aria-expanded')) || (item ? attr(item.el, 'aria-expanded') : ''), selected: (click && (attr(click.el, 'aria-selected') || attr(click.el, 'aria-pressed') || attr(click.el, 'aria-checked'))) || (place.popup && isTicked(node) ? 'true' : ''),
      active: chain(node).slice(0, 3).some((n) => tokens(n.el).some((t) => /(^|[-_])(active|selected|current)$/.test(t))),
      level: item ? Number(item.el.getAttribute('aria-level')) || 0 : 0, ...place,
    });
  }

  // ---- things to click that show no words ---------------------------------------------------------------------------
  const EXPANDS = /^(tree|elbow|node|icon)?-?(end-)?(plus|minus|expand(er|ed)?|collapsed?)\d?$/;   // as a picture is called
  const treeOf = (node) => chain(node).find((n) => ['tree', 'treegrid'].includes(n.el.getAttribute('role')))?.el;
  // the room kept before a leaf for the arrow that only folders have: nothing is drawn in it
  const DRAWS = new Set(['svg', 'IMG', 'CANVAS', 'PICTURE', 'OBJECT']);
  const paints = (style) => style.backgroundImage !== 'none' || style.maskImage !== 'none' || style.boxShadow !== 'none' || !unseen(style.backgroundColor)
    || ['Top', 'Right', 'Bottom', 'Left'].some((side) => parseFloat(style[`border${side}Width`]) > 0 && !unseen(style[`border${side}Color`]));
  const blank = (node) => nodes.slice(node.start, node.end).every((n) => !n.displayed || !(n.texts.length || n.widget || DRAWS.has(n.el.tagName)
    || (n.el.tagName.includes('-') && !n.el.shadowRoot) || paints(n.style)
    || ['::before', '::after'].some((part) => !['none', 'normal'].includes(getComputedStyle(n.el, part).content))));
  const arrows = nodes.filter((n) => smallSquare(n.rect) && !n.texts.length && (tokens(n.el).some((t) => EXPANDER.test(t)) || EXPANDS.test(pictureOf(n))) && !(treeOf(n) && blank(n)));
  const handed = (store.handed ||= new WeakSet());   // trees where the mouse shows a hand over what opens: the same place before a leaf has none
  for (const n of arrows) if (n.style.cursor === 'pointer' && treeOf(n)) handed.add(treeOf(n));
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
  const icons = [];
  for (const node of nodes) {
    const { el } = node, tag = el.tagName, role = el.getAttribute('role') || '';
    const image = tag === 'INPUT' && el.type === 'image';
    if (node.widget || !(expanders.has(node) || unnamed.has(node) || tag === 'A' || tag === 'BUTTON' || image || ['button', 'link', 'menuitem', 'tab'].includes(role) || el.hasAttribute('ng-click') || el.hasAttribute('onclick')
      || (node.style.cursor === 'pointer' && (!node.parent || node.parent.style.cursor !== 'pointer')))) continue;
    const box = visibleBox(node);
    if (!box || box[2] > 200 || box[3] > 120) continue;
    const words = textOf(el).trim() ? elementText(el) : '';
    // words in it that nobody sees, as the names in a menu that is folded to its pictures, are none
    const drawn = nodes.slice(node.start, node.end).every((n) => !n.texts.length || isGlyph(n) || !n.opaque || !rangeBox(n.texts, n.clip));
    if (!drawn && words.replace(/[\ue000-\uf8ff+×✕✖›»‹«⏻…⋮<>]/g, '').replace(/[a-z]+_[a-z_]+/g, '').length > 2 && !/^(add|close|logout|power_settings_new|more_vert|search|edit|clear)$/.test(words)) continue;
    const inside = nodes.slice(node.start, node.end).filter((n) => n.displayed).concat(node.parent ? [node.parent] : []);
    const said = inside.flatMap((n) => ['aria-label', 'title', 'data-tooltip-content', 'data-original-title', 'data-tooltip', 'data-title', 'uib-tooltip', 'alt', 'mattooltip', 'data-pr-tooltip'].map((a) => n.el.getAttribute(a)));
    const glyphs = inside.flatMap((n) => [...tokens(n.el), ...['data-testid', 'data-test-id', 'data-icon', 'icon', 'name', 'href', 'xlink:href', 'id'].map((a) => n.el.getAttribute(a))]);
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

  // ---- dialogs, busy signs, iframes -----------------------------------------------------------------------------------
  // what an open dropdown says it opened is its list and no dialog, and stays that while it fades away
  for (const n of nodes) {
    if (n.el.getAttribute('role') !== 'combobox' || n.el.getAttribute('aria-expanded') !== 'true') continue;
    const ids = ['aria-owns', 'aria-controls'].flatMap((name) => attr(n.el, name).split(/\s+/));
    for (const own of ids.map((id) => id && byId(n.el, id)).filter(Boolean)) (store.popups ||= new WeakSet()).add(own);
  }
  // nor is one what stands beside a field that is typed in uncovered, as what it says of a password: it holds nothing back
  let typed = document.activeElement;
  while (typed?.shadowRoot?.activeElement) typed = typed.shadowRoot.activeElement;
  const on = typed?.matches('input, textarea, select') && typed.getBoundingClientRect();
  const around = new Set(chain(byElement.get(typed)).map((n) => n.el));
  const inList = [...around].some((el) => store.popups?.has(el));   // the field that looks for an entry of an open dropdown
  const uncovered = on && !inList && typed.contains(hitAt(on.left + on.width / 2, on.top + on.height / 2));
  for (const n of nodes) if (uncovered && n.el.getAttribute('role') === 'dialog' && !around.has(n.el)) (store.popups ||= new WeakSet()).add(n.el);
  const modals = nodes.filter((n) => {
    const { el } = n, role = el.getAttribute('role') || '';
    const modal = el.getAttribute('aria-modal') === 'true' || (el.tagName === 'DIALOG' && el.open && el.matches(':modal'))
      || (backdrop && !store.popups?.has(el) && (role === 'dialog' || role === 'alertdialog' || tokens(el).some((t) => /^(modal-dialog|modal-content|ui-dialog|e-dialog)$/.test(t))));
    const b = modal && visibleBox(n);
    return modal && (b ? b[2] * b[3] > 4000 : nodes.slice(n.start, n.end).some((m) => m.texts.length && visibleBox(m)));
  });
  const apart = (a, b) => a.end <= b.start || b.end <= a.start;
  const found = [...modals];
  for (const n of windows) if (found.every((m) => apart(m, n))) found.push(n);
  const dialogs = found.sort((a, b) => a.start - b.start).map((n) => ({ start: n.start, end: n.end, text: elementText(n.el).slice(0, 400) }));
  const BUSY = /(^|[-_])(spinner|loading|loader|e-spin-show|busy|network-indicator-container|skeleton)([-_]|$)/;
  const moves = (el) => el.getAnimations({ subtree: true }).some((a) => a.playState === 'running' && a.effect?.getComputedTiming().endTime === Infinity);
  // a frame that is only made for a sign of loading holds content at all times: it is busy while something in it moves
  const frames = (n) => (n.el.querySelector('table') || holdsWidget(n) || textOf(n.el).length > 80) && !moves(n.el);
  const WAIT = /^(loading|please wait)( data)?[ .…]*$/i;
  const busy = waits || texts.some((t) => WAIT.test(t.own)) || nodes.some((n) => n.displayed && n.opaque && n.style.visibility === 'visible' && n.rect.width > 4 && n.rect.height > 4
    && (n.el.getAttribute('aria-busy') === 'true' || (n.el.getAttribute('role') === 'progressbar' && !n.el.hasAttribute('aria-valuenow'))
      || (tokens(n.el).some((t) => BUSY.test(t)) && (n.rect.width * n.rect.height < 0.5 * innerWidth * innerHeight) && n.texts.length + n.el.children.length > 0 && !frames(n))));
  const pressed = (el) => el.tagName === 'BUTTON' || el.getAttribute('role') === 'button' || tokens(el).some((t) => /^(btn|button)$/.test(t));
  const isForm = (n) => nodes.slice(n.start, n.end).filter((m) => m.widget && m.widget.kind !== 'check').length > 1;   // marked where a part of it is wrong, says nothing itself
  const isRed = (style) => { const [r, g, b] = style.color.match(/[\d.]+/g) || []; return r > 130 && g < r / 2 && b < r / 2; };
  const inRed = (n) => !!n.texts.length && isRed(n.style) && /\S+\s+\S+\s+\S/.test(ownText(n)) && !placeOf(n).nav && !chain(n).slice(0, 3).some((m) => pressed(m.el) || m.el.tagName === 'A');
  const alerts = nodes.filter((n) => !pressed(n.el) && (inRed(n) || ['alert', 'status', 'alertdialog'].includes(n.el.getAttribute('role') || '')
      || tokens(n.el).some((t) => /(^|[-_])(alert|toast|message|error|errors|invalid|validation|has-error|help-block|helper-text|snackbar|notification|warning|danger|explain)([-_]|$)/.test(t)))
      && visibleBox(n) && n.rect.height < 400 && !isForm(n))
    .map((n) => ({ id: idOf(n.el), start: n.start, end: n.end, text: elementText(n.el).slice(0, 400), classes: [...tokens(n.el), ...(inRed(n) ? ['drawn-in-red'] : [])].join(' '), role: attr(n.el, 'role') }))
    .filter((a) => a.text);

  const seen = JSON.stringify({
    url: location.href, title: document.title, width: innerWidth, height: innerHeight,
    texts, widgets: controls, icons, dialogs, busy, alerts,
    build: document.querySelector('meta[name=build-number]')?.content || '',
  });
  if (seen === store.seen && known === store.mark) return { mark: known };
  store.seen = seen;
  store.mark = `${performance.timeOrigin}/${store.looks = (store.looks || 0) + 1}`;
  return { mark: store.mark, seen };
}
