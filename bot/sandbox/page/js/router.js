// The address bar: links to messages open at the message, and the place one is at survives a reload.

import { placeOf } from "./look.js";

/** Where to begin: what the address names, else the first channel of this person that the app is in. */
export function firstPlace(store) {
  const asked = placeOf(location.href) ?? placeOfHash();
  if (asked && store.channel(asked.channel)) return asked;
  const mine = store.conversations().filter((c) => !c.isDirect && c.is_member && !c.is_archived);
  const first = mine.find((c) => c.app_is_member && c.type === "channel") ?? mine[0] ?? store.appDm();
  return { channel: first.id };
}

function placeOfHash() {
  const match = /^#\/([A-Z0-9]+)(?:\/(home))?$/.exec(location.hash);
  return match ? { channel: match[1], tab: match[2] ?? "messages" } : null;
}

const hashOf = (place) => `/#/${place.channel}${place.tab === "home" ? "/home" : ""}`;

/** Note the place in the address, unless the address is a link to a message in it. */
export function rememberPlace(place) {
  if (placeOf(location.href)?.channel === place.channel && place.tab !== "home") return;
  const wanted = hashOf(place);
  if (location.pathname + location.hash === wanted) return;
  history.pushState(null, "", wanted);
}

/** Follow the browser's back and forward buttons. */
export function watchAddress(page) {
  addEventListener("popstate", () => {
    const place = placeOf(location.href) ?? placeOfHash();
    if (place) page.go(place);
  });
}
