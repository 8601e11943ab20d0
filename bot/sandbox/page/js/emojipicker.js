// The emoji picker: a search field over a grid, all of it reachable with the arrow keys.

import { emojiGroups, findEmoji } from "./emoji.js";
import { fill, h } from "./dom.js";
import { popup } from "./layer.js";

const COLUMNS = 8;

/** Open the picker beside `anchor`; `onPick` gets {name, character}. */
export function openEmojiPicker(anchor, onPick) {
  const grid = h("div", { class: "emoji-grid", role: "group", "aria-label": "Emoji" });
  const search = h("input", {
    type: "search",
    class: "field",
    placeholder: "Search emoji",
    "aria-label": "Search emoji",
  });
  let shown = null;
  const pick = (emoji) => {
    shown.close();
    onPick(emoji);
  };
  const draw = () => {
    const words = search.value.trim();
    const groups = words ? [{ title: "Found", emoji: findEmoji(words, 40) }] : emojiGroups;
    fill(
      grid,
      groups.map((group) => groupNodes(group, pick)),
    );
  };
  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => {
    if (event.key === "Enter") grid.querySelector("button")?.click();
    else if (event.key === "ArrowDown") grid.querySelector("button")?.focus();
    else return;
    event.preventDefault();
  });
  grid.addEventListener("keydown", (event) => moveInGrid(event, grid, search));
  draw();
  anchor.setAttribute("aria-expanded", "true");
  shown = popup(
    anchor,
    h("div", { class: "emoji-picker", role: "dialog", "aria-label": "Choose an emoji" }, search, grid),
    {
      align: "end",
      className: "prefer-above",
      onClose: () => anchor.setAttribute("aria-expanded", "false"),
    },
  );
  search.focus();
  return shown;
}

function groupNodes(group, pick) {
  const one = (emoji) => {
    const words = emoji.name.replaceAll("_", " ");
    return h(
      "button",
      {
        type: "button",
        class: "emoji-btn",
        "aria-label": words,
        title: `:${emoji.name}:`,
        on: { click: () => pick(emoji) },
      },
      emoji.character,
    );
  };
  return [h("div", { class: "emoji-title" }, group.title), group.emoji.map(one)];
}

function moveInGrid(event, grid, search) {
  const all = [...grid.querySelectorAll("button")];
  const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: COLUMNS, ArrowUp: -COLUMNS }[event.key];
  if (!step) return;
  event.preventDefault();
  const next = all.indexOf(document.activeElement) + step;
  if (next < 0) search.focus();
  else all[Math.min(next, all.length - 1)].focus();
}
