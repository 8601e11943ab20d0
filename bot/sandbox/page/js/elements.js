// Block Kit's interactive elements. Each gets a `place` (see blocks.js) that knows what was typed and how to press.

import { fill, freshId, h } from "./dom.js";
import { icon } from "./icons.js";
import { textInput } from "./inputs.js";
import { agreed } from "./agreed.js";
import { openMenu } from "./menu.js";
import { plainText, textObject } from "./mrkdwn.js";
import { fileInput } from "./fileinput.js";
import { select } from "./selects.js";
import { instantOf, wallText } from "./time.js";

// The name under which Slack reports an element's state, and the one under which a view gives its first value.
const TEXT = ["value", "initial_value"];
const ONE = ["selected_option", "initial_option"];
const MANY = ["selected_options", "initial_options"];
const STATE = {
  plain_text_input: TEXT,
  number_input: TEXT,
  email_text_input: TEXT,
  url_text_input: TEXT,
  static_select: ONE,
  external_select: ONE,
  radio_buttons: ONE,
  overflow: ONE,
  multi_static_select: MANY,
  multi_external_select: MANY,
  checkboxes: MANY,
  users_select: ["selected_user", "initial_user"],
  multi_users_select: ["selected_users", "initial_users"],
  conversations_select: ["selected_conversation", "initial_conversation"],
  multi_conversations_select: ["selected_conversations", "initial_conversations"],
  channels_select: ["selected_channel", "initial_channel"],
  multi_channels_select: ["selected_channels", "initial_channels"],
  datepicker: ["selected_date", "initial_date"],
  timepicker: ["selected_time", "initial_time"],
  datetimepicker: ["selected_date_time", "initial_date_time"],
  file_input: ["files", "initial_files"],
};
const LISTS = new Set(["selected_options", "selected_users", "selected_conversations", "selected_channels", "files"]);

/** True for elements that hold a value (everything but buttons and the like). */
export const holdsValue = (element) => element.type in STATE && element.type !== "overflow";

/** The element's value before anybody touched it. */
export function firstValue(element) {
  const [name, initial] = STATE[element.type];
  return element[initial] ?? (LISTS.has(name) ? [] : null);
}

/** The element's state as Slack sends it: {type, value} or {type, selected_…}. */
export const stateOf = (element, value) => ({ type: element.type, [STATE[element.type][0]]: value });

/** The node of one element; unknown kinds are left out, as Slack's older clients do. */
export function renderElement(element, place) {
  const make = MAKERS[element.type];
  return make ? make(element, place) : null;
}

const BUTTON_STYLES = { primary: "btn-primary", danger: "btn-danger" };

function button(element, place) {
  const words = plainText(element.text?.text ?? "");
  const props = {
    class: `btn ${BUTTON_STYLES[element.style] ?? ""}`,
    "aria-label": element.accessibility_label,
    data: { focusKey: place.focusKey(element) },
  };
  const press = async (node) => {
    if (await agreed(element.confirm, place.look))
      await whileBusy(node, () => place.press(element, { value: element.value }));
  };
  if (!element.url)
    return h("button", { type: "button", ...props, on: { click: (event) => press(event.currentTarget) } }, words);
  if (!/^https?:\/\//i.test(element.url)) return h("span", { class: "btn", "aria-disabled": "true" }, words);
  const follow = (event) => {
    if (place.look.open(element.url)) event.preventDefault();
    place.press(element, { value: element.value });
  };
  return h(
    "a",
    { ...props, href: element.url, target: "_blank", rel: "noopener noreferrer", on: { click: follow } },
    words,
  );
}

/** Hold a button while the app answers, so that one press is one press. */
async function whileBusy(node, work) {
  if (node.getAttribute("aria-busy") === "true") return;
  node.setAttribute("aria-busy", "true");
  try {
    await work();
  } finally {
    node.removeAttribute("aria-busy");
  }
}

function overflow(element, place) {
  const choose = async (option) => {
    if (await agreed(element.confirm, place.look)) await place.press(element, { selected_option: option });
  };
  const items = (element.options ?? []).map((option) => ({
    label: option.text?.text ?? "",
    href: /^https?:\/\//i.test(option.url ?? "") ? option.url : null,
    run: () => choose(option),
  }));
  const props = {
    type: "button",
    class: "btn btn-square",
    "aria-haspopup": "menu",
    "aria-label": "More actions",
    data: { focusKey: place.focusKey(element) },
  };
  return h("button", { ...props, on: { click: (event) => openMenu(event.currentTarget, items) } }, icon("more"));
}

function choices(element, place) {
  const many = element.type === "checkboxes";
  const name = freshId("choice");
  const value = place.read(element);
  const isOn = (option) => (many ? (value ?? []).some((o) => o.value === option.value) : value?.value === option.value);
  const group = h("div", { class: "choices", role: many ? "group" : "radiogroup", "aria-labelledby": place.labelId });
  const changed = () => {
    const on = [...group.querySelectorAll("input:checked")].map((input) => element.options[Number(input.value)]);
    place.change(element, many ? on : (on[0] ?? null));
  };
  return fill(
    group,
    (element.options ?? []).map((option, index) => {
      const id = index === 0 ? place.fieldId : null;
      const input = h("input", {
        type: many ? "checkbox" : "radio",
        id,
        name,
        value: String(index),
        checked: isOn(option),
        data: { focusKey: `${place.focusKey(element)}/${index}` },
        on: { change: changed },
      });
      const words = h(
        "span",
        {},
        textObject(option.text, place.look),
        option.description ? h("span", { class: "choice-detail" }, textObject(option.description, place.look)) : null,
      );
      return h("label", { class: "choice" }, input, words);
    }),
  );
}

const PICKERS = { datepicker: "date", timepicker: "time", datetimepicker: "datetime-local" };

function picker(element, place) {
  const isMoment = element.type === "datetimepicker";
  const zone = place.look.zone();
  const value = place.read(element);
  const shown = isMoment && value ? wallText(new Date(value * 1000), zone) : (value ?? "");
  const parse = (text) => (isMoment ? Math.floor(instantOf(text, zone).getTime() / 1000) : text);
  const input = h("input", {
    type: PICKERS[element.type],
    id: place.fieldId,
    class: "field field-short",
    value: shown,
    "aria-label": place.fieldId ? null : (element.placeholder?.text ?? "Choose a date or time"),
    data: { focusKey: place.focusKey(element) },
    on: { change: () => place.change(element, input.value ? parse(input.value) : null) },
  });
  return isMoment
    ? h("span", { class: "with-note" }, input, h("span", { class: "note" }, zone.replaceAll("_", " ")))
    : input;
}

/** An image given by address or by a file of the sandbox; nothing is fetched from elsewhere. */
export function imageNode(image, className, look) {
  const source = image.image_url ?? look.fileUrl(image.slack_file);
  if (!source || !look.isOurs(source))
    return h("span", { class: `${className} image-absent` }, image.alt_text || "Picture");
  return h("img", { class: className, src: source, alt: image.alt_text ?? "", loading: "lazy" });
}

const MAKERS = {
  button,
  overflow,
  image: (element, place) => imageNode(element, "accessory-image", place.look),
  workflow_button: button,
  static_select: select,
  multi_static_select: select,
  external_select: select,
  multi_external_select: select,
  users_select: select,
  multi_users_select: select,
  conversations_select: select,
  multi_conversations_select: select,
  channels_select: select,
  multi_channels_select: select,
  radio_buttons: choices,
  checkboxes: choices,
  datepicker: picker,
  timepicker: picker,
  datetimepicker: picker,
  plain_text_input: textInput,
  number_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  file_input: fileInput,
};
