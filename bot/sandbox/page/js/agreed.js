// The question that an element may ask before it acts.

import { confirmDialog } from "./menu.js";
import { textObject } from "./mrkdwn.js";

/** Ask the element's own question first, if it has one. */
export async function agreed(confirm, look) {
  if (!confirm) return true;
  return confirmDialog({
    title: confirm.title?.text ?? "Are you sure?",
    text: textObject(confirm.text, look),
    yes: confirm.confirm?.text ?? "Yes",
    no: confirm.deny?.text ?? "Cancel",
    danger: confirm.style === "danger",
  });
}
