// A person's status as in Slack: an emoji, a few words, and when it ends; and where the person lives.

import { characterOf } from "./emoji.js";
import { openEmojiPicker } from "./emojipicker.js";
import { fill, h } from "./dom.js";
import { openForm } from "./forms.js";
import { instantOf, shortMoment, wallText } from "./time.js";

const DAY = 86_400_000;
const READY = [
  { emoji: ":palm_tree:", words: "On leave", days: 7 },
  { emoji: ":face_with_thermometer:", words: "Off sick", days: 1 },
  { emoji: ":spiral_calendar_pad:", words: "In a meeting", days: 1 / 24 },
];

/** The status in one line, or null when there is none. */
export const statusOf = (person) =>
  withEmoji(`${person.status_emoji ?? ""} ${person.status_text ?? ""}`.trim()) || null;

const withEmoji = (text) => text.replace(/:([a-z0-9_+'-]{1,60}):/gi, (typed, name) => characterOf(name) ?? typed);

/** The emoji of the status beside a name; its words are for the pointer and for screen readers. */
export function statusMark(person) {
  const words = person.status_emoji ? statusOf(person) : null;
  if (!words) return null;
  const mark = withEmoji(person.status_emoji);
  return h("span", { class: "emoji status-mark", role: "img", "aria-label": `Status: ${words}`, title: words }, mark);
}

/** When the status ends, in words for `zone`; null for one without end. */
export const statusEnd = (person, zone) =>
  person.status_expiration ? `until ${shortMoment(new Date(person.status_expiration * 1000), zone)}` : null;

/** Change the chosen person's status and time zone; the app hears of both. */
export function askForProfile(page) {
  const { store } = page;
  const me = store.me();
  const zone = store.zone();
  let emoji = me.status_emoji ?? "";
  const face = h("button", { type: "button", class: "btn btn-square status-face", on: { click: pick } });
  const words = h("input", { class: "field", value: me.status_text ?? "", placeholder: "On leave until Monday" });
  const end = h("input", { class: "field", type: "datetime-local", value: endOf(me) });
  const place = h("input", { class: "field", value: me.zone, required: true, autocomplete: "off" });
  words.setAttribute("aria-label", "Status");
  show();

  function endOf(person) {
    return person.status_expiration ? wallText(new Date(person.status_expiration * 1000), zone) : "";
  }
  function show() {
    fill(face, emoji ? withEmoji(emoji) : "🙂");
    face.classList.toggle("is-empty", !emoji);
    face.setAttribute("aria-label", `Emoji of the status: ${emoji ? emoji.replaceAll(":", "") : "none"}`);
  }
  function pick() {
    openEmojiPicker(face, (chosen) => {
      emoji = `:${chosen.name}:`;
      show();
      face.focus();
    });
  }
  function take(ready) {
    emoji = ready.emoji;
    words.value = ready.words;
    end.value = wallText(new Date(store.now().getTime() + ready.days * DAY), zone);
    show();
  }
  function clear() {
    emoji = "";
    words.value = "";
    end.value = "";
    show();
    words.focus();
  }
  const button = (label, run) => h("button", { type: "button", class: "btn", on: { click: run } }, label);
  openForm({
    title: `${me.fullName}: status and time zone`,
    fields: [
      h("div", { class: "status-row" }, face, words),
      h(
        "div",
        { class: "status-ready", role: "group", "aria-label": "Ready statuses" },
        READY.map((one) => button(`${characterOf(one.emoji.replaceAll(":", ""))} ${one.words}`, () => take(one))),
        button("No status", clear),
      ),
      h("label", { class: "b-label" }, "Ends by itself (empty: stays)", end),
      h("label", { class: "b-label" }, "Time zone", place),
    ],
    yes: "Save",
    run: async () => {
      await page.api.post("person", {
        status_text: words.value.trim(),
        status_emoji: emoji,
        status_expiration: end.value ? Math.round(instantOf(end.value.slice(0, 16), zone).getTime() / 1000) : 0,
        tz: place.value.trim(),
      });
      await page.refreshNow();
    },
  });
  words.focus();
}
