// Block Kit's layout blocks, the same for messages, forms and Home.

import { freshId, h } from "./dom.js";
import { firstValue, holdsValue, imageNode, renderElement, stateOf } from "./elements.js";
import { mrkdwn, plainText, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";

/** What was typed into the fields of one surface, by block and action, so that a redraw loses nothing. */
export function createForm() {
  const values = new Map();
  const keyOf = (blockId, actionId) => JSON.stringify([blockId, actionId]);
  return {
    read(blockId, element) {
      const key = keyOf(blockId, element.action_id);
      if (!values.has(key)) values.set(key, { element, value: firstValue(element) });
      return values.get(key).value;
    },
    write: (blockId, element, value) => values.set(keyOf(blockId, element.action_id), { element, value }),
    /** {block: {action: state}} of the fields in these blocks. */
    states(blocks) {
      const all = {};
      for (const [blockId, element] of fieldsOf(blocks)) {
        all[blockId] = { ...all[blockId], [element.action_id]: stateOf(element, plain(this.read(blockId, element))) };
      }
      return all;
    },
  };
}

/** Files are kept with their names to show them, and sent as ids. */
const plain = (value) => (Array.isArray(value) && value[0]?.mimetype ? value.map((file) => file.id) : value);

/** Every field of the blocks as [block_id, element]. */
export function fieldsOf(blocks) {
  return blocks.flatMap((block) =>
    elementsOf(block)
      .filter(holdsValue)
      .map((element) => [block.block_id, element]),
  );
}

function elementsOf(block) {
  if (block.type === "input") return [block.element];
  if (block.type === "actions") return block.elements ?? [];
  return block.accessory ? [block.accessory] : [];
}

/**
 * The blocks as nodes. `surface` is {look, form, press(element, blockId, what), options(element, blockId, query),
 * upload(file, ms), errors?: {block_id: text}}.
 */
export function renderBlocks(blocks, surface) {
  return h(
    "div",
    { class: "blocks" },
    (blocks ?? []).map((block) => renderBlock(block, surface)),
  );
}

function renderBlock(block, surface) {
  const make = BLOCKS[block.type];
  return make ? make(block, surface) : null;
}

/** What one element needs to know about where it stands. */
function placeFor(block, surface, { fieldId = null, labelId = null, describedBy = null } = {}) {
  const blockId = block.block_id;
  const isInput = block.type === "input";
  const dispatches = !isInput || Boolean(block.dispatch_action);
  const place = {
    look: surface.look,
    fieldId,
    labelId,
    describedBy,
    dispatches,
    focusKey: (element) => `${blockId}/${element.action_id}`,
    read: (element) => surface.form.read(blockId, element),
    note: (element, value) => surface.form.write(blockId, element, value),
    change(element, value) {
      place.note(element, value);
      place.dispatch(element);
    },
    dispatch(element) {
      if (!dispatches) return;
      const { type, ...state } = stateOf(element, plain(place.read(element)));
      surface.press(element, blockId, state);
    },
    press: (element, what) => surface.press(element, blockId, what),
    options: (element, query) => surface.options(element, blockId, query),
    upload: surface.upload,
  };
  return place;
}

function section(block, surface) {
  const look = surface.look;
  return h(
    "div",
    { class: "b-section" },
    h(
      "div",
      { class: "b-section-words", dir: "auto" },
      block.text ? h("div", { class: "text" }, textObject(block.text, look)) : null,
      block.fields
        ? h(
            "div",
            { class: "b-fields" },
            block.fields.map((field) => h("div", { class: "text" }, textObject(field, look))),
          )
        : null,
    ),
    block.accessory
      ? h("div", { class: "b-accessory" }, renderElement(block.accessory, placeFor(block, surface)))
      : null,
  );
}

function context(block, surface) {
  const part = (element) =>
    element.type === "image"
      ? imageNode(element, "context-image", surface.look)
      : h("span", { class: "text", dir: "auto" }, textObject(element, surface.look));
  return h("div", { class: "b-context" }, (block.elements ?? []).map(part));
}

function actions(block, surface) {
  return h(
    "div",
    { class: "b-actions" },
    (block.elements ?? []).map((element) => renderElement(element, placeFor(block, surface))),
  );
}

function input(block, surface) {
  const ids = { fieldId: freshId("field"), labelId: freshId("label"), describedBy: freshId("hint") };
  const element = block.element ?? {};
  const error = surface.errors?.[block.block_id];
  const isGroup = ["radio_buttons", "checkboxes"].includes(element.type);
  const words = [
    plainText(block.label?.text ?? ""),
    block.optional ? h("span", { class: "note" }, " (optional)") : null,
  ];
  const label = isGroup
    ? h("div", { class: "b-label", id: ids.labelId }, words)
    : h("label", { class: "b-label", id: ids.labelId, for: ids.fieldId }, words);
  return h(
    "div",
    { class: `b-input${error ? " has-error" : ""}`, data: { block: block.block_id } },
    label,
    renderElement(element, placeFor(block, surface, ids)),
    h(
      "div",
      { class: "b-hint", id: ids.describedBy },
      error ? h("div", { class: "b-error", role: "alert" }, error) : null,
      block.hint ? plainText(block.hint.text ?? "") : null,
    ),
  );
}

function image(block, surface) {
  const title = block.title ? h("figcaption", {}, plainText(block.title.text ?? "")) : null;
  return h("figure", { class: "b-image" }, title, imageNode(block, "block-image", surface.look));
}

function table(block, surface) {
  const cell = (part) => h("td", {}, part.type === "rich_text" ? richText(part, surface.look) : (part.text ?? ""));
  return h(
    "table",
    { class: "b-table" },
    (block.rows ?? []).map((row) => h("tr", {}, row.map(cell))),
  );
}

const BLOCKS = {
  section,
  context,
  actions,
  input,
  image,
  table,
  header: (block) => h("h3", { class: "b-header", dir: "auto" }, plainText(block.text?.text ?? "")),
  divider: () => h("hr", { class: "b-divider" }),
  rich_text: (block, surface) => h("div", { class: "text", dir: "auto" }, richText(block, surface.look)),
  markdown: (block, surface) => h("div", { class: "text", dir: "auto" }, mrkdwn(block.text ?? "", surface.look)),
};
