// Where something stands: in a menu, a row, a list that scrolls, a tree, a popup, the head of a table; and what is off.
(page) => {
  const { tokens, windows, idOf, chain } = page;

  const NAVISH = /^((ant|p|e|k|mat|v|el|pms|rev|ui|w2ui|bp|mdc)-)?(nav|navbar|menu|sidebar|sidenav|panel-?menu|breadcrumb)(-|$)/;
  const NAV_ROLES = new Set(['navigation', 'menu', 'menubar', 'banner', 'complementary']);
  const ROW_ROLES = new Set(['row', 'listitem', 'option', 'treeitem']);
  const placeOf = (node) => (node.place ||= placeIn(node, node.parent ? placeOf(node.parent) : { nav: false, menu: false, strip: false, row: 0, scroller: 0, tree: 0, popup: false, head: false, tab: false }));
  // a table of one line right above another one with as many columns as wide: its heads, which don't scroll with it
  const headsNext = ({ el, rect }) => el.rows.length === 1 && [...(el.parentElement?.parentElement?.querySelectorAll('table') || [])].some((t) => {
    const r = t.getBoundingClientRect(), top = Math.max(r.top, t.parentElement.getBoundingClientRect().top);   // it may have scrolled
    return t !== el && t.rows.length && t.rows[0].cells.length === el.rows[0].cells.length && Math.abs(r.left - rect.left) < 3 && Math.abs(r.width - rect.width) < 20 && top >= rect.bottom - 3 && top < rect.bottom + 6;
  });
  // a line of a grid may be drawn in parts, where its first columns stay and others scroll: each part says which line it is of
  const GRIDS = '[role=grid], [role=treegrid], [role=table]', lines = new Map();
  const lineOf = (el) => {
    const nth = el.getAttribute('aria-rowindex'), grid = nth && el.closest(GRIDS);
    if (!grid) return el;
    const ofGrid = lines.get(grid) ?? lines.set(grid, new Map()).get(grid);
    return ofGrid.get(nth) ?? ofGrid.set(nth, el).get(nth);
  };
  // the part right above the one with the cells, in a grid that says what its cells are and not what its heads are
  const headsCells = ({ el, rect }) => {
    const next = el.nextElementSibling, grid = next && el.closest('[role=grid], [role=treegrid]');
    if (!grid || grid === el || !next.querySelector('[role=gridcell]') || el.querySelector('[role=gridcell]') || grid.querySelector('[role=columnheader], th')) return false;
    const r = next.getBoundingClientRect();
    return Math.abs(r.left - rect.left) < 3 && Math.abs(r.width - rect.width) < 20 && Math.abs(r.top - rect.bottom) < 6;
  };
  // the bar that scrolls a part which can't by itself: as high, at its edge, with nothing in it; a script draws what it shows
  const barOf = ({ el, rect, style, away }) => style.overflowY === 'hidden' && !away && rect.height > 40 && [...(el.parentElement?.children || [])].find((e) => {
    if (e === el || e.scrollHeight <= e.clientHeight + 4 || e.textContent.trim() || !/auto|scroll/.test(getComputedStyle(e).overflowY)) return false;
    const r = e.getBoundingClientRect();
    return r.width < 26 && Math.abs(r.top - rect.top) < 4 && Math.abs(r.height - rect.height) < 6 && (Math.abs(r.right - rect.right) < 28 || Math.abs(r.left - rect.right) < 4);
  });
  const placeIn = (node, outer) => {      // where it stands: what it is itself, else what the parts around it are
    const { el, style } = node, role = el.getAttribute('role') || '', tag = el.tagName, names = tokens(el);
    const z = parseInt(style.zIndex) || 0;
    const isRow = tag === 'TR' || tag === 'LI' || ROW_ROLES.has(role);
    const scrolls = node.parent && node.away && el.scrollHeight > el.clientHeight + 4 ? el : node.parent && barOf(node);
    const frame = node.rect.width > 0.6 * innerWidth && node.rect.height > 0.5 * innerHeight;  // named for the menu in it, holds the page
    const menu = outer.menu || tag === 'NAV' || (tag === 'ASIDE' && !windows.has(node)) || tag === 'HEADER' || NAV_ROLES.has(role) || (!frame && names.some((t) => NAVISH.test(t) && !/-content$/.test(t))) || el.id === 'sidebar';
    const strip = role === 'tablist' || (outer.strip && role !== 'tabpanel');  // what a tab opens is content, also where it stands in the strip
    return {
      nav: menu || strip, menu, strip,
      row: isRow ? idOf(lineOf(el)) : outer.row,
      scroller: scrolls ? idOf(scrolls) : outer.scroller,
      tree: outer.tree || (['tree', 'treegrid'].includes(role) ? idOf(el) : 0),
      popup: outer.popup || (style.position === 'fixed' && z > 0) || (style.position === 'absolute' && z >= 900),
      head: outer.head || (tag === 'TABLE' && headsNext(node)) || headsCells(node) || tag === 'THEAD' || role === 'columnheader' || (tag === 'TH' && ![...(el.parentElement || el).children].some((c) => c.tagName === 'TD')),
      tab: outer.tab || role === 'tab' || (['LI', 'A', 'BUTTON'].includes(tag) && names.some((t) => /(^|-)tab$/.test(t))),
    };
  };
  const hasOff = (node) => node.el.matches(':disabled') || node.el.getAttribute('aria-disabled') === 'true' || tokens(node.el).some((t) => /(^|-)disabled?$/.test(t));
  const PRESSED = /^(A|BUTTON|LI)$/;
  const isOff = (node) => {               // itself, what is pressed with it (an icon in a link in a list item), or its frame
    const up = chain(node).slice(0, 4);
    const pressed = up.findLastIndex((n) => PRESSED.test(n.el.tagName) || n.el.getAttribute('role') === 'button');
    return up.slice(0, Math.max(pressed, 1) + 1).some(hasOff);
  };

  return { placeOf, isOff };
}
