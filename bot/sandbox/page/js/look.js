// What drawing needs to know about the world: names behind ids, the reader's zone and time, and how links open here.

/** Lookups for everything that draws; `go` opens a place on this page. */
export function createLook(store, go) {
  return {
    person: store.person,
    people: store.people,
    group: store.group,
    isMe: store.isMe,
    channel: store.channel,
    channelNamed: store.channelNamed,
    conversations: store.conversations,
    zone: store.zone,
    now: store.now,
    openChannel: (id) => go({ channel: id }),
    open: (address) => openAddress(address, go),
    isOurs: (address) => new URL(address, location.href).origin === location.origin,
    fileUrl: (file) => fileUrl(file, store.personId),
  };
}

/** Where an address of this sandbox leads: {channel, ts, thread}; null for any other address. */
export function placeOf(address) {
  const url = new URL(address, location.href);
  const match = /^\/archives\/([A-Z0-9]+)(?:\/p(\d+)(\d{6}))?$/.exec(url.pathname);
  if (url.origin !== location.origin || !match) return null;
  const [, channel, seconds, micros] = match;
  return { channel, ts: seconds ? `${seconds}.${micros}` : null, thread: url.searchParams.get("thread_ts") };
}

function openAddress(address, go) {
  const place = placeOf(address);
  if (place) go(place);
  return place !== null;
}

/** Where a file's content is, as the chosen person may see it. */
export function fileUrl(file, person) {
  const id = file?.id ?? /\b(F[A-Z0-9]{6,})\b/.exec(file?.url ?? "")?.[1];
  const path = file?.sandbox_url ?? (id ? `/sandbox/files/${encodeURIComponent(id)}` : null);
  if (!path) return null;
  const url = new URL(path, location.href);
  url.searchParams.set("as", person);
  return url.href;
}
