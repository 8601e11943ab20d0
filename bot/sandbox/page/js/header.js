// The head of the main pane: where you are, what the place is for, and what can be done with it.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { link, mrkdwn } from "./mrkdwn.js";
import { openMembers } from "./members.js";
import { avatar, cityOf } from "./people.js";
import { statusOf } from "./status.js";
import { clockTime } from "./time.js";

/** Draws the header of the current conversation into `node`. */
export function createHeader(page, node) {
  const { store } = page;

  function draw() {
    const place = store.here();
    if (!place) return;
    document.title = `${place.label} · Commonplace sandbox`;
    fill(
      node,
      h(
        "button",
        {
          type: "button",
          class: "icon-btn only-narrow",
          "aria-label": "Show the list of channels",
          "aria-expanded": "false",
          on: { click: page.toggleBar },
        },
        icon("menu"),
      ),
      h(
        "div",
        { class: "head-words" },
        h(
          "h1",
          { dir: "auto" },
          place.with
            ? avatar(store.person(place.with), "small")
            : icon({ private: "lock", mpim: "people" }[place.type] ?? "hash"),
          place.name,
          place.is_shared ? h("span", { class: "badge" }, "shared") : null,
          place.is_archived ? h("span", { class: "badge" }, "archived") : null,
        ),
        place.isApp ? tabs(place) : h("div", { class: "head-about", dir: "auto" }, about(place)),
      ),
      place.isApp
        ? null
        : h(
            "button",
            {
              type: "button",
              class: "head-members",
              title: "Who is here",
              "aria-haspopup": "dialog",
              on: { click: () => openMembers(page, place) },
            },
            icon("people"),
            String(place.members),
            h("span", { class: "unseen" }, " members"),
          ),
      place.isDirect
        ? null
        : h(
            "button",
            {
              type: "button",
              class: "icon-btn",
              "aria-label": "About this channel",
              "aria-haspopup": "menu",
              on: { click: (event) => openMenu(event.currentTarget, channelMenu(page, place)) },
            },
            icon("more"),
          ),
      h(
        "button",
        {
          type: "button",
          class: "icon-btn",
          "aria-label": "Go to… (Ctrl+K)",
          title: "Go to… (Ctrl+K)",
          on: { click: page.openSwitcher },
        },
        icon("search"),
      ),
      page.guideButton,
    );
  }

  function about(place) {
    if (place.type === "mpim") return h("span", { class: "note" }, `A group of ${place.members}`);
    if (place.type === "im") return h("span", { class: "head-topic" }, aboutPerson(store.person(place.with)));
    const words = place.topic || place.purpose;
    const marks = place.bookmarks.map((mark) =>
      h("span", { class: "bookmark" }, icon("link"), link(mark.link, mark.title, page.look)),
    );
    return [
      words
        ? h("span", { class: "head-topic", title: words }, mrkdwn(words, page.look))
        : h("span", { class: "note" }, "No topic yet"),
      marks,
    ];
  }

  function aboutPerson(person) {
    const time = `${clockTime(store.now(), person.zone)} in ${cityOf(person.zone)}`;
    return [statusOf(person), person.line, time].filter(Boolean).join(" · ");
  }

  function tabs(place) {
    const tab = (name, label) => {
      const isOn = store.place.tab === name;
      const open = () => page.go({ channel: place.id, tab: name });
      return h(
        "button",
        {
          type: "button",
          role: "tab",
          "aria-selected": String(isOn),
          tabindex: isOn ? "0" : "-1",
          data: { tab: name },
          on: { click: open },
        },
        label,
      );
    };
    const row = h(
      "div",
      { class: "tabs", role: "tablist", "aria-label": place.name },
      tab("home", "Home"),
      tab("messages", "Messages"),
    );
    row.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const other = store.place.tab === "home" ? "messages" : "home";
      page
        .go({ channel: place.id, tab: other, keepFocus: true })
        .then(() => node.querySelector(`[data-tab="${other}"]`)?.focus());
    });
    return row;
  }

  store.on("world", draw);
  store.on("place", draw);
}

function channelMenu(page, place) {
  const { store } = page;
  const app = store.app();
  const act =
    (path, more = {}) =>
    () =>
      page.act(path, { channel: place.id, ...more });
  const goTo = (ts, n) => ({
    label: `Pinned message ${n + 1}`,
    icon: "ribbon",
    run: () => page.go({ channel: place.id, ts }),
  });
  const items = [
    place.purpose
      ? { label: "What this channel is for", detail: place.purpose, icon: "book", run: () => page.toast(place.purpose) }
      : undefined,
    ...place.pins.map(goTo),
    place.app_is_member
      ? undefined
      : { label: `Invite ${app.name}`, icon: "plus", run: act("invite", { person: "app" }) },
    { label: `Members (${place.members})…`, icon: "people", run: () => openMembers(page, place) },
    { label: "Invite somebody…", icon: "plus", run: () => inviteMenu(page, place) },
    place.is_member
      ? { label: "Leave", icon: "back", run: act("leave") }
      : { label: "Join", icon: "plus", run: act("join") },
    place.app_is_member
      ? { label: `Remove ${app.name}`, icon: "close", danger: true, run: act("kick", { person: "app" }) }
      : undefined,
    { label: "Archive", icon: "lock", danger: true, run: act("archive") },
  ];
  return items.filter((item) => item !== undefined);
}

function inviteMenu(page, place) {
  const button = document.querySelector(".main-head [aria-haspopup=menu]");
  const invite = (person) => () => page.act("invite", { channel: place.id, person: person.id });
  openMenu(
    button,
    page.store.people().map((person) => ({
      label: person.fullName,
      detail: person.line,
      lead: avatar(person, "small"),
      run: invite(person),
    })),
  );
}
