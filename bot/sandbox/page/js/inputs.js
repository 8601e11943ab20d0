// The fields people type into inside forms.

import { h } from "./dom.js";

const KINDS = { number_input: "text", email_text_input: "email", url_text_input: "url", plain_text_input: "text" };

/** A text, number, e-mail or address field; it grows with what is typed when it has several lines. */
export function textInput(element, place) {
  const props = {
    id: place.fieldId,
    class: "field",
    placeholder: element.placeholder?.text,
    value: place.read(element) ?? "",
    dir: "auto",
    autofocus: element.focus_on_load,
    "aria-label": place.fieldId ? null : (element.placeholder?.text ?? "Text"),
    "aria-describedby": place.describedBy,
    data: { focusKey: place.focusKey(element) },
  };
  const field = element.multiline
    ? h("textarea", { ...props, rows: "4" })
    : h("input", { ...props, type: KINDS[element.type], inputmode: inputMode(element) });
  const left = h("span", { class: "count", "aria-hidden": "true" });
  field.addEventListener("input", () => {
    showLeft(left, element, field.value);
    place.note(element, field.value === "" ? null : field.value);
    if (triggers(element).includes("on_character_entered")) place.dispatch(element);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.isComposing || event.shiftKey) return;
    if (place.dispatches && triggers(element).includes("on_enter_pressed")) {
      event.preventDefault();
      place.dispatch(element);
    }
  });
  showLeft(left, element, field.value);
  return h("span", { class: "field-box" }, field, left);
}

const triggers = (element) => element.dispatch_action_config?.trigger_actions_on ?? ["on_enter_pressed"];

function inputMode(element) {
  if (element.type !== "number_input") return null;
  return element.is_decimal_allowed ? "decimal" : "numeric";
}

/** How many characters are left, once it matters. */
function showLeft(node, element, value) {
  const most = element.max_length ?? Infinity;
  const left = most - value.length;
  node.textContent = left < Math.min(100, most / 4) ? String(left) : "";
  node.classList.toggle("over", left < 0);
}
