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

/** Redraw inside `container`, then give the keyboard back to the element it was on, at the same place in its text. */
export function keepingFocus(container, redraw) {
  const active = container.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.dataset.focusKey;
  const caret = active?.selectionStart;
  redraw();
  const again = key ? withFocusKey(container, key) : null;
  again?.focus({ preventScroll: true });
  if (typeof caret === "number") again?.setSelectionRange?.(caret, caret);
}

/** The element of that key ("block/action"); a republished view may have new block ids, but the action stays. */
function withFocusKey(container, key) {
  const action = key.slice(key.lastIndexOf("/"));
  return (
    container.querySelector(`[data-focus-key="${CSS.escape(key)}"]`) ??
    container.querySelector(`[data-focus-key$="${CSS.escape(action)}"]`)
  );
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
  const active = old.contains(document.activeElement) ? document.activeElement : null;
  fresh.tabIndex = old.tabIndex;
  old.replaceWith(fresh);
  if (!active) return;
  const again = active.dataset.focusKey ? withFocusKey(fresh, active.dataset.focusKey) : null;
  (again ?? fresh).focus({ preventScroll: true });
}
