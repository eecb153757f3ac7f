// Dialogs, signs that something is awaited, and what the page says: alerts, toasts, validation texts.
(page) => {
  const {
    nodes, attr, byId, store, chain, byElement, hitAt, backdrop, tokens, visibleBox, windows, elementText,
    holdsWidget, textOf, waits, texts, ownText, placeOf, idOf, smallSquare,
  } = page;

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
  const redSign = (n) => nodes.slice(n.start + 1, n.end).some((m) => m.el.tagName === 'svg' && smallSquare(m.rect) && isRed(m.style));
  const alerts = nodes.filter((n) => !pressed(n.el) && (inRed(n) || ['alert', 'status', 'alertdialog'].includes(n.el.getAttribute('role') || '')
      || tokens(n.el).some((t) => /(^|[-_])(alert|toast|message(-?bar)?|error|errors|invalid|validation|has-error|help-block|helper-text|snackbar|notification|warning|danger|explain)([-_]|$)/.test(t)))
      && visibleBox(n) && n.rect.height < 400 && !isForm(n))
    .map((n) => ({ id: idOf(n.el), start: n.start, end: n.end, text: elementText(n.el).slice(0, 400), classes: [...tokens(n.el), ...(inRed(n) ? ['drawn-in-red'] : []), ...(redSign(n) ? ['red-sign'] : [])].join(' '), role: attr(n.el, 'role') }))
    .filter((a) => a.text);

  return { dialogs, busy, alerts };
}
