// What one can do with a message: by the small bar that appears on it, its menu, or a key while it has the focus.

import { h } from "./dom.js";
import { openEmojiPicker } from "./emojipicker.js";
import { characterOf } from "./emoji.js";
import { icon } from "./icons.js";
import { confirmDialog, openMenu } from "./menu.js";

const QUICK = [
  ["bulb", "Nominate: worth keeping"],
  ["white_check_mark", "Endorse, or mark the answer"],
  ["raised_hands", "I used this"],
  ["speech_balloon", "I have a word"],
  ["+1", "Thumbs up"],
];

/** The bar of one message. */
export function messageTools(page, article, message, channel, view) {
  const act = actionsFor(page, message, channel, view);
  const tool = (name, label, run, props = {}) =>
    h(
      "button",
      {
        type: "button",
        class: "tool",
        "aria-label": label,
        title: label,
        ...props,
        on: { click: (event) => run(event.currentTarget) },
      },
      icon(name),
    );
  const quick = ([name, label]) =>
    h(
      "button",
      {
        type: "button",
        class: "tool tool-emoji",
        "aria-label": label,
        title: label,
        on: { click: () => act.toggle(name) },
      },
      characterOf(name),
    );
  const bar = h(
    "div",
    { class: "tools", role: "toolbar", "aria-label": "Message actions" },
    QUICK.map(quick),
    tool("smile", "Add another reaction", act.pickEmoji, { "aria-haspopup": "dialog", "data-tool": "emoji" }),
    view.inThread ? null : tool("reply", "Reply in thread", act.reply),
    tool("more", "More actions", act.menu, { "aria-haspopup": "menu", "data-tool": "menu" }),
  );
  article.addEventListener("keydown", (event) => onKey(event, article, act));
  return bar;
}

function actionsFor(page, message, channel, view) {
  const isMine = page.store.isMe(message.user);
  const hasMine = (name) => message.reactions?.some((r) => r.name === name && r.users?.includes(page.store.personId));
  const act = {
    toggle: (name) => page.react(channel, message.ts, name, hasMine(name)),
    pickEmoji: (anchor) => openEmojiPicker(anchor, (emoji) => page.react(channel, message.ts, emoji.name, false)),
    reply: () => page.openThread(channel, message.thread_ts ?? message.ts),
    edit: isMine ? () => view.list.edit(message.ts) : null,
    remove: isMine || page.store.me()?.is_admin ? () => removeMessage(page, message, channel) : null,
    copy: () => copyLink(page, message),
    pin: () => page.act("pin", { channel, ts: message.ts, remove: message.pinned ? true : null }),
    menu: (anchor) => openMenu(anchor, menuItems(page, message, channel, act, view), { label: "Message actions" }),
  };
  return act;
}

function menuItems(page, message, channel, act, view) {
  const shortcuts = (page.store.world.shortcuts ?? []).filter((shortcut) => shortcut.type === "message");
  const items = [
    ...shortcuts.map((shortcut) => ({
      label: shortcut.name,
      icon: "bolt",
      detail: shortcut.description,
      run: () => page.shortcut(shortcut.callback_id, channel, message.ts),
    })),
    shortcuts.length ? null : undefined,
    view.inThread ? undefined : { label: "Reply in thread", icon: "reply", hint: "T", run: act.reply },
    { label: "Copy link", icon: "link", run: act.copy },
    { label: message.pinned ? "Unpin" : "Pin to this conversation", icon: "ribbon", run: act.pin },
    act.edit ? { label: "Edit", icon: "edit", hint: "E", run: act.edit } : undefined,
    act.remove ? { label: "Delete…", icon: "trash", danger: true, run: act.remove } : undefined,
  ];
  return items.filter((item) => item !== undefined);
}

function onKey(event, article, act) {
  if (event.target !== article || event.ctrlKey || event.metaKey || event.altKey) return;
  const toolNamed = (name) => article.querySelector(`[data-tool="${name}"]`);
  const run = {
    Enter: () => act.menu(toolNamed("menu")),
    ContextMenu: () => act.menu(toolNamed("menu")),
    r: () => act.pickEmoji(toolNamed("emoji")),
    t: act.reply,
    e: act.edit,
  }[event.key];
  if (!run) return;
  event.preventDefault();
  run();
}

async function removeMessage(page, message, channel) {
  const sure = await confirmDialog({
    title: "Delete this message?",
    text: "It goes for everybody, and this cannot be undone.",
    yes: "Delete",
    danger: true,
  });
  if (sure) await page.act("delete", { channel, ts: message.ts });
}

async function copyLink(page, message) {
  try {
    await navigator.clipboard.writeText(message.permalink);
    page.toast("The link is on your clipboard.");
  } catch {
    // Without leave to use the clipboard the link itself is the next best thing.
    page.toast(message.permalink);
  }
}
