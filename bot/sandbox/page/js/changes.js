// Live changes: which part of the page fetches again when the sandbox says that something happened.

import { plainSummary } from "./mrkdwn.js";
import { watch } from "./live.js";

const ABOUT_MESSAGES = new Set(["message", "message_changed", "message_deleted", "reaction", "ephemeral"]);

/** A function that starts following as the chosen person, and stops following as the one before. */
export function followChanges(page, parts, onState) {
  let stop = null;
  return () => {
    stop?.();
    const onBack = () => reloadAll(page, parts);
    stop = watch(page.store.personId, { onChange: (change) => apply(page, parts, change), onBack, onState });
  };
}

function apply(page, parts, change) {
  page.store.tell("live", change);
  if (ABOUT_MESSAGES.has(change.type)) return applyToMessages(page, parts, change);
  return HANDLERS[change.type]?.(page, parts, change);
}

const HANDLERS = {
  view: (page) => page.refreshViews(),
  home: (page, parts) => page.store.place.tab === "home" && page.try(() => parts.home.reload()),
  // First the world, so that nothing is asked of a conversation that is gone.
  conversation: (page, parts) => page.refreshNow().then(parts.list.reload).catch(page.complain),
  person: (page) => page.refresh.soon(),
  app: (page) => page.refresh.soon(),
  faults: (page) => page.refresh.soon(),
  clock: (page, parts, change) => page.store.setClock(change),
  hello: (page, parts, change) => change.clock && page.store.setClock(change.clock),
  toast: (page, parts, change) => page.toast(change.text, "error"),
  reload: (page, parts) => reloadAll(page, parts),
};

function applyToMessages(page, { list, thread }, change) {
  const { store } = page;
  const isHere = change.channel === store.place.channel && store.place.tab === "messages";
  if (isHere) list.reload();
  if (store.thread && change.channel === store.thread.channel) thread.reload();
  if (change.type === "message" || change.type === "message_deleted") page.refresh.soon();
  if (change.type === "message" && isHere && !store.isMe(change.user)) announce(page, change);
}

/** Say who wrote what once it has been fetched; the list itself is no live region, since it is redrawn whole. */
function announce(page, change) {
  setTimeout(() => {
    const message = page.messages().find((one) => one.ts === change.ts);
    const author = page.store.person(change.user)?.name ?? "Somebody";
    if (message) page.say(`${author}: ${plainSummary(message.text, page.look)}`);
  }, 400);
}

function reloadAll(page, { list, thread, home }) {
  page.refresh.soon();
  page.refreshViews();
  list.reload();
  if (page.store.thread) thread.reload();
  if (page.store.place.tab === "home") page.try(() => home.reload());
}
