// The one way this page makes nodes. Data only ever becomes text nodes and attributes, never markup,
// so whatever people write is shown and nothing of it runs.

const AS_PROPERTY = new Set(["value", "checked", "disabled", "selected", "indeterminate", "open", "hidden"]);

/** Make an element: `on` holds listeners, `data` data attributes; null, undefined and false are left out. */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props ?? {})) setProperty(node, name, value);
  append(node, children);
  return node;
}

function setProperty(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "on") {
    for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
  } else if (name === "data") {
    Object.assign(node.dataset, value);
  } else if (AS_PROPERTY.has(name)) {
    node[name] = value;
  } else {
    node.setAttribute(name, value === true ? "" : value);
  }
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child !== null && child !== undefined && child !== false) node.append(child);
  }
}

/** Replace everything inside a node. */
export function fill(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

let lastId = 0;

/** A fresh id, for labels and aria references. */
export function freshId(stem = "x") {
  lastId += 1;
  return `${stem}-${lastId}`;
}

/** Run `fn` at most once per `wait` milliseconds, at the end of the wait: a burst of changes is one redraw. */
export function gathered(fn, wait = 60) {
  let timer = null;
  return () => {
    if (timer !== null) return;
    timer = setTimeout(() => {
      timer = null;
      fn();
    }, wait);
  };
}

/**
 * Bring the children of `container` in line with `items`, touching only what differs, so that nothing flickers,
 * the scroll position holds and focus stays. Each item is {key, signature, build}.
 */
export function reconcile(container, items) {
  const wanted = new Set(items.map((item) => item.key));
  // What goes, goes first: otherwise everything behind it would have to move, and a moved node loses the keyboard.
  for (const node of [...container.children]) if (!wanted.has(node.dataset.key)) node.remove();
  const old = new Map([...container.children].map((node) => [node.dataset.key, node]));
  let place = container.firstElementChild;
  for (const item of items) {
    const before = old.get(item.key);
    const node = currentNode(before, item);
    if (before && before === place) place = node.nextElementSibling;
    else container.insertBefore(node, place);
  }
}

function currentNode(old, item) {
  if (old && old.signature === item.signature) return old;
  const fresh = item.build();
  fresh.dataset.key = item.key;
  fresh.signature = item.signature;
  if (old) swap(old, fresh);
  return fresh;
}

/** Put `fresh` where `old` was, and keep the keyboard there if it was there. */
function swap(old, fresh) {
  const hadFocus = old.contains(document.activeElement);
  const focusKey = document.activeElement?.dataset?.focusKey;
  fresh.tabIndex = old.tabIndex;
  old.replaceWith(fresh);
  if (!hadFocus) return;
  const target = focusKey ? fresh.querySelector(`[data-focus-key="${CSS.escape(focusKey)}"]`) : null;
  (target ?? fresh).focus({ preventScroll: true });
}
