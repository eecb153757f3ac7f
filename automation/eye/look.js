// What a person sees in one frame, as plain data: texts with their boxes, controls with their state, things to click.
// Changes nothing. Every element keeps one number for as long as it lives, so two looks can be compared and an element
// found again. Installed once in a document (screen.py), so that the engine compiles and warms it up once. `known` is the
// mark of the look that the caller has in hand: when this one is just the same, only its mark comes back.
(known) => {
  let host = null;
  try { host = window.frameElement; } catch { host = null; }         // a frame of another origin
  if (window !== window.top && (innerWidth < 5 || innerHeight < 5 || (host && !host.checkVisibility({ visibilityProperty: true })))) return {};

  const store = window[Symbol.for('onespot.sight')] ||= { ids: new WeakMap(), refs: new Map(), next: 1 };
  const idOf = (el) => {
    let id = store.ids.get(el);
    if (!id) { id = store.next++; store.ids.set(el, id); store.refs.set(id, new WeakRef(el)); }
    return id;
  };
  const page = { store, idOf };
  for (const part of PARTS) Object.assign(page, part(page));

  const seen = JSON.stringify({
    url: location.href, title: document.title, width: innerWidth, height: innerHeight,
    texts: page.texts, widgets: page.controls, icons: page.icons, dialogs: page.dialogs, busy: page.busy, alerts: page.alerts,
    build: document.querySelector('meta[name=build-number]')?.content || '',
  });
  if (seen === store.seen && known === store.mark) return { mark: known };
  store.seen = seen;
  store.mark = `${performance.timeOrigin}/${store.looks = (store.looks || 0) + 1}`;
  return { mark: store.mark, seen };
}
