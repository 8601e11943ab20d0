// Where the page comes together: it makes the parts, says what each action does, and hands live changes to whom they concern.

import { createApi } from "./api.js";
import { followChanges } from "./changes.js";
import { createClock } from "./clock.js";
import { createComposer } from "./composer.js";
import { createGuide } from "./guide.js";
import { createHeader } from "./header.js";
import { createHome } from "./home.js";
import { createLook, placeOf } from "./look.js";
import { createMessageList } from "./messages.js";
import { createModals } from "./modal.js";
import { createFaults } from "./faults.js";
import { askForPerson } from "./forms.js";
import { opening } from "./opening.js";
import { firstPlace, rememberPlace, watchAddress } from "./router.js";
import { createSidebar } from "./sidebar.js";
import { askForProfile } from "./status.js";
import { createRefresh, createStore } from "./state.js";
import { openSwitcher } from "./switcher.js";
import { createThread } from "./thread.js";
import { createAnnouncer, createToaster } from "./toast.js";

const byId = (id) => document.getElementById(id);

/** The page: what its parts may ask of each other. */
function createPage() {
  const store = createStore();
  const api = createApi(() => store.personId);
  const page = { store, api, toast: createToaster(), say: createAnnouncer() };
  page.complain = (error) => page.toast(error.message, "error");
  page.refresh = createRefresh(store, api, page.complain);
  page.refreshNow = page.refresh.now;
  page.look = createLook(store, (place) => page.go(place));
  page.try = (work) => attempt(page, work);
  page.act = (path, body) => page.try(() => api.post(path, body));
  addMessageActions(page);
  return page;
}

/** Run `work`; what goes wrong is said in a toast, and the answer is null. */
async function attempt(page, work) {
  try {
    return (await work()) ?? true;
  } catch (error) {
    page.complain(error);
    return null;
  }
}

function addMessageActions(page) {
  page.react = async (channel, ts, emoji, remove) => {
    const worked = await page.act("react", { channel, ts, emoji, remove: remove || null });
    if (worked && !remove) page.store.tell("did", { what: "react", emoji });
  };
  page.shortcut = async (callbackId, channel = null, ts = null) => {
    if (await page.act("shortcut", { callback_id: callbackId, channel, ts }))
      page.store.tell("did", { what: "shortcut" });
    page.refreshViews();
  };
  page.addPerson = () => askForPerson(page);
  page.editProfile = () => askForProfile(page);
  page.openSwitcher = () => openSwitcher(page);
  page.writeTo = async (people) => {
    const opened = await page.act("direct", { people });
    if (!opened) return;
    await page.refreshNow();
    await page.go({ channel: opened.channel });
  };
}

function addParts(page) {
  const { store } = page;
  const here = () =>
    store.place.channel && store.place.tab === "messages" ? { channel: store.place.channel, thread: null } : null;
  const list = createMessageList(page, byId("messages"), here, { intro: () => opening(page) });
  const thread = createThread(page, byId("thread"));
  const home = createHome(page, byId("home"));
  const modals = createModals(page);
  page.composer = createComposer(page, here);
  byId("composer-slot").append(page.composer.node);
  page.messages = () => list.messages();
  page.openThread = (channel, ts, highlight) => thread.open(channel, ts, highlight);
  page.refreshViews = () => page.try(() => modals.refresh());
  page.focusMessages = (inThread) => (inThread ? thread.focusLast() : list.focusLast());
  page.focusMessage = (ts) => list.focusOn(ts);
  page.arrived = (place) => (place.thread ? thread.toEnd() : list.load().then(list.toEnd).catch(page.complain));
  return { list, thread, home, modals };
}

function addPlaces(page, { list, thread, home, modals }) {
  const { store } = page;
  let visits = 0;

  page.go = async ({ channel, ts = null, thread: threadTs = null, tab = "messages", keepFocus = false }) => {
    const known = store.channel(channel);
    if (!known) return page.toast("That conversation is not open to this person.", "error");
    visits += 1;
    const mine = visits;
    const isElsewhere = store.place.channel !== channel || store.place.tab !== tab;
    store.place = { channel, tab };
    rememberPlace(store.place);
    byId("home").hidden = tab !== "home";
    byId("talk").hidden = tab === "home";
    closeBar();
    store.tell("place");
    page.composer.show();
    if (isElsewhere && !threadTs) thread.close({ quietly: true });
    await page.try(() => show(tab, isElsewhere, threadTs && threadTs !== ts ? threadTs : ts));
    if (mine !== visits) return undefined;
    if (threadTs) await thread.open(channel, threadTs, ts);
    else if (!ts && !keepFocus && tab === "messages" && innerWidth > 700) page.composer.focus();
    page.refresh.soon();
    return undefined;
  };
  function show(tab, isElsewhere, ts) {
    if (tab === "home") return home.open();
    if (isElsewhere && store.here().isApp) page.try(home.openMessages);
    return isElsewhere || ts ? list.open(ts) : list.load();
  }

  const switched = new Set();
  page.hasSwitched = () => switched.size > 1;
  page.become = async (person) => {
    if (person === store.personId && store.world) return;
    const before = store.place;
    store.setPerson(person);
    thread.close({ quietly: true });
    home.reset();
    modals.clear();
    list.clear();
    await page.enter(
      before.channel && store.world ? { ...before, wasDm: store.channel(before.channel)?.isApp } : null,
    );
    page.say(`You are ${store.me().fullName} now.`);
    store.tell("did", { what: "switch", person });
  };
  /** Show the workspace to the person that was chosen, at the same place when they can see it. */
  page.enter = async (wanted) => {
    await page.refreshNow();
    switched.add(store.personId);
    page.follow();
    store.place = { channel: null, tab: "messages" };
    const same = wanted?.wasDm ? { channel: store.appDm()?.id, tab: wanted.tab } : wanted;
    const place = same && store.channel(same.channel) ? same : firstPlace(store);
    await page.go(place);
    await page.refreshViews();
  };
}

function closeBar() {
  document.body.classList.remove("bar-open");
}

function addChrome(page) {
  const { store } = page;
  page.toggleBar = (event) => {
    const isOpen = document.body.classList.toggle("bar-open");
    event.currentTarget.setAttribute("aria-expanded", String(isOpen));
    if (isOpen) byId("person").focus();
  };
  page.layoutChanged = () =>
    document.body.classList.toggle("has-side", !byId("guide").hidden || !byId("thread").hidden);
  const clock = createClock(page, byId("clock"));
  createFaults(page, { button: byId("trouble"), banner: byId("faults") });
  page.showClock = () => {
    document.body.classList.add("bar-open");
    clock.focus();
  };
  page.guideButton = createGuide(page, byId("guide")).button;
  createHeader(page, byId("main-head"));
  const sidebar = createSidebar(page, {
    workspace: byId("workspace"),
    person: byId("person"),
    nav: byId("places"),
    app: byId("app-places"),
    channels: byId("channels"),
    others: byId("others"),
    othersTitle: byId("others-title"),
    newChannel: byId("new-channel"),
    directs: byId("directs"),
    newDirect: byId("new-direct"),
  });
  page.choosePerson = () => sidebar.choosePerson();
  store.on("world", () => {
    byId("offline").hidden = store.world.connected;
    // The place may be gone for this person: left, deleted, or given another id.
    if (store.place.channel && !store.here()) page.go(firstPlace(store));
    else page.composer.show();
  });
  byId("scrim").addEventListener("click", closeBar);
  page.layoutChanged();
}

function addKeys(page, { thread }) {
  document.addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      page.openSwitcher();
    } else if (event.key === "Escape" && !event.defaultPrevented && !document.querySelector("dialog[open]")) {
      if (document.body.classList.contains("bar-open")) closeBar();
      else if (page.store.thread) thread.close();
      else page.composer.focus();
    }
  });
}

async function start() {
  const page = createPage();
  const parts = addParts(page);
  addPlaces(page, parts);
  addChrome(page);
  addKeys(page, parts);
  page.follow = followChanges(page, parts, (isConnected) => (byId("reconnecting").hidden = isConnected));
  watchAddress(page);
  const world = await page.api.get("state");
  if (!world.people.some((person) => person.id === page.store.personId)) page.store.setPerson(world.me);
  page.store.setWorld(page.store.personId === world.me ? world : await page.api.get("state"));
  document.body.classList.remove("loading");
  const asked = placeOf(location.href);
  await page.enter(firstPlace(page.store));
  if (asked && !page.store.channel(asked.channel))
    page.toast(`That link leads to a conversation that ${page.store.me().name} is not in.`);
}

start().catch((error) => {
  const box = byId("cannot-start");
  box.hidden = false;
  box.textContent = error.message;
  throw error;
});
