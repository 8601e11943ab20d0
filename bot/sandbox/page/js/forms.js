// The small forms of the page itself: a new channel, a new person, a new conversation.

import { createCombobox, matching } from "./combobox.js";
import { h } from "./dom.js";
import { avatar } from "./people.js";

/** Ask for a channel's name and create it. */
export function askForChannel(page) {
  const name = h("input", {
    class: "field",
    name: "name",
    placeholder: "how-we-work",
    required: true,
    autocomplete: "off",
  });
  const hidden = h("input", { type: "checkbox", name: "private" });
  openForm({
    title: "A new channel",
    fields: [
      h("label", { class: "b-label" }, "Name", name),
      h("label", { class: "choice" }, hidden, "Private: only people who are invited see it"),
    ],
    yes: "Create",
    run: async () => {
      const answer = await page.api.post("channels", {
        name: name.value.trim().replace(/^#/, ""),
        private: hidden.checked || null,
      });
      await page.refreshNow();
      page.go({ channel: answer.channel });
    },
  });
}

/** Ask for a person's name and zone, and add them to the workspace. */
export function askForPerson(page) {
  const fullName = h("input", { class: "field", placeholder: "Ines Duarte", required: true, autocomplete: "off" });
  const zone = h("input", { class: "field", value: page.store.zone(), required: true, autocomplete: "off" });
  openForm({
    title: "A new person",
    fields: [
      h("label", { class: "b-label" }, "Full name", fullName),
      h("label", { class: "b-label" }, "Time zone", zone),
    ],
    yes: "Add",
    run: async () => {
      const handle = fullName.value
        .trim()
        .toLowerCase()
        .replace(/[^\p{L}\p{N}]+/gu, ".")
        .replace(/^\.+|\.+$/g, "");
      const answer = await page.api.post("people", {
        name: handle,
        real_name: fullName.value.trim(),
        tz: zone.value.trim(),
      });
      await page.refreshNow();
      page.become(answer.person.id);
    },
  });
}

/** Ask with whom to talk, and open that conversation. */
export function askForDirect(page) {
  const { store } = page;
  let chosen = [];
  const everybody = [...store.people(), store.person(store.app().user)].filter((person) => !store.isMe(person.id));
  const options = everybody.map((person) => ({
    value: person.id,
    label: person.fullName,
    detail: person.line,
    lead: avatar(person, "tiny"),
  }));
  const people = createCombobox({
    label: "People",
    placeholder: "One person, or up to eight",
    multiple: true,
    max: 8,
    load: async (query) => matching([{ options }], query),
    onChange: (picked) => (chosen = picked.map((option) => option.value)),
  });
  openForm({
    title: "Write to somebody",
    fields: [
      people.node,
      h("p", { class: "note" }, "With two or more it becomes a group. The app reads none of it, unless it is in the group."),
    ],
    yes: "Open",
    run: async () => {
      const opened = await page.api.post("direct", { people: chosen });
      await page.refreshNow();
      page.go({ channel: opened.channel });
    },
  });
  people.field.focus();
}

/** A dialog that stays, with what was typed, until it worked; what went wrong stands inside. */
export function openForm({ title, fields, yes, run }) {
  const trouble = h("div", { class: "modal-trouble", role: "alert" });
  const submit = async (event) => {
    event.preventDefault();
    try {
      await run();
      dialog.close();
    } catch (error) {
      trouble.textContent = error.message;
    }
  };
  const dialog = h(
    "dialog",
    { class: "confirm", "aria-label": title },
    h(
      "form",
      { on: { submit } },
      h("h2", {}, title),
      h("div", { class: "small-form" }, fields),
      trouble,
      h(
        "div",
        { class: "dialog-foot" },
        h("button", { type: "button", class: "btn", on: { click: () => dialog.close() } }, "Cancel"),
        h("button", { type: "submit", class: "btn btn-primary" }, yes),
      ),
    ),
  );
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}
