// A list of messages, grouped by day and author: the main conversation and the thread pane are both one of these.

import { gathered, h, reconcile } from "./dom.js";
import { createEditor } from "./editor.js";
import { icon } from "./icons.js";
import { arrowKeys } from "./layer.js";
import { isSystem, isTombstone, renderMessage } from "./message.js";
import { dateOfTs, dayKey, dayName } from "./time.js";

const PAGE = 100;
const MOST = 1000; // what the sandbox gives at once
const SAME_BREATH = 5 * 60;
const NEAR_END = 80;
const FAR_FROM_END = 500;

/**
 * `where()` gives {channel, thread} or null. `open(ts?)` shows the conversation from its end or at a message;
 * `reload()` follows changes without moving what is being read.
 */
export function createMessageList(page, node, where, { inThread = false, intro } = {}) {
  const rows = h("div", { class: "rows" });
  const earlier = h(
    "button",
    { type: "button", class: "btn earlier", hidden: true, on: { click: () => showEarlier() } },
    "Show earlier messages",
  );
  const opening = h("div", { class: "opening" });
  const newest = h(
    "button",
    { type: "button", class: "btn newest", hidden: true, on: { click: () => toEnd() } },
    "Newest",
    icon("down"),
  );
  node.append(opening, earlier, rows, newest);
  const list = {
    edit,
    load,
    open,
    reload: gathered(() => load().catch(page.complain)),
    focusLast,
    focusOn,
    toEnd,
    messages: () => messages,
    clear,
  };
  let messages = [];
  const firstLimit = inThread ? MOST : PAGE;
  let limit = firstLimit;
  let editing = null;
  let asked = 0;

  async function load({ keepPlace = true } = {}) {
    const place = where();
    if (!place) return clear();
    asked += 1;
    const mine = asked;
    const peek = document.hidden ? 1 : null;
    const query = { channel: place.channel, thread_ts: place.thread, limit, peek };
    const answer = await page.api.get("messages", query);
    if (mine !== asked) return undefined;
    const wasAtEnd = fromEnd() < NEAR_END;
    messages = answer.messages;
    earlier.hidden = !answer.has_more || limit >= MOST;
    opening.replaceChildren(...(answer.has_more || !intro ? [] : [intro()]));
    draw(place);
    if (keepPlace && wasAtEnd) toEnd();
    return answer;
  }

  const fromEnd = () => node.scrollHeight - node.scrollTop - node.clientHeight;

  function toEnd() {
    node.scrollTop = node.scrollHeight;
  }

  function draw(place) {
    reconcile(rows, itemsOf(place));
    // A message redrawn under a resting pointer is entered by nothing.
    rows.querySelector(".msg:hover")?.showTools?.();
    const isIn = rows.querySelector('[tabindex="0"]');
    if (!isIn) rows.querySelector(".msg:last-of-type")?.setAttribute("tabindex", "0");
  }

  function itemsOf(place) {
    const zone = page.store.zone();
    const items = [];
    let previous = null;
    for (const message of messages) {
      const date = dateOfTs(message.ts);
      const day = dayKey(date, zone);
      if (!previous || dayKey(dateOfTs(previous.ts), zone) !== day) {
        if (!inThread) items.push(dayItem(day, date, zone));
        previous = null;
      }
      items.push(messageItem(message, previous, place));
      if (inThread && message.ts === place.thread) items.push(repliesItem(message.reply_count ?? 0));
      previous = message;
    }
    return items;
  }

  function dayItem(day, date, zone) {
    const name = dayName(date, zone, page.store.now());
    return {
      key: `day-${day}`,
      signature: name,
      build: () => h("div", { class: "day", role: "separator", "aria-label": name }, h("span", {}, name)),
    };
  }

  function messageItem(message, previous, place) {
    const compact = continues(previous, message) && !(inThread && previous?.ts === place.thread);
    const isEdited = editing === message.ts;
    return {
      key: message.ts,
      // An open editor is left alone, whatever happens to the message meanwhile: it holds what somebody typed.
      signature: isEdited ? "editor" : JSON.stringify([message, compact, statusOf(page, message)]),
      build: () =>
        isEdited ? editor(message, place) : renderMessage(page, message, place.channel, { compact, inThread, list }),
    };
  }

  function editor(message, place) {
    const done = () => edit(null, message.ts);
    return createEditor(page, message, place.channel, done);
  }

  function edit(ts, focusAfter = null) {
    editing = ts;
    const place = where();
    if (place) draw(place);
    if (ts) showEditor();
    else if (focusAfter) rowOf(focusAfter)?.focus();
  }

  function showEditor() {
    rows.querySelector(".editor textarea")?.focus();
    // After the field has grown to its text.
    requestAnimationFrame(() => rows.querySelector(".editor")?.scrollIntoView({ block: "nearest" }));
  }

  const rowOf = (ts) => rows.querySelector(`[data-ts="${CSS.escape(ts)}"]`);

  async function open(ts = null) {
    limit = firstLimit;
    editing = null;
    rows.replaceChildren();
    node.setAttribute("aria-busy", "true");
    try {
      let answer = await load({ keepPlace: false });
      while (ts && !rowOf(ts) && answer?.has_more && limit < MOST) {
        limit = Math.min(limit * 2, MOST);
        answer = await load({ keepPlace: false });
      }
    } finally {
      node.removeAttribute("aria-busy");
    }
    if (ts && rowOf(ts)) light(rowOf(ts));
    else toEnd();
  }

  async function showEarlier() {
    const below = node.scrollHeight - node.scrollTop;
    limit = Math.min(limit + PAGE, MOST);
    await load({ keepPlace: false }).catch(page.complain);
    node.scrollTop = node.scrollHeight - below;
  }

  function clear() {
    asked += 1;
    messages = [];
    rows.replaceChildren();
    opening.replaceChildren();
    earlier.hidden = true;
  }

  function focusLast() {
    rows.querySelector(".msg:last-of-type")?.focus();
  }

  // "Today" and "Yesterday" are other days after the clock was moved, and people's statuses come and go.
  const redraw = () => where() && messages.length && draw(where());
  for (const topic of ["clock", "world"]) page.store.on(topic, redraw);
  /** Put the keyboard on that message; false when it is not shown. */
  function focusOn(ts) {
    rowOf(ts)?.focus();
    return Boolean(rowOf(ts));
  }

  node.addEventListener("scroll", () => (newest.hidden = fromEnd() < FAR_FROM_END), { passive: true });
  rows.addEventListener("focusin", (event) => {
    const row = event.target.closest(".msg");
    if (!row) return;
    rows.querySelector('.msg[tabindex="0"]')?.setAttribute("tabindex", "-1");
    row.setAttribute("tabindex", "0");
  });
  rows.addEventListener("keydown", (event) => {
    // From the tool bar, too, the arrows lead to the next message; inside fields and links they keep their own meaning.
    if (!event.target.matches(".msg, .tool")) return;
    const row = event.target.closest(".msg");
    const all = () => [...rows.querySelectorAll(".msg")];
    arrowKeys(event, all, row, (next) => next.focus());
  });
  return list;
}

/** What stands beside the author's name besides the message itself. */
const statusOf = (page, message) => page.store.person(message.user)?.status_emoji ?? "";

function repliesItem(count) {
  const words = count === 1 ? "1 reply" : `${count} replies`;
  return {
    key: "replies",
    signature: words,
    build: () => h("div", { class: "day day-left" }, h("span", {}, count ? words : "No replies yet")),
  };
}

/** The same person going on within a few minutes needs no second picture and name. */
function continues(previous, message) {
  if (!previous || isSystem(previous) || isSystem(message)) return false;
  const isPlain = (m) => !m.ephemeral && !isTombstone(m) && m.subtype !== "thread_broadcast" && !m.pinned;
  return (
    previous.user === message.user &&
    isPlain(previous) &&
    isPlain(message) &&
    Number(message.ts) - Number(previous.ts) < SAME_BREATH
  );
}

/** Show a message that was asked for: in the middle, focused, lit for a moment. */
function light(row) {
  row.scrollIntoView({ block: "center" });
  row.classList.add("lit");
  row.focus({ preventScroll: true });
}
