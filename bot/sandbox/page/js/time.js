// Times as the chosen person reads them: always in that person's zone, against the sandbox's own clock.

const formats = new Map();

function format(zone, options) {
  const key = JSON.stringify([zone, options]);
  if (!formats.has(key)) formats.set(key, makeFormat(zone, options));
  return formats.get(key);
}

function makeFormat(zone, options) {
  try {
    return new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options });
  } catch {
    // A zone that this browser does not know must not take the page down; UTC is at least true.
    return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", ...options });
  }
}

const CLOCK = { hour: "2-digit", minute: "2-digit" };
const DAY = { weekday: "long", day: "numeric", month: "long" };
const SHORT_DAY = { weekday: "short", day: "numeric", month: "short" };

/** A Slack ts ("1700000000.000100") as a Date. */
export const dateOfTs = (ts) => new Date(Number.parseFloat(ts) * 1000);

/** "14:05" in the zone. */
export const clockTime = (date, zone) => format(zone, CLOCK).format(date);

/** "Mon 23 Nov" in the zone. */
export const shortDay = (date, zone) => format(zone, SHORT_DAY).format(date).replace(",", "");

/** "Mon 23 Nov, 14:05" in the zone. */
export const shortMoment = (date, zone) => `${shortDay(date, zone)}, ${clockTime(date, zone)}`;

/** "2026-11-23" in the zone; also the key by which messages are grouped into days. */
export function dayKey(date, zone) {
  const parts = partsOf(date, zone);
  return `${parts.year}-${parts.month}-${parts.day}`;
}

/** "Today", "Yesterday" or "Monday, 23 November", with the year when it is another one. */
export function dayName(date, zone, now) {
  const key = dayKey(date, zone);
  if (key === dayKey(now, zone)) return "Today";
  if (key === dayKey(new Date(now.getTime() - 86_400_000), zone)) return "Yesterday";
  const year = key.slice(0, 4) === dayKey(now, zone).slice(0, 4) ? {} : { year: "numeric" };
  return format(zone, { ...DAY, ...year }).format(date);
}

/** The whole moment, for tool tips: "Monday 23 November 2026 at 14:05:09". */
export const longMoment = (date, zone) =>
  format(zone, { ...DAY, year: "numeric", hour: "2-digit", minute: "2-digit", second: "2-digit" }).format(date);

function partsOf(date, zone) {
  const options = { ...CLOCK, year: "numeric", month: "2-digit", day: "2-digit", second: "2-digit", hourCycle: "h23" };
  return Object.fromEntries(
    format(zone, options)
      .formatToParts(date)
      .map((part) => [part.type, part.value]),
  );
}

/** The wall-clock text "2026-11-23T14:05" of an instant in the zone, as a datetime-local input wants it. */
export function wallText(date, zone) {
  const p = partsOf(date, zone);
  return `${p.year}-${p.month}-${p.day}T${p.hour}:${p.minute}`;
}

/** The instant at which a wall clock in the zone shows `wall` ("2026-11-23T14:05"). */
export function instantOf(wall, zone) {
  const asIfUtc = new Date(`${wall}:00Z`).getTime();
  let guess = asIfUtc;
  // Two rounds settle it: the first finds the offset, the second corrects it across a clock change.
  for (let round = 0; round < 2; round += 1) {
    guess = asIfUtc - (new Date(`${wallText(new Date(guess), zone)}:00Z`).getTime() - guess);
  }
  return new Date(guess);
}

/** Nine o'clock on the next day in the zone. */
export function tomorrowAtNine(now, zone) {
  const noonTomorrow = new Date(instantOf(`${dayKey(now, zone)}T12:00`, zone).getTime() + 86_400_000);
  return instantOf(`${dayKey(noonTomorrow, zone)}T09:00`, zone);
}

/** 154000 → "2:34". */
export function lengthOf(milliseconds) {
  const seconds = Math.round(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

const DATE_TOKENS = {
  date_num: (d, z) => dayKey(d, z),
  date_slash: (d, z) => dayKey(d, z).split("-").reverse().join("/"),
  date: (d, z) => format(z, { day: "numeric", month: "long", year: "numeric" }).format(d),
  date_short: (d, z) => format(z, { day: "numeric", month: "short", year: "numeric" }).format(d),
  date_long: (d, z) => format(z, { ...DAY, year: "numeric" }).format(d),
  date_pretty: (d, z, now) => nearDay(d, z, now) ?? DATE_TOKENS.date(d, z),
  date_short_pretty: (d, z, now) => nearDay(d, z, now) ?? DATE_TOKENS.date_short(d, z),
  date_long_pretty: (d, z, now) => nearDay(d, z, now) ?? DATE_TOKENS.date_long(d, z),
  day_divider_pretty: (d, z, now) => dayName(d, z, now),
  time: clockTime,
  time_secs: (d, z) => format(z, { ...CLOCK, second: "2-digit" }).format(d),
  ago: (d, z, now) => agoText(d, now),
};

function nearDay(date, zone, now) {
  const key = dayKey(date, zone);
  const steps = { yesterday: -1, today: 0, tomorrow: 1 };
  return Object.keys(steps).find((name) => key === dayKey(new Date(now.getTime() + steps[name] * 86_400_000), zone));
}

function agoText(date, now) {
  const minutes = Math.round((now - date) / 60_000);
  const relative = new Intl.RelativeTimeFormat("en-GB", { numeric: "auto" });
  if (Math.abs(minutes) < 60) return relative.format(-minutes, "minute");
  if (Math.abs(minutes) < 1440) return relative.format(-Math.round(minutes / 60), "hour");
  return relative.format(-Math.round(minutes / 1440), "day");
}

/** Slack's <!date^…^{date_short} {time}> pattern filled in; null when it holds a word we do not know. */
export function datePattern(pattern, date, zone, now) {
  let known = true;
  const text = pattern.replace(/\{([a-z_]+)\}/g, (whole, name) => {
    if (DATE_TOKENS[name]) return DATE_TOKENS[name](date, zone, now);
    known = false;
    return whole;
  });
  return known ? text : null;
}
