// A menu of commands beside a button, and the yes/no question before something that cannot be undone.

import { freshId, h } from "./dom.js";
import { icon } from "./icons.js";
import { arrowKeys, popup } from "./layer.js";

/** Open a menu: items are {label, detail?, icon?, lead?, hint?, danger?, href?, run} or null for a line between groups. */
export function openMenu(anchor, items, { label = "Actions", align = "end" } = {}) {
  let shown = null;
  const list = h(
    "div",
    { class: "menu", role: "menu", "aria-label": label },
    items.map((item) => menuItem(item, () => shown)),
  );
  list.addEventListener("keydown", (event) => onKey(event, list, () => shown));
  anchor.setAttribute("aria-expanded", "true");
  shown = popup(anchor, list, { align, onClose: () => anchor.setAttribute("aria-expanded", "false") });
  list.querySelector("[role=menuitem]")?.focus();
  return shown;
}

function menuItem(item, shown) {
  if (!item) return h("hr", { role: "separator" });
  const run = () => {
    shown().close();
    item.run?.();
  };
  const props = { role: "menuitem", tabindex: "-1", class: item.danger ? "danger" : null, on: { click: run } };
  const lead = item.lead ?? (item.icon ? icon(item.icon) : null);
  const words = h(
    "span",
    { class: "grow" },
    h("span", { dir: "auto" }, item.label),
    item.detail ? h("span", { class: "option-detail" }, item.detail) : null,
  );
  const inside = [lead, words, item.hint ? h("kbd", {}, item.hint) : null];
  if (item.href) return h("a", { ...props, href: item.href, target: "_blank", rel: "noopener noreferrer" }, inside);
  return h("button", { type: "button", ...props }, inside);
}

function onKey(event, list, shown) {
  const items = () => [...list.querySelectorAll("[role=menuitem]")];
  if (arrowKeys(event, items, document.activeElement, (node) => node.focus())) return;
  if (event.key === "Tab") {
    event.preventDefault();
    shown().close();
    return;
  }
  if (event.key.length !== 1 || event.ctrlKey || event.metaKey) return;
  const wanted = event.key.toLowerCase();
  items()
    .find((node) => node.textContent.trim().toLowerCase().startsWith(wanted))
    ?.focus();
}

/** Ask before doing: resolves to true when the person agrees. Texts may be strings or nodes. */
export function confirmDialog({ title, text, yes, no = "Cancel", danger = false }) {
  return new Promise((resolve) => {
    const heading = freshId("confirm");
    const dialog = h(
      "dialog",
      { class: "confirm", "aria-labelledby": heading },
      h("h2", { id: heading }, title),
      h("div", { class: "confirm-text" }, text),
      h(
        "div",
        { class: "dialog-foot" },
        h("button", { type: "button", class: "btn", on: { click: () => dialog.close("no") } }, no),
        h(
          "button",
          {
            type: "button",
            class: `btn ${danger ? "btn-danger" : "btn-primary"}`,
            autofocus: true,
            on: { click: () => dialog.close("yes") },
          },
          yes,
        ),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
