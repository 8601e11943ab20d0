// A list to choose from while the keyboard stays in a text field; shared by selects, suggestions and the switcher.

import { fill, freshId, h } from "./dom.js";

/**
 * `show(groups)` draws groups of {label?, options: [{label, detail?, lead?, chosen?, …}]}; `move(step)` changes the
 * active one, `choose()` takes it. `field` is told through aria-activedescendant.
 */
export function createListbox({ label, field, onChoose, empty = "Nothing found." }) {
  const node = h("div", { class: "listbox", role: "listbox", id: freshId("list"), "aria-label": label });
  // A press must not take the keyboard away from the field.
  node.addEventListener("pointerdown", (event) => event.preventDefault());
  let rows = [];
  let at = -1;

  const activate = (index) => {
    rows[at]?.node.classList.remove("active");
    at = index;
    const row = rows[at];
    row?.node.classList.add("active");
    row?.node.scrollIntoView({ block: "nearest" });
    if (row) field.setAttribute("aria-activedescendant", row.node.id);
    else field.removeAttribute("aria-activedescendant");
  };
  const addRow = (option) => {
    const index = rows.length;
    const row = optionRow(option, () => onChoose(option));
    row.addEventListener("pointermove", () => index !== at && activate(index));
    rows.push({ node: row, option });
    return row;
  };
  const show = (groups, { preferred = 0 } = {}) => {
    rows = [];
    at = -1;
    const drawn = groups.map((group) => [
      group.label && group.options.length
        ? h("div", { class: "listbox-group", role: "presentation" }, group.label)
        : null,
      group.options.map(addRow),
    ]);
    fill(node, rows.length ? drawn : h("div", { class: "listbox-empty" }, empty));
    activate(rows.length ? Math.max(0, preferred) : -1);
  };
  return {
    node,
    show,
    move: (step) => rows.length && activate((at + step + rows.length) % rows.length),
    choose: () => rows[at] && onChoose(rows[at].option),
    active: () => rows[at]?.option ?? null,
    size: () => rows.length,
  };
}

function optionRow(option, choose) {
  return h(
    "div",
    {
      class: "option",
      role: "option",
      id: freshId("option"),
      "aria-selected": String(Boolean(option.chosen)),
      on: { click: choose },
    },
    option.lead ? h("span", { class: "option-lead" }, option.lead) : null,
    h(
      "span",
      { class: "option-words" },
      h("span", { class: "option-label", dir: "auto" }, option.label),
      option.detail ? h("span", { class: "option-detail" }, option.detail) : null,
    ),
    option.chosen ? h("span", { class: "option-tick", "aria-hidden": "true" }, "✓") : null,
  );
}
