// Small windows that float above the page: placing them, closing them, giving the keyboard back to where it was.

import { h } from "./dom.js";

const GAP = 6;

/** Where a floating thing has to live: inside the open dialog, since a dialog makes the rest of the page inert. */
export const layerRoot = () => [...document.querySelectorAll("dialog[open]")].at(-1) ?? document.body;

/**
 * Show `content` beside `anchor` until Escape, a press outside or `close()`. `returnFocus: false` leaves the keyboard
 * where it is (suggestions while typing).
 */
export function popup(anchor, content, { className = "", returnFocus = true, onClose, align = "start" } = {}) {
  const box = h("div", { class: `popup ${className}` }, content);
  (anchor.closest("dialog") ?? layerRoot()).append(box);
  place(box, anchor, align);
  let open = true;

  const close = () => {
    if (!open) return;
    open = false;
    document.removeEventListener("pointerdown", onOutside, true);
    document.removeEventListener("keydown", onEscape, true);
    window.removeEventListener("resize", close);
    const keyboardWasHere = box.contains(document.activeElement);
    box.remove();
    if (returnFocus && keyboardWasHere && anchor.isConnected) anchor.focus();
    onClose?.();
  };
  const onOutside = (event) => {
    if (!box.contains(event.target) && !anchor.contains(event.target)) close();
  };
  const onEscape = (event) => {
    if (event.key !== "Escape") return;
    // Escape closes one thing at a time: the popup, not the dialog or thread under it.
    event.preventDefault();
    event.stopPropagation();
    close();
  };
  document.addEventListener("pointerdown", onOutside, true);
  document.addEventListener("keydown", onEscape, true);
  window.addEventListener("resize", close);
  return { box, close, replace: () => place(box, anchor, align), isOpen: () => open };
}

function place(box, anchor, align) {
  const around = anchor.getBoundingClientRect();
  const width = box.offsetWidth;
  const height = box.offsetHeight;
  const wanted = align === "end" ? around.right - width : around.left;
  const left = Math.max(8, Math.min(wanted, innerWidth - width - 8));
  const fitsBelow = around.bottom + GAP + height <= innerHeight - 8;
  const fitsAbove = around.top - GAP - height >= 8;
  const above = box.classList.contains("prefer-above") ? fitsAbove || !fitsBelow : !fitsBelow && fitsAbove;
  const top = above ? around.top - GAP - height : Math.min(around.bottom + GAP, innerHeight - height - 8);
  box.style.left = `${left}px`;
  box.style.top = `${Math.max(8, top)}px`;
}

/** Arrow keys, Home and End over `items()`; calls `onMove` with the chosen node. */
export function arrowKeys(event, items, current, onMove) {
  const all = items();
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  let next = null;
  if (event.key in steps) next = all[(all.indexOf(current) + steps[event.key] + all.length) % all.length];
  if (event.key === "Home") next = all[0];
  if (event.key === "End") next = all.at(-1);
  if (!next) return false;
  event.preventDefault();
  event.stopPropagation();
  onMove(next);
  return true;
}
