// The few pictures of the page, drawn as lines on a 20 by 20 grid. A label is always beside them.

const PATHS = {
  hash: "M8 3 6 17M14 3l-2 14M4 7.5h13M3 12.5h13",
  close: "M5 5l10 10M15 5 5 15",
  menu: "M3 5.5h14M3 10h14M3 14.5h14",
  send: "M3 17 17.5 10 3 3l2.2 7zM5.2 10h6",
  thread: "M4 4h12v9H9l-3.5 3V13H4z",
  more: "M10 4.5v.01M10 10v.01M10 15.5v.01",
  down: "M10 4v12M5 11l5 5 5-5",
  eye:
    "M2 10c2.2-3.6 4.9-5.3 8-5.3s5.8 1.7 8 5.3c-2.2 3.6-4.9 5.3-8 5.3S4.2 13.6 2 10z" +
    "M10 12.4a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8z",
  sun:
    "M10 13.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM10 1.8v2M10 16.2v2" +
    "M1.8 10h2M16.2 10h2M4.2 4.2l1.4 1.4M14.4 14.4l1.4 1.4M4.2 15.8l1.4-1.4M14.4 5.6l1.4-1.4",
  moon: "M16.5 12.3A7 7 0 0 1 7.7 3.5a7 7 0 1 0 8.8 8.8z",
  auto: "M3 4.5h14v9H3zM7 16.5h6",
  app: "M4 4h5v5H4zM11 4h5v5h-5zM4 11h5v5H4zM11 11h5v5h-5z",
  file: "M5 2.5h6.5L15 6v11.5H5zM11.5 2.5V6H15",
};

const SVG = "http://www.w3.org/2000/svg";

/** A picture that screen readers pass over. */
export function icon(name, size = 18) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  const attributes = {
    viewBox: "0 0 20 20",
    width: size,
    height: size,
    class: `icon icon-${name}`,
    "aria-hidden": true,
  };
  for (const [key, value] of Object.entries(attributes)) svg.setAttribute(key, value);
  svg.append(path);
  return svg;
}
