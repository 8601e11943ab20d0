// Choosing files: in a form's file field and in the composer. A "clip" is a stand-in file with a length of its own,
// so that one can try what happens to a short film without recording one.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { lengthOf } from "./time.js";

const CLIP_LENGTHS = [45, 90, 150, 240, 420, 720];

/** The file field of a form: uploads at once and keeps the ids. */
export function fileInput(element, place) {
  const most = element.max_files ?? 10;
  const list = h("div", { class: "file-chips" });
  const picker = h("input", {
    type: "file",
    id: place.fieldId,
    class: "unseen",
    multiple: most > 1,
    accept: acceptOf(element.filetypes),
    on: { change: () => addAll([...picker.files]) },
  });
  const files = () => place.read(element) ?? [];
  const keep = (next) => {
    place.change(element, next);
    draw();
  };
  const addAll = async (chosen) => {
    for (const file of chosen.slice(0, most - files().length)) await add(file);
    picker.value = "";
  };
  const add = async (file, length) => {
    const uploaded = await place.upload(file, length);
    if (uploaded) keep([...files(), uploaded]);
  };
  const draw = () =>
    fill(
      list,
      files().map((file) => fileChip(file, () => keep(files().filter((f) => f !== file)))),
    );
  const buttons = h(
    "div",
    { class: "file-buttons" },
    h(
      "button",
      {
        type: "button",
        class: "btn",
        data: { focusKey: place.focusKey(element) },
        on: { click: () => picker.click() },
      },
      icon("file"),
      "Choose a file",
    ),
    clipChooser((clip, length) => add(clip, length)),
  );
  draw();
  return h("div", { class: "file-field" }, list, buttons, picker);
}

const acceptOf = (types) => (types?.length ? types.map((type) => `.${type}`).join(",") : null);

/** A chosen file with its length and a way to drop it. */
export function fileChip(file, drop) {
  const kind = file.duration_ms ? `clip, ${lengthOf(file.duration_ms)}` : sizeOf(file.size ?? 0);
  return h(
    "span",
    { class: "chip chip-file" },
    icon(file.duration_ms ? "camera" : "file"),
    h("span", { dir: "auto" }, file.title || file.name),
    h("span", { class: "note" }, kind),
    h(
      "button",
      { type: "button", class: "chip-x", "aria-label": `Remove ${file.name}`, on: { click: drop } },
      icon("close"),
    ),
  );
}

/** "A clip of …": gives a small stand-in film of the chosen length. */
export function clipChooser(onClip) {
  const choice = h(
    "select",
    { class: "field field-short", "aria-label": "Add a clip of this length" },
    h("option", { value: "" }, "Add a clip…"),
    CLIP_LENGTHS.map((seconds) => h("option", { value: String(seconds) }, `A clip of ${lengthOf(seconds * 1000)}`)),
  );
  choice.addEventListener("change", () => {
    const seconds = Number(choice.value);
    choice.value = "";
    if (seconds) onClip(standInClip(seconds), seconds * 1000);
  });
  return choice;
}

let clips = 0;

function standInClip(seconds) {
  clips += 1;
  const words = `A stand-in for a clip of ${seconds} seconds, made by the sandbox.`;
  return new File([words], `clip-${clips}.mp4`, { type: "video/mp4" });
}

/** 2048 → "2 kB". */
export function sizeOf(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  if (bytes < 1_000_000) return `${Math.round(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
