// Files under a message: pictures as pictures, clips with their length, everything else as a card to download.

import { h } from "./dom.js";
import { sizeOf } from "./fileinput.js";
import { icon } from "./icons.js";
import { fileUrl } from "./look.js";
import { lengthOf } from "./time.js";

/** The files of a message as the person may see them. */
export function renderFiles(files, person) {
  return files?.length
    ? h(
        "div",
        { class: "files" },
        files.map((file) => renderFile(file, person)),
      )
    : null;
}

function renderFile(file, person) {
  if (file.mode === "tombstone")
    return h("div", { class: "file-card" }, icon("file"), h("span", { class: "note" }, "This file was deleted."));
  const address = fileUrl(file, person);
  if (/^image\/(png|jpeg|gif|webp)$/.test(file.mimetype ?? "")) return picture(file, address);
  const isClip = /^(video|audio)\//.test(file.mimetype ?? "");
  return h(
    "a",
    { class: `file-card${isClip ? " file-clip" : ""}`, href: address, download: file.name ?? "file" },
    h("span", { class: "file-mark" }, icon(isClip ? "camera" : "file")),
    h(
      "span",
      { class: "file-words" },
      h("span", { class: "file-name", dir: "auto" }, file.title || file.name),
      h("span", { class: "note" }, detail(file, isClip)),
    ),
  );
}

function detail(file, isClip) {
  const length = file.duration_ms ? lengthOf(file.duration_ms) : null;
  if (isClip) return length ? `Clip · ${length}` : "Clip";
  return [file.filetype?.toUpperCase(), sizeOf(file.size ?? 0)].filter(Boolean).join(" · ");
}

function picture(file, address) {
  const image = h("img", {
    class: "file-picture",
    src: address,
    alt: file.alt_txt || file.title || file.name || "Picture",
    loading: "lazy",
  });
  return h("a", { href: address, target: "_blank", rel: "noopener" }, image);
}
