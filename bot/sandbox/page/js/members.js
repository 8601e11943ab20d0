// Who is in a conversation: everybody with their status and local time, and what can be done about each.

import { h } from "./dom.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { avatar, cityOf } from "./people.js";
import { statusEnd, statusOf } from "./status.js";
import { clockTime } from "./time.js";

/** Open the list of members of a conversation. */
export async function openMembers(page, place) {
  const answer = await page.try(() => page.api.get("members", { channel: place.id }));
  if (!answer) return;
  const people = answer.members
    .map((id) => page.store.person(id))
    .filter(Boolean)
    .sort((a, b) => Number(a.isApp) - Number(b.isApp) || a.fullName.localeCompare(b.fullName));
  const title = `${people.length} ${people.length === 1 ? "member" : "members"} of ${place.label}`;
  const dialog = h(
    "dialog",
    { class: "confirm members", "aria-label": title },
    h(
      "header",
      { class: "modal-head" },
      h("h2", { dir: "auto" }, title),
      h(
        "button",
        { type: "button", class: "icon-btn", "aria-label": "Close", on: { click: () => dialog.close() } },
        icon("close"),
      ),
    ),
    h(
      "ul",
      { class: "member-list" },
      people.map((person) => memberRow(page, place, person, () => dialog.close())),
    ),
  );
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function memberRow(page, place, person, close) {
  const { store } = page;
  const status = [statusOf(person), statusEnd(person, store.zone())].filter(Boolean).join(", ");
  const about = [status, person.line, person.isApp ? null : localTime(store, person)].filter(Boolean).join(" · ");
  return h(
    "li",
    { class: "member" },
    avatar(person, "small"),
    h(
      "span",
      { class: "grow" },
      h("span", { class: "member-name", dir: "auto" }, person.fullName, badge(store, person)),
      h("span", { class: "option-detail", dir: "auto" }, about),
    ),
    h(
      "button",
      {
        type: "button",
        class: "icon-btn",
        "aria-label": `What to do about ${person.fullName}`,
        "aria-haspopup": "menu",
        on: { click: (event) => openMenu(event.currentTarget, actions(page, place, person, close)) },
      },
      icon("more"),
    ),
  );
}

const localTime = (store, person) => `${clockTime(store.now(), person.zone)} in ${cityOf(person.zone)}`;

function badge(store, person) {
  if (store.isMe(person.id)) return h("span", { class: "badge" }, "you");
  const kind = person.isApp ? "app" : person.is_guest ? "guest" : person.is_external ? "external" : null;
  return kind ? h("span", { class: "badge" }, kind) : null;
}

function actions(page, place, person, close) {
  const { store } = page;
  const isMe = store.isMe(person.id);
  const then = (run) => () => {
    close();
    return run();
  };
  const write = person.isApp ? () => page.go({ channel: store.appDm().id }) : () => page.writeTo([person.id]);
  const remove = () => page.act("kick", { channel: place.id, person: person.id });
  const leave = () => page.act("leave", { channel: place.id });
  const canRemove = !place.isDirect && place.is_member && !isMe;
  return [
    isMe ? undefined : { label: `Write to ${person.name}`, icon: "chat", run: then(write) },
    isMe || person.isApp
      ? undefined
      : { label: `Be ${person.name}`, icon: "people", run: then(() => page.become(person.id)) },
    isMe ? { label: "Status and time zone…", icon: "edit", run: then(page.editProfile) } : undefined,
    isMe && !place.isDirect ? { label: "Leave", icon: "back", danger: true, run: then(leave) } : undefined,
    canRemove
      ? { label: `Remove from ${place.label}`, icon: "close", danger: true, run: then(remove) }
      : undefined,
  ].filter(Boolean);
}
