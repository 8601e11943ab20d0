// What stands at the very beginning of a conversation.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { mrkdwn } from "./mrkdwn.js";

/** The first words of the current conversation: what it is for, and how to begin. */
export function opening(page) {
  const place = page.store.here();
  if (!place) return h("div");
  if (place.isApp)
    return card(
      "chat",
      `You and ${place.name}`,
      "Only you see this conversation. What the app tells you privately arrives here.",
    );
  if (place.isDirect)
    return card(
      place.type === "mpim" ? "people" : "chat",
      place.name,
      place.app_is_member
        ? `Only you and they see this conversation. ${page.store.app().name} is in it, too.`
        : "Only you and they see this conversation; the app is not in it.",
    );
  const purpose =
    place.purpose || "This is the beginning of the channel. Say what you learned, ask, or answer somebody.";
  return card(place.type === "private" ? "lock" : "hash", place.name, mrkdwn(purpose, page.look));
}

const card = (mark, title, words) =>
  h("div", { class: "opening-card" }, h("h2", { dir: "auto" }, icon(mark), title), h("p", { dir: "auto" }, words));
