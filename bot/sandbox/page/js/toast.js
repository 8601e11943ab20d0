// Short news at the edge of the screen, read out by screen readers.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { layerRoot } from "./layer.js";

const STAY = 7000;

/** A function that shows a sentence; kind "error" stays until dismissed or twice as long. */
export function createToaster() {
  const polite = h("div", { class: "toasts", role: "status", "aria-live": "polite" });
  document.body.append(polite);
  return (text, kind = "note") => {
    // Inside an open dialog the page's own live region is inert, so the region moves to where it can be heard.
    if (polite.parentNode !== layerRoot()) layerRoot().append(polite);
    const same = [...polite.children].find((node) => node.dataset.text === text);
    same?.remove();
    const note = h("div", { class: `toast toast-${kind}`, data: { text } }, h("span", { class: "grow" }, text));
    const drop = () => note.remove();
    note.append(
      h("button", { type: "button", class: "icon-btn", "aria-label": "Dismiss", on: { click: drop } }, icon("close")),
    );
    polite.append(note);
    while (polite.children.length > 4) polite.firstElementChild.remove();
    setTimeout(drop, kind === "error" ? STAY * 2 : STAY);
  };
}

/** A live region nobody sees: says what arrives while somebody listens to the page. */
export function createAnnouncer() {
  const region = h("div", { class: "unseen", role: "status", "aria-live": "polite" });
  document.body.append(region);
  return (text) => {
    region.textContent = text;
  };
}
