// How a person looks: the round monogram, and the card that says who you are and lets you be somebody else.

import { h } from "./dom.js";
import { icon } from "./icons.js";

const INKS = 10;

/** The person's monogram in their own colour, the same everywhere; `size` is tiny, small, or empty for the usual. */
export function avatar(person, size = "") {
  if (person?.isApp) return h("span", { class: `avatar avatar-app ${size}`, "aria-hidden": "true" }, icon("book"));
  const name = person?.fullName ?? person?.name ?? "?";
  return h("span", { class: `avatar ink-${inkOf(person?.id ?? name)} ${size}`, "aria-hidden": "true" }, person?.initials ?? initials(name));
}

function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  const letters = words.length > 1 ? [words[0], words.at(-1)] : words;
  return letters.map((word) => [...word][0]).join("").toUpperCase();
}

function inkOf(text) {
  return [...text].reduce((sum, character) => (sum * 31 + character.codePointAt(0)) % 9973, 7) % INKS;
}

/** "Kolkata" out of "Asia/Kolkata". */
export const cityOf = (zone) => zone.split("/").at(-1).replaceAll("_", " ");
