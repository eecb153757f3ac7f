// Making elements, nothing more: no templates, no virtual DOM, no state.

let withTestIds = false;

/** Whether elements made from now on carry their test id; the server tells (GET session, testIds). */
export function useTestIds(on) {
  withTestIds = on;
}

/**
 * An element. `on` holds listeners, `testId` becomes data-test-id where test ids are on, `props` are
 * set as properties, everything else becomes an attribute; null, undefined and false leave an attribute out.
 */
export function h(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    if (name === "on") for (const [type, listener] of Object.entries(value)) node.addEventListener(type, listener);
    else if (name === "props") Object.assign(node, value);
    else if (name === "testId") withTestIds && node.setAttribute("data-test-id", value);
    else node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...present(children));
  return node;
}

/** Replaces what a node holds; absent children may be null or false. */
export function fill(node, ...children) {
  node.replaceChildren(...present(children));
  return node;
}

const present = (children) =>
  children.flat(3).filter((child) => child !== null && child !== undefined && child !== false);

let last = 440 + Math.floor(Math.random() * 60);

/** An id that differs from page load to page load, as those of widget libraries do. */
export const numbered = (prefix) => `${prefix}_${last++}`;

/** Calls `act` on click and on Enter or Space, for things that are not buttons. */
export function press(act) {
  return {
    click: act,
    keydown: (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      act(event);
    },
  };
}

/** `act`, once, `milliseconds` after the last call. */
export function debounce(act, milliseconds) {
  let timer = 0;
  return (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => act(...args), milliseconds);
  };
}

export const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;
