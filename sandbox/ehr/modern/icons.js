// The icons, as lines on a 24 by 24 grid.

const PATHS = {
  home: "M4 11l8-7 8 7M6 9.5V20h12V9.5M10 20v-6h4v6",
  patients:
    "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM2.5 20c.5-4 3-6 6.5-6s6 2 6.5 6M16 4.5a3.5 3.5 0 0 1 0 6.3M18 14.5c2 .8 3.2 2.6 3.5 5.5",
  schedule: "M4 6h16v14H4zM4 10.5h16M8 3.5v4M16 3.5v4",
  accounting:
    "M12 3v18M16.5 7.5C16 5.8 14.3 5 12 5 9.3 5 7.5 6.2 7.5 8.3c0 4.6 9.2 2.5 9.2 7.3 0 2.2-1.9 3.4-4.7 3.4-2.6 0-4.4-1-4.9-3",
  orders:
    "M3.5 13a3.8 3.8 0 1 0 7.6 0 3.8 3.8 0 0 0-7.6 0zM12.9 13a3.8 3.8 0 1 0 7.6 0 3.8 3.8 0 0 0-7.6 0zM11.1 12.3c.5-.5 1.3-.5 1.8 0M3.5 12.5L6 6.5M20.5 12.5L18 6.5",
  inventory: "M4 8l8-4.5L20 8v8.5L12 21l-8-4.5zM4 8l8 4.5L20 8M12 12.5V21",
  tasks: "M4 6l1.5 1.5L8 5M4 12l1.5 1.5L8 11M4 18l1.5 1.5L8 17M11.5 6.5H20M11.5 12.5H20M11.5 18.5H20",
  messaging: "M3.5 6h17v12.5h-17zM4 6.5l8 6.5 8-6.5",
  marketing: "M4 20V4M4 20h16M8 17v-5M12 17V8M16 17v-7",
  connect: "M9.5 14.5l5-5M8 11l-2.5 2.5a3.5 3.5 0 0 0 5 5L13 16M16 13l2.5-2.5a3.5 3.5 0 0 0-5-5L11 8",
  admin:
    "M12 15.2a3.2 3.2 0 1 0 0-6.4 3.2 3.2 0 0 0 0 6.4zM19.2 13.4l1.8 1.4-1.9 3.3-2.2-.8a7.6 7.6 0 0 1-2.1 1.2L14.4 21h-4.8l-.4-2.5a7.6 7.6 0 0 1-2.1-1.2l-2.2.8L3 14.8l1.8-1.4a7.5 7.5 0 0 1 0-2.8L3 9.2l1.9-3.3 2.2.8a7.6 7.6 0 0 1 2.1-1.2L9.6 3h4.8l.4 2.5a7.6 7.6 0 0 1 2.1 1.2l2.2-.8L21 9.2l-1.8 1.4a7.5 7.5 0 0 1 0 2.8z",
  power: "M12 3.5v8M7 6.5a7.5 7.5 0 1 0 10 0",
  pin: "M12 21c4.5-5 6.5-8.3 6.5-11a6.5 6.5 0 0 0-13 0c0 2.7 2 6 6.5 11zM12 12.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z",
  user: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20.5c.6-4.2 3.5-6 7.5-6s6.9 1.8 7.5 6",
  down: "M6.5 9.5l5.5 5.5 5.5-5.5",
  right: "M9.5 6l5.5 6-5.5 6",
  plus: "M12 5v14M5 12h14",
  close: "M6.5 6.5l11 11M17.5 6.5l-11 11",
  check: "M5 12.5l4.5 4.5L19 7.5",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.3 15.3L20.5 20.5",
  eye: "M2.5 12c2.6-4.3 5.8-6.5 9.5-6.5s6.9 2.2 9.5 6.5c-2.6 4.3-5.8 6.5-9.5 6.5S5.1 16.3 2.5 12zM12 15a3 3 0 1 0 0-6 3 3 0 0 0 0 6z",
  first: "M17 6l-6 6 6 6M7 6v12",
  previous: "M15 6l-6 6 6 6",
  next: "M9 6l6 6-6 6",
  last: "M7 6l6 6-6 6M17 6v12",
  info: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 11v5.5M12 7.3v.4",
  warning: "M12 4L2.5 20h19zM12 10v5M12 17.3v.4",
  success: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM7.8 12.3l3 3 5.5-6",
  lock: "M5.5 11h13v9.5h-13zM8.5 11V7.5a3.5 3.5 0 0 1 7 0V11",
  building: "M5 21V4h9v17M14 9h5v12M3 21h18M8 8h3M8 12h3M8 16h3",
  phone:
    "M6.5 3.5L9.5 4l1.2 4-2 1.5a12 12 0 0 0 5.8 5.8l1.5-2 4 1.2.5 3c-.5 1.8-2 2.8-3.6 2.5A17 17 0 0 1 4 7.1c-.3-1.6.7-3.1 2.5-3.6z",
  sliders:
    "M4 7h9M17 7h3M15 9.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6zM4 17h3M11 17h9M9 19.3a2.3 2.3 0 1 0 0-4.6 2.3 2.3 0 0 0 0 4.6z",
  shield: "M12 3.5l7.5 2.7V12c0 4.3-3 7.3-7.5 9-4.5-1.7-7.5-4.7-7.5-9V6.2zM8.8 12l2.3 2.3 4.2-4.6",
  truck:
    "M2.5 6h11v10.5h-11zM13.5 9.5h4l3.5 3.5v3.5h-7.5M6.5 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4zM17 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z",
  card: "M3 6h18v12.5H3zM3 10h18M6.5 15h4",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5.3l3.5 2",
  chat: "M4 5h16v11h-9l-4.5 4v-4H4z",
  folder: "M3 6h6.5l2 2.5H21V19H3z",
};

const SVG = "http://www.w3.org/2000/svg";

/** An icon; hidden from assistive technology, it never names anything. */
export function icon(name, size = 20) {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = {
    viewBox: "0 0 24 24",
    width: size,
    height: size,
    class: `icon icon-${name}`,
    "aria-hidden": "true",
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
