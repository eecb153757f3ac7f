// What keeps every click from the page, and the windows that lie over it, whatever they are called.
(page) => {
  const { nodes, boxOf, tokens, visibleBox, unseen, chain, byElement, elementText } = page;

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

  return { hitAt, backdrop, waits, windows };
}
