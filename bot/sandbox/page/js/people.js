// How a person looks: the round monogram in an ink of their own.

import { h } from "./dom.js";
import { icon } from "./icons.js";

const INKS = 13;

/** The person's monogram in their own colour, the same everywhere; `size` is tiny, small, or empty for the usual. */
export function avatar(person, size = "") {
  if (person?.isApp) return h("span", { class: `avatar avatar-app ${size}`, "aria-hidden": "true" }, icon("book"));
  const letters = person?.initials ?? [...(person?.name ?? "?")][0].toUpperCase();
  return h("span", { class: `avatar ink-${(person?.ink ?? 0) % INKS} ${size}`, "aria-hidden": "true" }, letters);
}

/** "Kolkata" out of "Asia/Kolkata". */
export const cityOf = (zone) => zone.split("/").at(-1).replaceAll("_", " ");
