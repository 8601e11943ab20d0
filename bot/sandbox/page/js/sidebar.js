// The left bar: the workspace, who you are, the app, the channels.

import { fill, h, reconcile } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { avatar, cityOf } from "./people.js";
import { askForChannel, askForDirect } from "./forms.js";
import { statusOf } from "./status.js";
import { clockTime } from "./time.js";

/** Fills the bar and keeps it in line with the store. Returns {choosePerson()}. */
export function createSidebar(page, parts) {
  const { store } = page;

  function draw() {
    if (!store.world) return;
    fill(parts.workspace, store.world.workspace.name);
    drawPerson();
    drawPlaces();
  }
  function drawPerson() {
    const me = store.me();
    if (!me) return;
    fill(
      parts.person,
      avatar(me),
      h(
        "span",
        { class: "you-words" },
        h("span", { class: "you-label" }, "You are"),
        h("span", { class: "you-name", dir: "auto" }, me.fullName),
        h("span", { class: "you-line", dir: "auto" }, statusOf(me) ?? me.line),
        h("span", { class: "you-line" }, localTime(me)),
      ),
      icon("down"),
    );
  }
  const localTime = (person) => `${clockTime(store.now(), person.zone)} in ${cityOf(person.zone)}`;

  function choosePerson() {
    const itemOf = (person) => ({
      label: store.isMe(person.id) ? `${person.fullName} (you now)` : person.fullName,
      detail: [statusOf(person), person.line, localTime(person)].filter(Boolean).join(" · "),
      lead: avatar(person, "small"),
      run: () => page.become(person.id),
    });
    const others = store.people().filter((person) => !store.isMe(person.id));
    const items = [
      itemOf(store.me()),
      { label: "Status and time zone…", icon: "edit", run: () => page.editProfile() },
      null,
      ...others.map(itemOf),
      null,
      { label: "Add a person…", icon: "plus", run: () => page.addPerson() },
    ];
    return openMenu(parts.person, items, { align: "start", label: "Be somebody else" });
  }

  function drawPlaces() {
    const all = store.conversations();
    const dm = store.appDm();
    reconcile(parts.app, dm ? [placeItem(dm, "home"), placeItem(dm, "messages")] : []);
    const channels = all.filter((c) => !c.isDirect && !c.is_archived).sort((a, b) => a.name.localeCompare(b.name));
    const directs = all.filter((c) => c.isDirect && !c.isApp && (c.latest || c.id === store.place.channel));
    reconcile(
      parts.directs,
      directs.map((c) => placeItem(c)),
    );
    reconcile(
      parts.channels,
      channels.filter((c) => c.is_member).map((c) => placeItem(c)),
    );
    const others = channels.filter((c) => !c.is_member);
    reconcile(
      parts.others,
      others.map((c) => placeItem(c)),
    );
    parts.othersTitle.hidden = others.length === 0;
  }

  function placeItem(place, tab = "messages") {
    const isHere = store.place.channel === place.id && store.place.tab === tab;
    const unread = tab === "home" ? 0 : place.unread;
    const key = `${place.id}-${tab}`;
    return {
      key,
      signature: JSON.stringify([place.name, place.type, isHere, unread, place.is_member]),
      build: () => placeRow(place, tab, isHere, unread),
    };
  }
  function placeRow(place, tab, isHere, unread) {
    const name = tab === "home" ? "Home" : place.isApp ? "Messages" : place.name;
    const mark = tab === "home" ? "home" : ({ im: "chat", mpim: "people", private: "lock" }[place.type] ?? "hash");
    const button = h(
      "button",
      {
        type: "button",
        class: `place${isHere ? " here" : ""}${unread ? " unread" : ""}${place.is_member ? "" : " not-in"}`,
        "aria-current": isHere ? "page" : null,
        data: { focusKey: "place" },
        on: { click: () => page.go({ channel: place.id, tab }) },
      },
      icon(mark),
      h("span", { class: "grow", dir: "auto" }, name),
      unread ? h("span", { class: "unread-count" }, String(unread), h("span", { class: "unseen" }, " unread")) : null,
    );
    return h("li", {}, button);
  }

  parts.person.addEventListener("click", choosePerson);
  parts.newChannel.addEventListener("click", () => askForChannel(page));
  parts.newDirect.addEventListener("click", () => askForDirect(page));
  parts.nav.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const rows = [...parts.nav.querySelectorAll(".place")];
    const at = rows.indexOf(document.activeElement);
    if (!step || at < 0) return;
    event.preventDefault();
    rows[(at + step + rows.length) % rows.length].focus();
  });
  for (const topic of ["world", "place", "clock"]) store.on(topic, draw);
  // The clock in the card runs on; once in twenty seconds is enough for minutes.
  setInterval(drawPerson, 20_000);
  return { choosePerson };
}
