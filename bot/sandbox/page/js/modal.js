// The app's forms: a stack of up to three views in one dialog, each keeping what was typed into it.

import { createForm, fieldsOf, renderBlocks } from "./blocks.js";
import { fill, freshId, h, keepingFocus } from "./dom.js";
import { icon } from "./icons.js";
import { plainText } from "./mrkdwn.js";
import { createSurface } from "./surface.js";

const readAs = (block) => JSON.stringify({ ...block, block_id: undefined });

/** Whether an update replaced most of what was to be read: as on a next page, one begins at its top. */
function isAnotherPage(before, after) {
  const known = new Set(before.map(readAs));
  const parts = after.filter((block) => block.type !== "divider");
  return parts.filter((block) => known.has(readAs(block))).length * 2 < parts.length;
}

/** Returns {refresh()}: fetch the person's open views and show the top one. */
export function createModals(page) {
  const { api } = page;
  const titleId = freshId("title");
  const dialog = h("dialog", { class: "modal", "aria-labelledby": titleId });
  document.body.append(dialog);
  const forms = new Map();
  let stack = [];
  let shown = null;
  let drawn = [];
  let errors = {};
  let trouble = null;
  let asked = 0;
  let cameFrom = null;

  async function refresh() {
    asked += 1;
    const mine = asked;
    const { views } = await api.get("views");
    if (mine === asked) accept(views ?? []);
  }

  function accept(views) {
    const before = stack.at(-1)?.id;
    stack = views;
    const open = new Set(views.map((view) => view.id));
    for (const id of forms.keys()) if (!open.has(id)) forms.delete(id);
    const top = views.at(-1);
    if (!top) return hide();
    if (top.id !== before) [errors, trouble] = [{}, null];
    const signature = JSON.stringify([top.id, top.hash, top.blocks, top.title, stack.length]);
    if (signature !== shown) {
      shown = signature;
      draw(top, { isNew: top.id !== before });
    }
    return undefined;
  }

  function hide() {
    shown = null;
    if (!dialog.open) return;
    dialog.close();
    fill(dialog);
    (cameFrom?.isConnected ? cameFrom : document.body).focus();
  }

  const formOf = (view) => {
    if (!forms.has(view.id)) forms.set(view.id, createForm());
    return forms.get(view.id);
  };

  function draw(view, { isNew }) {
    const place = dialog.querySelector(".modal-body")?.scrollTop ?? 0;
    const scroll = isAnotherPage(drawn, view.blocks) ? 0 : place;
    drawn = view.blocks;
    const surface = { ...createSurface(page, { view_id: view.id }, () => view.blocks, formOf(view)), errors };
    keepingFocus(dialog, () => fill(dialog, frame(view, surface)));
    if (!dialog.open) {
      cameFrom = document.activeElement;
      dialog.showModal();
    }
    if (isNew) focusFirst();
    else dialog.querySelector(".modal-body").scrollTop = scroll;
  }

  function frame(view, surface) {
    const submit = (event) => {
      event.preventDefault();
      send(view);
    };
    const hasSubmit =
      view.submit || (fieldsOf(view.blocks).length > 0 && view.blocks.some((block) => block.type === "input"));
    return h(
      "form",
      { class: "modal-form", novalidate: true, on: { submit } },
      h(
        "header",
        { class: "modal-head" },
        stack.length > 1
          ? h(
              "button",
              {
                type: "button",
                class: "icon-btn",
                "aria-label": "Back to the form before",
                on: { click: () => close(view, false) },
              },
              icon("back"),
            )
          : null,
        h("h2", { id: titleId, dir: "auto" }, plainText(view.title?.text ?? "")),
        h(
          "button",
          {
            type: "button",
            class: "icon-btn",
            "aria-label": "Close",
            on: { click: () => close(view, stack.length > 1) },
          },
          icon("close"),
        ),
      ),
      h("div", { class: "modal-body", tabindex: "-1" }, renderBlocks(view.blocks, surface)),
      h("div", { class: "modal-trouble", role: "alert" }, trouble),
      h(
        "footer",
        { class: "dialog-foot" },
        h(
          "button",
          { type: "button", class: "btn", on: { click: () => close(view, false) } },
          view.close?.text ?? "Close",
        ),
        hasSubmit ? h("button", { type: "submit", class: "btn btn-primary" }, view.submit?.text ?? "Submit") : null,
      ),
    );
  }

  async function send(view) {
    const button = dialog.querySelector("[type=submit]");
    if (!button || button.disabled) return;
    button.disabled = true;
    button.setAttribute("aria-busy", "true");
    [errors, trouble] = [{}, null];
    try {
      const inputs = view.blocks.filter((block) => block.type === "input");
      const answer = await api.post("submit", {
        view_id: view.id,
        values: {
          ...formOf(view).states(view.blocks.filter((b) => b.type !== "input")),
          ...formOf(view).states(inputs),
        },
      });
      errors = answer.errors ?? {};
      page.store.tell("did", { what: "submit", view: view.callback_id });
    } catch (error) {
      trouble = error.message;
    }
    await refresh().catch(page.complain);
    const top = stack.at(-1);
    if (top && (trouble || Object.keys(errors).length)) {
      draw(top, { isNew: false });
      showFirstError();
    } else if (button.isConnected) {
      button.disabled = false;
      button.removeAttribute("aria-busy");
    }
  }

  async function close(view, clear) {
    await page.try(() => api.post("close", { view_id: view.id, clear: clear || null }));
    await refresh().catch(page.complain);
  }

  function focusFirst() {
    const first =
      dialog.querySelector("[autofocus]") ??
      dialog.querySelector(".modal-body :is(input:not(.unseen), textarea, select)");
    (first ?? dialog.querySelector(".modal-foot .btn-primary, .dialog-foot .btn"))?.focus();
  }
  function showFirstError() {
    const wrong = dialog.querySelector(".has-error");
    wrong?.scrollIntoView({ block: "center" });
    wrong?.querySelector("input:not(.unseen), textarea, button")?.focus();
  }

  dialog.addEventListener("cancel", (event) => {
    // Escape closes the form on top, and the app hears of it; the dialog itself closes when the stack is empty.
    event.preventDefault();
    const top = stack.at(-1);
    if (top) close(top, false);
  });
  return { refresh, clear: () => accept([]) };
}
