// A select one can type into: one choice or several, from a given list or one fetched for what was typed.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { popup } from "./layer.js";
import { createListbox } from "./listbox.js";

/**
 * `load(query)` resolves to groups of {value, label, detail?, lead?}. `onChange` gets the chosen options: a list when
 * `multiple`, else one or null. `clearable` lets an emptied field mean "nothing chosen".
 */
export function createCombobox({
  id,
  label,
  placeholder,
  multiple = false,
  max = Infinity,
  chosen = [],
  load,
  onChange,
  clearable = true,
  focusKey,
}) {
  let picked = [...chosen];
  let shown = null;
  let asked = 0;
  const field = h("input", {
    type: "text",
    id,
    role: "combobox",
    class: "combo-field",
    autocomplete: "off",
    spellcheck: "false",
    "aria-expanded": "false",
    "aria-autocomplete": "list",
    "aria-label": label,
    data: focusKey ? { focusKey } : {},
  });
  const chips = h("span", { class: "combo-chips" });
  const node = h(
    "div",
    { class: `combo${multiple ? " combo-multi" : ""}` },
    chips,
    field,
    h("span", { class: "combo-arrow" }, icon("down")),
  );
  const list = createListbox({ label: label ?? placeholder ?? "Choices", field, onChoose: choose });

  function choose(option) {
    if (multiple) toggle(option);
    else picked = [option];
    draw();
    close();
    field.focus();
    announce();
  }
  function toggle(option) {
    const has = picked.some((one) => one.value === option.value);
    if (has) picked = picked.filter((one) => one.value !== option.value);
    else if (picked.length < max) picked = [...picked, option];
  }
  function announce() {
    onChange(multiple ? picked : (picked[0] ?? null));
  }
  function remove(option) {
    picked = picked.filter((one) => one.value !== option.value);
    draw();
    field.focus();
    announce();
  }
  function draw() {
    field.value = multiple ? "" : (picked[0]?.label ?? "");
    field.placeholder = multiple && picked.length ? "" : (placeholder ?? "Choose…");
    fill(chips, multiple ? picked.map((option) => chip(option, () => remove(option))) : null);
  }
  async function open(query = "") {
    asked += 1;
    const mine = asked;
    if (!shown?.isOpen()) {
      shown = popup(node, list.node, {
        className: "popup-list",
        returnFocus: false,
        onClose: () => field.setAttribute("aria-expanded", "false"),
      });
      shown.box.style.minWidth = `${node.offsetWidth}px`;
      field.setAttribute("aria-expanded", "true");
      field.setAttribute("aria-controls", list.node.id);
    }
    const groups = await load(query).catch((error) => [{ label: error.message, options: [] }]);
    if (mine !== asked || !shown.isOpen()) return;
    list.show(marked(groups, picked));
    shown.replace();
  }
  function close() {
    shown?.close();
    field.removeAttribute("aria-activedescendant");
  }
  function onBlur() {
    if (clearable && !multiple && picked.length && field.value === "") {
      picked = [];
      announce();
    }
    close();
    draw();
  }
  function onKey(event) {
    const isOpen = shown?.isOpen();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      if (isOpen) list.move(step);
      else open();
    } else if (event.key === "Enter") {
      // Enter in a select never submits the form behind it.
      event.preventDefault();
      if (isOpen) list.choose();
      else open();
    } else if (event.key === "Backspace" && multiple && field.value === "" && picked.length) {
      remove(picked.at(-1));
    }
  }

  field.addEventListener("input", () => open(field.value));
  field.addEventListener("keydown", onKey);
  field.addEventListener("blur", onBlur);
  node.addEventListener("click", (event) => {
    if (event.target.closest("button")) return;
    field.focus();
    if (!multiple) field.select();
    if (!shown?.isOpen()) open();
  });
  draw();
  return { node, field };
}

function chip(option, drop) {
  const button = h(
    "button",
    { type: "button", class: "chip-x", "aria-label": `Remove ${option.label}`, on: { click: drop } },
    icon("close"),
  );
  return h("span", { class: "chip" }, h("span", { dir: "auto" }, option.label), button);
}

const marked = (groups, picked) =>
  groups.map((group) => ({
    ...group,
    options: group.options.map((option) => ({ ...option, chosen: picked.some((one) => one.value === option.value) })),
  }));

/** Keep the options whose words hold what was typed: first those named so, then those that are described so. */
export function matching(groups, query) {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return groups;
  return groups
    .map((group) => ranked(group, wanted))
    .filter((group) => group.options.length)
    .sort((a, b) => a.rank - b.rank);
}

/** The group with its fitting options, best first, and how well its best one fits. */
function ranked(group, wanted) {
  const fitting = group.options.map((option) => [rankOf(option, wanted), option]).filter(([rank]) => rank < 3);
  fitting.sort((a, b) => a[0] - b[0]);
  return { ...group, options: fitting.map(([, option]) => option), rank: fitting[0]?.[0] };
}

function rankOf(option, wanted) {
  const label = option.label.toLowerCase().replace(/^[#@]/, "");
  if (label.startsWith(wanted)) return 0;
  if (label.includes(wanted)) return 1;
  return `${option.detail ?? ""}`.toLowerCase().includes(wanted) ? 2 : 3;
}
