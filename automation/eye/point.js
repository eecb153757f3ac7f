// Where to click an element: the middle of its own words (`words`), else of itself; and whether a click gets there.
// `floats` says that what lies above is only something small that floats there.
// Brings it into view where it isn't, and waits for two frames: `moves` says that it has not come to rest.
async (el, words) => {
  const frame = () => new Promise((next) => { requestAnimationFrame(next); setTimeout(next, 100); });
  const place = () => { const b = el.getBoundingClientRect(); return [b.left, b.top, b.width, b.height].join(); };
  const textsIn = function* (node) {       // as they are drawn: through open shadow roots and slots
    const given = node.tagName === 'SLOT' ? node.assignedNodes() : [];
    for (const child of given.length ? given : (node.shadowRoot ?? node).childNodes) {
      if (child.nodeType === 3) yield child;
      else if (child.nodeType === 1) yield* textsIn(child);
    }
  };
  const look = () => {
    const own = el.getBoundingClientRect();
    const wordsBox = () => {
      const range = document.createRange();
      for (const text of words ? textsIn(el) : []) {
        if (!text.data.trim()) continue;
        range.selectNodeContents(text);
        const box = range.getBoundingClientRect();
        if (box.width > 1 && box.height > 1) return box;
      }
      return own;
    };
    const above = (start) => {
      const chain = [];
      for (let n = start; n; n = n.assignedSlot || n.parentElement || n.getRootNode().host) chain.push(n);
      return chain;
    };
    const box = wordsBox();
    const x = box.left + box.width / 2, y = box.top + box.height / 2;
    let hit = document.elementFromPoint(x, y);
    for (let deeper = hit; deeper && deeper.shadowRoot;) {
      deeper = deeper.shadowRoot.elementFromPoint(x, y);
      if (!deeper || deeper === hit) break;
      hit = deeper;
    }
    // the words of what is chosen, which lie over a dropdown's own input in the frame around both
    const framed = (n) => n instanceof Element && parseFloat(getComputedStyle(n).borderTopWidth) > 0;
    const frame = el.tagName === 'INPUT' && el.getAttribute('role') === 'combobox' && !framed(el) && above(el).slice(1, 5).find(framed);
    const shown = hit && frame && frame.contains(hit) && hit.textContent.trim() && !hit.closest('button, a, svg, [role=button], [role=img]');
    // a label that floats over the control it names
    const names = (n) => n.tagName === 'LABEL' && (n.control === el || (n.id && (el.getAttribute('aria-labelledby') || '').split(/\s+/).includes(n.id)));
    // a check that lets the mouse through to the line it is drawn in, which takes it for the check
    const line = own.width < 60 && above(el).find((n) => n instanceof Element && getComputedStyle(n).pointerEvents !== 'none');
    const through = line && line === hit && hit.getBoundingClientRect().height < 60 && !above(el).some((n) => n.disabled);
    // reached: the element, something in it, one of its closest wrappers, or the invisible input of a drawn check
    const mine = hit && (above(hit).includes(el) || above(el).slice(0, 3).includes(hit) || shown || through || above(hit).some(names)
      || (hit.labels && [...hit.labels].some((l) => above(el).includes(l)))
      || (hit.tagName === 'INPUT' && own.width < 60 && above(el).slice(0, 4).some((p) => p.contains(hit))));
    // what lies above only floats there (a chat badge, a footer's button): small, and taken out of the page's flow
    const floats = !!hit && above(hit).some((n) => n instanceof Element && /fixed|absolute|sticky/.test(getComputedStyle(n).position)
      && n.getBoundingClientRect().width * n.getBoundingClientRect().height < 0.03 * innerWidth * innerHeight);
    const name = !hit ? 'nothing' : String(hit.innerText || hit.getAttribute('aria-label') || hit.className || hit.tagName);
    return { dx: x - own.left, dy: y - own.top, mine: !!mine, floats, name: name.trim().slice(0, 60) };
  };
  // what takes the focus comes wholly into view when the button goes down, and the click would end beside it
  const taker = el.closest('[tabindex], a, button, input, label') ?? el;
  const line = taker.getBoundingClientRect().height < 80 ? taker : el;
  line.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  if (!look().mine) el.scrollIntoView({ block: 'center', inline: 'nearest' });
  const before = place();
  await frame();
  await frame();
  return { ...look(), moves: place() !== before };
}
