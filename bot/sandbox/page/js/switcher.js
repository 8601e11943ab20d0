// Ctrl+K: go anywhere or be anyone by typing a few letters.

import { matching } from "./combobox.js";
import { h } from "./dom.js";
import { icon } from "./icons.js";
import { createListbox } from "./listbox.js";
import { avatar } from "./people.js";

/** Open the switcher over the page. */
export function openSwitcher(page) {
  if (document.querySelector("dialog[open]")) return;
  const field = h("input", {
    class: "field switcher-field",
    type: "text",
    role: "combobox",
    placeholder: "Go to a channel, or become somebody",
    "aria-label": "Go to a channel, or become somebody",
    "aria-expanded": "true",
    autocomplete: "off",
  });
  const list = createListbox({ label: "Places and people", field, onChoose: choose });
  field.setAttribute("aria-controls", list.node.id);
  const dialog = h("dialog", { class: "switcher", "aria-label": "Go to" }, field, list.node);
  function choose(option) {
    dialog.close();
    option.run();
  }
  field.addEventListener("input", () => list.show(groupsFor(page, field.value)));
  field.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) list.move(step);
    else if (event.key === "Enter") list.choose();
    else return;
    event.preventDefault();
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  list.show(groupsFor(page, ""));
  field.focus();
}

function groupsFor(page, typed) {
  const groups = [
    { label: "Places", options: places(page) },
    { label: "Be somebody", options: people(page) },
  ];
  return matching(groups, typed.trim().replace(/^[#@]/, ""));
}

function places({ store, go }) {
  const dm = store.appDm();
  const home = dm
    ? [
        { label: `${dm.name}: Home`, lead: icon("home"), run: () => go({ channel: dm.id, tab: "home" }) },
        { label: `${dm.name}: Messages`, lead: icon("chat"), run: () => go({ channel: dm.id }) },
      ]
    : [];
  const open = store.conversations().filter((c) => !c.isApp && !c.is_archived);
  const channels = open.map((c) => ({
    label: c.label,
    detail: c.topic || c.purpose,
    lead: icon({ private: "lock", im: "chat", mpim: "people" }[c.type] ?? "hash"),
    run: () => go({ channel: c.id }),
  }));
  return [...channels, ...home];
}

function people({ store, become }) {
  return store.people().map((p) => ({
    label: p.fullName,
    detail: p.line,
    lead: avatar(p, "tiny"),
    chosen: p.id === store.personId,
    run: () => become(p.id),
  }));
}
