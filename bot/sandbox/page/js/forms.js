// The small forms of the page itself: a new channel, a new person, one's status and time zone.

import { h } from "./dom.js";

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

/** Change the chosen person's status and time zone; the app hears of both. */
export function askForProfile(page) {
  const me = page.store.me();
  const emoji = h("input", {
    class: "field",
    value: me.status_emoji ?? "",
    placeholder: ":palm_tree:",
    autocomplete: "off",
  });
  const words = h("input", {
    class: "field",
    value: me.status_text ?? "",
    placeholder: "On leave until Monday",
    autocomplete: "off",
  });
  const zone = h("input", { class: "field", value: me.zone, required: true, autocomplete: "off" });
  openForm({
    title: me.fullName,
    fields: [
      h("label", { class: "b-label" }, "Status", words),
      h("label", { class: "b-label" }, "Emoji of the status", emoji),
      h("label", { class: "b-label" }, "Time zone", zone),
    ],
    yes: "Save",
    run: async () => {
      await page.api.post("person", {
        status_text: words.value.trim(),
        status_emoji: emoji.value.trim(),
        tz: zone.value.trim(),
      });
      await page.refreshNow();
    },
  });
}

/** A dialog that stays, with what was typed, until it worked; what went wrong stands inside. */
function openForm({ title, fields, yes, run }) {
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
