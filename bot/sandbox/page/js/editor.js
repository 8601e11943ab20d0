// Editing one's own message in its place.

import { toShortNames } from "./emoji.js";
import { h } from "./dom.js";
import { typedText } from "./mrkdwn.js";
import { growing } from "./grow.js";

/** The message as a field; Enter saves, Escape leaves it as it was. */
export function createEditor(page, message, channel, done) {
  const field = h("textarea", {
    class: "field",
    rows: "2",
    "aria-label": "Edit message",
    dir: "auto",
    value: typedText(message.text ?? "", page.look),
  });
  growing(field);
  const save = async () => {
    const text = toShortNames(field.value).trim();
    if (text === "")
      return page.toast("A message needs at least one word. To remove it, use Delete in its menu.", "error");
    return (await page.act("edit", { channel, ts: message.ts, text })) && done();
  };
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      save();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      done();
    }
  });
  const button = (label, kind, run) => h("button", { type: "button", class: `btn ${kind}`, on: { click: run } }, label);
  return h(
    "article",
    { class: "msg editor", data: { ts: message.ts }, tabindex: "-1" },
    h("div", { class: "msg-margin" }),
    h(
      "div",
      { class: "msg-body" },
      field,
      h("div", { class: "editor-foot" }, button("Save", "btn-primary", save), button("Cancel", "", done)),
    ),
  );
}
