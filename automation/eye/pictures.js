// What a small picture shows: a drawing by how it is painted on the screen, a file by its name.
(page) => {
  const { smallSquare, store } = page;

  const SHAPES = 'path, line, polyline, polygon, rect, circle';
  const drawnIn = (svg) => [...svg.querySelectorAll(SHAPES)].map((s) => [s, getComputedStyle(s)]).filter(([, style]) => style.fill !== 'none' || style.stroke !== 'none');
  const covers = ([s, style], point) => (style.fill !== 'none' && s.isPointInFill(point)) || (style.stroke !== 'none' && s.isPointInStroke(point));
  const isPlus = (drawn) => {              // drawn as a plus, whatever it is called: both middle lines full, corners empty
    const shapes = drawn.filter(([s]) => s.tagName !== 'circle');
    if (!shapes.length) return false;
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
  const N = 16, MISSED = 2, cells = [...Array(N).keys()];   // so many of the cells of a box's edge may be off
  const painted = (drawn) => {
    const there = drawn.map(([s, style]) => [s, style, s.getBoundingClientRect(), s.getScreenCTM()]);
    const shapes = there.filter(([, , , to]) => to && to.a * to.d !== to.b * to.c).map(([s, style, r, to]) => [s, style, r, to.inverse()]);   // none shrunk to nothing
    const x = Math.min(...shapes.map(([, , r]) => r.left)), y = Math.min(...shapes.map(([, , r]) => r.top));
    const w = Math.max(...shapes.map(([, , r]) => r.right)) - x, h = Math.max(...shapes.map(([, , r]) => r.bottom)) - y;
    if (Math.min(w, h) < 2.5 || Math.max(w, h) < 4) return null;
    const at = (row, col) => new DOMPoint(x + ((col + 0.5) * w) / N, y + ((row + 0.5) * h) / N);
    const on = (row, col) => shapes.some((shape) => covers(shape, at(row, col).matrixTransform(shape[3])));
    let without = 0;                      // nearly all drawings are neither: no arrow begins in the corner, no box has this edge
    const begins = cells.slice(0, 4).some((i) => on(0, i) || on(i, 0));
    if (!begins && !cells.every((col) => [0, 1, 2].some((row) => on(row, col)) || ++without <= MISSED)) return null;
    return { w, h, on: cells.map((row) => cells.map((col) => on(row, col))) };
  };
  const pointsOn = (rows) => {           // like ">": the right end of the lines goes out to the middle and back
    const ends = rows.map((row) => row.lastIndexOf(true)), begins = rows.map((row) => row.indexOf(true));
    const steady = ends.every((e, i) => e >= 0 && (i === 0 || (i < N / 2 ? e >= ends[i - 1] - 1 : e <= ends[i - 1] + 1)));
    return steady && Math.max(...ends) >= N - 2 && [0, N - 1].every((i) => begins[i] <= 3 && ends[i] <= N / 2) && ends[N / 2] >= N - 4;
  };
  const boxed = (on) => {
    const edge = (at) => cells.filter((i) => [0, 1, 2].some((d) => at(i, d))).length >= N - MISSED;
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
  const shownIn = (svg, shapes) => {
    if (isPlus(shapes)) return 'plus';
    const seen = smallSquare(svg.getBoundingClientRect()) && painted(shapes);
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
    const is = shownAlike(svg, as);
    store.drawings.set(svg, { as, is });
    return is;
  };
  const shownOrNothing = (svg, shapes) => { try { return shownIn(svg, shapes); } catch { return ''; } };   // geometry may fail on odd shapes
  const shownAlike = (svg, as) => {      // many are drawn alike, and one that is drawn anew most often as it was before
    const shapes = drawnIn(svg), { width, height } = svg.getBoundingClientRect();
    if (!shapes.length || shapes.length > 3) return '';
    const like = [as, width, height, ...shapes.flatMap(([, s]) => [s.fill, s.stroke, s.strokeWidth])].join();
    const known = (store.alike ||= new Map());
    if (!known.has(like)) known.set(like, shownOrNothing(svg, shapes));
    return known.get(like);
  };

  // the picture's own name where a check is only a picture: "unchecked.gif"; a blank one may carry it behind itself
  const pictureOf = ({ el, style }) => {
    const url = style.backgroundImage.match(/url\("?([^")]+)/)?.[1] || (el.tagName === 'IMG' && el.getAttribute('src')) || '';
    return url.startsWith('data:') ? '' : url.split(/[?#]/)[0].split('/').pop().replace(/\.\w+$/, '').replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase();
  };

  return { drawing, pictureOf };
}
