// One message: who, when, what, and what people made of it.

import { renderBlocks } from "./blocks.js";
import { characterOf } from "./emoji.js";
import { h } from "./dom.js";
import { renderFiles } from "./files.js";
import { icon } from "./icons.js";
import { emojiNode, mrkdwn, plainSummary } from "./mrkdwn.js";
import { avatar } from "./people.js";
import { statusMark } from "./status.js";
import { createSurface } from "./surface.js";
import { clockTime, dateOfTs, longMoment, shortMoment } from "./time.js";
import { messageTools } from "./tools.js";

const LONG = 2500;
const SYSTEM =
  /^(channel|group)_(join|leave|topic|purpose|name|archive|unarchive|convert.*|posting_permissions)$|^(pinned_item|bot_add|bot_remove|reminder_add)$/;

/** True for lines about the conversation itself ("Asha joined"). */
export const isSystem = (message) => SYSTEM.test(message.subtype ?? "");

/** True for what is left of a deleted message that has replies. */
export const isTombstone = (message) => Boolean(message.tombstone) || message.subtype === "tombstone";

/** The message as an article. `view` is {compact, inThread, list}. */
export function renderMessage(page, message, channel, view) {
  const author = page.store.person(message.user ?? message.bot_id) ?? {
    name: message.username ?? "Somebody",
    id: message.user ?? "?",
  };
  const zone = page.store.zone();
  const when = dateOfTs(message.ts);
  // What nobody said in person, and what goes on from the message above, needs no picture and name.
  const isQuiet = view.compact || isSystem(message) || isTombstone(message);
  const article = h(
    "article",
    {
      class: classesOf(message, view),
      tabindex: "-1",
      data: { ts: message.ts },
      "aria-label": `${author.name}, ${clockTime(when, zone)}: ${plainSummary(message.text, page.look)}`,
    },
    h(
      "div",
      { class: "msg-margin" },
      isQuiet
        ? h("time", { class: "msg-time-quiet", title: longMoment(when, zone) }, clockTime(when, zone))
        : avatar(author),
    ),
    h(
      "div",
      { class: "msg-body" },
      message.ephemeral ? onlyYou(page, message, channel) : null,
      message.subtype === "thread_broadcast" && !view.inThread ? repliedTo(page, message, channel) : null,
      message.pinned ? h("div", { class: "msg-note" }, icon("ribbon"), "Pinned") : null,
      isQuiet ? null : headLine(author, when, zone),
      content(page, message, channel),
      renderFiles(message.files, page.store.personId),
      reactions(page, message, channel),
      view.inThread ? null : threadLine(page, message, channel, zone),
    ),
  );
  if (!message.ephemeral && !isTombstone(message)) toolsWhenNeeded(page, article, message, channel, view);
  return article;
}

function classesOf(message, view) {
  const names = ["msg"];
  if (view.compact) names.push("compact");
  if (message.ephemeral) names.push("ephemeral");
  if (isSystem(message)) names.push("system");
  if (message.subtype === "me_message") names.push("me-message");
  return names.join(" ");
}

function headLine(author, when, zone) {
  return h(
    "div",
    { class: "msg-head" },
    h("span", { class: "msg-author", dir: "auto" }, author.name),
    statusMark(author),
    author.isApp ? h("span", { class: "badge" }, "app") : null,
    author.is_guest ? h("span", { class: "badge" }, "guest") : null,
    author.is_external ? h("span", { class: "badge" }, "external") : null,
    h(
      "time",
      { class: "msg-time", datetime: when.toISOString(), title: longMoment(when, zone) },
      clockTime(when, zone),
    ),
  );
}

function content(page, message, channel) {
  if (isTombstone(message)) return h("div", { class: "text note" }, "This message was deleted.");
  const isBare = !message.blocks?.length;
  const body = isBare ? plainBody(page, message) : blockBody(page, message, channel);
  if ((message.text ?? "").length <= LONG || (!isBare && !isWritten(message))) return body;
  return clamped(body);
}

/** A person's own text comes as one rich_text block. */
const isWritten = (message) => message.blocks.every((block) => block.type === "rich_text");

function plainBody(page, message) {
  if (!message.text && message.files?.length) return null;
  return h("div", { class: "text", dir: "auto" }, mrkdwn(message.text ?? "", page.look), editedMark(page, message));
}

function blockBody(page, message, channel) {
  const surface = createSurface(page, { channel, ts: message.ts }, () => message.blocks);
  return h("div", {}, renderBlocks(message.blocks, surface), editedMark(page, message));
}

function editedMark(page, message) {
  // The app redraws its cards all the time; "edited" is only said of people's words.
  if (!message.edited || message.bot_id) return null;
  const when = longMoment(dateOfTs(message.edited.ts), page.store.zone());
  return h("span", { class: "edited", title: when }, " (edited)");
}

function clamped(body) {
  const box = h("div", { class: "clamped" }, body);
  const more = h("button", { type: "button", class: "link-btn", on: { click: () => toggle() } }, "Show all of it");
  const toggle = () => {
    const isOpen = box.classList.toggle("clamped-open");
    more.textContent = isOpen ? "Show less" : "Show all of it";
  };
  return h("div", {}, box, more);
}

function onlyYou(page, message, channel) {
  const dismiss = () => page.act("delete", { channel, ts: message.ts });
  return h(
    "div",
    { class: "msg-note" },
    icon("eye"),
    "Only you can see this",
    h("button", { type: "button", class: "link-btn", on: { click: dismiss } }, "Dismiss"),
  );
}

function repliedTo(page, message, channel) {
  const open = () => page.openThread(channel, message.thread_ts, message.ts);
  return h(
    "div",
    { class: "msg-note" },
    icon("reply"),
    h("button", { type: "button", class: "link-btn", on: { click: open } }, "replied in a thread"),
  );
}

function reactions(page, message, channel) {
  if (!message.reactions?.length) return null;
  return h(
    "div",
    { class: "reactions" },
    message.reactions.map((reaction) => reactionButton(page, message, channel, reaction)),
  );
}

function reactionButton(page, message, channel, reaction) {
  const isMine = (reaction.users ?? []).includes(page.store.personId);
  const names = (reaction.users ?? []).map((id) => (page.store.isMe(id) ? "you" : (page.store.person(id)?.name ?? id)));
  const label = `${reaction.name.replaceAll("_", " ")}: ${names.join(", ")}`;
  const toggle = () => page.react(channel, message.ts, reaction.name, isMine);
  return h(
    "button",
    {
      type: "button",
      class: `reaction${isMine ? " mine" : ""}`,
      "aria-pressed": String(isMine),
      "aria-label": label,
      title: label,
      data: { focusKey: `r/${reaction.name}` },
      on: { click: toggle },
    },
    characterOf(reaction.name) ? h("span", { class: "emoji" }, characterOf(reaction.name)) : emojiNode(reaction.name),
    h("span", { class: "reaction-count" }, String(reaction.count ?? names.length)),
  );
}

function threadLine(page, message, channel, zone) {
  if (!message.reply_count) return null;
  const people = (message.reply_users ?? [])
    .slice(0, 4)
    .map((id) => page.store.person(id))
    .filter(Boolean);
  const words = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  const last = message.latest_reply ? `last ${shortMoment(dateOfTs(message.latest_reply), zone)}` : "";
  const open = () => page.openThread(channel, message.ts);
  return h(
    "button",
    { type: "button", class: "thread-line", data: { focusKey: "thread" }, on: { click: open } },
    h(
      "span",
      { class: "thread-people" },
      people.map((person) => avatar(person, "tiny")),
    ),
    h("span", { class: "thread-count" }, words),
    h("span", { class: "note" }, last),
  );
}

/** Tools are made at the first look at a message: two hundred hidden tool bars would slow the page. */
function toolsWhenNeeded(page, article, message, channel, view) {
  const add = () => {
    if (!article.querySelector(":scope > .tools")) article.append(messageTools(page, article, message, channel, view));
  };
  article.showTools = add;
  article.addEventListener("pointerenter", add);
  article.addEventListener("focusin", add);
}
