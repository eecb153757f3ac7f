// What one frame is made of, as plain data: tags, a few attributes that never hold a value, and the words of each
// element by itself. Which of those words may be kept is decided in record.py; no value of a field is read for that.
(limit) => {
  let host = null;
  try { host = window.frameElement; } catch { host = null; }         // a frame of another origin
  if (window !== window.top && (innerWidth < 5 || innerHeight < 5 || (host && !host.checkVisibility()))) return '';

  const SKIP = new Set(['SCRIPT', 'STYLE', 'NOSCRIPT', 'TEMPLATE', 'HEAD', 'META', 'LINK', 'BR', 'HR', 'PATH']);
  const NAMES = ['id', 'class', 'data-test-id', 'data-testid', 'name', 'formcontrolname', 'ng-model', 'for', 'type', 'role',
    'aria-expanded', 'aria-haspopup', 'aria-level', 'aria-multiselectable', 'aria-controls', 'aria-labelledby', 'maxlength',
    'tabindex', 'disabled', 'readonly', 'required', 'multiple'];
  const SPOKEN = ['placeholder', 'aria-label', 'title', 'alt', 'data-tooltip-content', 'data-original-title', 'label'];
  const squeeze = (s) => (s || '').replace(/[\s\u00a0]+/g, ' ').trim();
  const childrenOf = (el) => {
    if (el.tagName === 'SLOT') { const given = el.assignedNodes(); return given.length ? given : el.childNodes; }
    return el.shadowRoot ? el.shadowRoot.childNodes : el.childNodes;
  };
  const held = [];                        // what fields hold, only so that it can be kept out of everything else
  let count = 0;

  const visit = (el) => {
    if (SKIP.has(el.tagName.toUpperCase()) || count >= limit) return null;
    count += 1;
    const attributes = {}, spoken = {};
    for (const name of NAMES) { const value = el.getAttribute(name); if (value !== null) attributes[name] = value.slice(0, 200); }
    for (const name of SPOKEN) { const value = squeeze(el.getAttribute(name)); if (value) spoken[name] = value.slice(0, 200); }
    const tag = el.tagName.toLowerCase();
    const out = { tag, attributes, spoken, words: '', children: [] };
    if (el.shadowRoot) out.shadow = true;
    const style = getComputedStyle(el);
    if (style.display === 'none') { out.hidden = el.querySelectorAll('*').length; return out; }
    const box = el.getBoundingClientRect();
    out.box = [box.x, box.y, box.width, box.height].map(Math.round);
    if (tag === 'svg' || tag === 'canvas') return out;
    if (tag === 'input' || tag === 'textarea' || tag === 'select') {
      const caption = tag === 'input' && ['submit', 'button', 'reset'].includes(el.type);
      if (caption) out.words = squeeze(el.value);
      else if (el.type !== 'password') held.push(...(tag === 'select' ? [...el.options].map((o) => squeeze(o.label)) : [squeeze(el.value)]));
      if (tag === 'select') out.options = el.options.length;
      return out;
    }
    if (el.isContentEditable) { held.push(squeeze(el.textContent)); out.editable = true; return out; }
    const own = [];
    for (const child of childrenOf(el)) {
      if (child.nodeType === 3) own.push(child.data);
      else if (child.nodeType === 1) { const made = visit(child); if (made) out.children.push(made); }
    }
    out.words = squeeze(own.join(' ')).slice(0, 400);
    return out;
  };
  const root = document.body ? visit(document.body) : null;
  return JSON.stringify({
    url: location.href, title: document.title, width: innerWidth, height: innerHeight, root, held: held.filter(Boolean), cut: count >= limit,
    build: document.querySelector('meta[name=build-number]')?.content || '',
  });
}
