// The thread pane: one message and its replies, with a place to answer.

import { createComposer } from "./composer.js";
import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { createMessageList } from "./messages.js";

/** Returns {open(channel, ts, highlight?), close(), reload(), toEnd(), focusLast()}. */
export function createThread(page, node) {
  const { store } = page;
  const where = () => (store.thread ? { channel: store.thread.channel, thread: store.thread.ts } : null);
  const scroller = h("div", { class: "scroller", tabindex: "-1" });
  const list = createMessageList(page, scroller, where, { inThread: true });
  const composer = createComposer(page, where, { inThread: true });
  const title = h("span", { class: "note", dir: "auto" });
  let cameFrom = null;
  fill(
    node,
    h(
      "header",
      { class: "pane-head" },
      h("h2", {}, "Thread "),
      title,
      h("span", { class: "grow" }),
      h(
        "button",
        { type: "button", class: "icon-btn", "aria-label": "Close thread", on: { click: () => close() } },
        icon("close"),
      ),
    ),
    scroller,
    composer.node,
  );

  async function open(channel, ts, highlight = null) {
    cameFrom = document.activeElement;
    store.thread = { channel, ts };
    node.hidden = false;
    page.layoutChanged();
    fill(title, store.channel(channel)?.label ?? "");
    composer.show();
    store.tell("thread");
    await page.try(() => list.open(highlight !== ts ? highlight : null));
    composer.focus();
  }
  function close({ quietly = false } = {}) {
    if (node.hidden) return;
    const root = store.thread?.ts;
    store.thread = null;
    node.hidden = true;
    list.clear();
    page.layoutChanged();
    if (quietly) return;
    if (cameFrom?.isConnected) cameFrom.focus();
    // A message that got a reply was drawn anew; the keyboard goes back to it all the same.
    else if (!(cameFrom?.matches(".msg") && page.focusMessage(root))) page.composer.focus();
  }
  async function toEnd() {
    await page.try(() => list.load());
    list.toEnd();
  }
  store.on("world", () => store.thread && composer.show());
  return { open, close, reload: list.reload, toEnd, focusLast: list.focusLast };
}
