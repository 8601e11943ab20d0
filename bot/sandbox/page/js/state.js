// What the page knows: the world as the chosen person sees it, where they are, and who wants to hear of changes.

import { gathered } from "./dom.js";

const PERSON_KEY = "commonplace.person";

/**
 * The page's memory. `on(topic, fn)` hears: "world" (people, conversations), "clock", "place" (another conversation or
 * tab), "thread" (another thread), "live" (one change from the sandbox), "did" (this person did something here).
 */
export function createStore() {
  const listeners = new Map();
  const store = {
    world: null,
    personId: sessionStorage.getItem(PERSON_KEY),
    place: { channel: null, tab: "messages" },
    thread: null,
    on(topic, listener) {
      listeners.set(topic, [...(listeners.get(topic) ?? []), listener]);
    },
    tell(topic, detail) {
      for (const listener of listeners.get(topic) ?? []) listener(detail);
    },
    setPerson(id) {
      store.personId = id;
      sessionStorage.setItem(PERSON_KEY, id);
    },
    setWorld(world) {
      store.world = readWorld(world);
      store.tell("world");
    },
    setClock(clock) {
      store.world.clock = readClock(clock);
      store.tell("clock");
    },
  };
  return Object.assign(store, lookups(store));
}

/** Fetch the world anew; bursts of changes end in one request. */
export function createRefresh(store, api, onError) {
  let latest = null;
  const fetchWorld = async (isLatest) => {
    const world = await api.get("state");
    // A slower, older answer must not overwrite a newer one, nor the next person's; whoever waits for it waits for that.
    if (isLatest()) store.setWorld(world);
    else await latest;
  };
  const now = () => {
    const mine = Promise.resolve().then(() => fetchWorld(() => latest === mine));
    latest = mine;
    return mine;
  };
  return { now, soon: gathered(() => now().catch(onError), 120) };
}

function readWorld(world) {
  const app = world.app ?? {};
  const people = (world.people ?? []).map(readPerson);
  const conversations = (world.conversations ?? []).map((c) => readConversation(c, app));
  return {
    ...world,
    app: { ...app, user: app.user, name: app.name },
    people,
    conversations,
    clock: readClock(world.clock),
    personById: new Map(people.map((p) => [p.id, p])),
    channelById: new Map(conversations.map((c) => [c.id, c])),
    channelByName: new Map(conversations.filter((c) => !c.isDirect).map((c) => [c.name, c])),
    groupById: new Map((world.usergroups ?? []).map((group) => [group.id, group])),
  };
}

function readPerson(person, index) {
  const fullName = person.real_name || person.name;
  return {
    ...person,
    handle: person.name,
    name: person.display_name || fullName,
    fullName,
    line: person.about || person.title || "",
    zone: person.tz ?? "UTC",
    ink: index,
    isApp: Boolean(person.is_bot),
  };
}

function readConversation(conversation, app) {
  const isDirect = conversation.type === "im" || conversation.type === "mpim";
  const isApp = conversation.type === "im" && conversation.with === app.user;
  const name = isApp ? app.name : conversation.name;
  return {
    ...conversation,
    isDirect,
    isApp,
    name,
    label: isDirect ? name : `#${name}`,
    pins: conversation.pins ?? [],
    bookmarks: conversation.bookmarks ?? [],
  };
}

/** The clock as an offset, so that it runs on between two answers. */
function readClock(clock) {
  return { ...clock, offset: Date.parse(clock.now) - Date.now() };
}

function lookups(store) {
  return {
    me: () => store.world?.personById.get(store.personId) ?? null,
    now: () => new Date(Date.now() + (store.world?.clock.offset ?? 0)),
    zone: () => store.me()?.zone ?? "UTC",
    app: () => store.world.app,
    appDm: () => store.world.conversations.find((c) => c.isApp) ?? null,
    channel: (id) => store.world?.channelById.get(id) ?? null,
    channelNamed: (name) => store.world?.channelByName.get(name) ?? null,
    here: () => store.world?.channelById.get(store.place.channel) ?? null,
    isMe: (id) => id === store.personId,
    person: (id) => store.world?.personById.get(id === store.world.app.bot_id ? store.world.app.user : id) ?? null,
    group: (id) => store.world?.groupById.get(id) ?? null,
    people: () => store.world.people.filter((person) => !person.isApp && !person.deleted),
    conversations: () => store.world.conversations,
  };
}
