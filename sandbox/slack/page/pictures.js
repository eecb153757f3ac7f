// Pictures and other files of messages. A picture opens large; its alt text is what screen readers say.

import { h, uniqueId } from "./dom.js";
import { icon } from "./icons.js";
import { openLayer } from "./layers.js";

/** The files of a message. */
export const files = (all) => all.map((file) => (isPicture(file) ? shown(file) : card(file)));

const isPicture = (file) => (file.mimetype ?? "").startsWith("image/");

const shown = (file) =>
  picture({
    url: file.url,
    alt: file.alt_text || file.title || file.name,
    title: file.title || file.name,
    name: file.name,
  });

const card = (file) =>
  h(
    "a",
    { class: "file-card", href: file.url, download: file.name },
    icon("file", 22),
    h("span", null, h("strong", null, file.title || file.name), h("span", { class: "file-kind" }, file.mimetype ?? "")),
  );

/** A picture with its title over it; a press opens it large. */
export function picture({ url, alt, title, name }) {
  const image = h("img", { src: url, alt: alt ?? "", loading: "eager" });
  const open = h(
    "button",
    {
      type: "button",
      class: "picture-open",
      "aria-label": `Open the picture: ${alt || title || name || ""}`,
      on: { click: () => enlarge(url, alt, title || name) },
    },
    image,
  );
  return h("figure", { class: "picture" }, title && h("figcaption", null, title), open);
}

function enlarge(url, alt, title) {
  const id = uniqueId("picture");
  const close = h(
    "button",
    { type: "button", class: "round", "aria-label": "Close", on: { click: () => layer.close() } },
    icon("close"),
  );
  const box = h(
    "div",
    { class: "lightbox", role: "dialog", "aria-modal": "true", "aria-labelledby": id },
    h("div", { class: "lightbox-head" }, h("h2", { id }, title || "Picture"), close),
    h("img", { src: url, alt: alt ?? "" }),
    alt && alt !== title && h("p", { class: "lightbox-words" }, alt),
  );
  const layer = openLayer(box, { onEscape: () => layer.close(), onOutside: () => layer.close() });
}
