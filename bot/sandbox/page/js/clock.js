// The clock of the sandbox: what time it is there, and the buttons that move it ahead.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { cityOf } from "./people.js";
import { clockTime, instantOf, shortDay, shortMoment, tomorrowAtNine, wallText } from "./time.js";

const TICK = 1000;

/** Draws the clock card into `node`. */
export function createClock(page, node) {
  const { store, api } = page;
  let isWalking = false;
  let target = null;
  let started = null;
  let toldTo = null;
  const face = h("div", { class: "clock-face" });
  const news = h("div", { class: "clock-news", role: "status", "aria-live": "polite" });
  const bar = h("progress", { class: "clock-bar", max: "1", hidden: true, "aria-label": "Walking to the chosen time" });
  const choice = h("input", {
    type: "datetime-local",
    class: "field",
    "aria-label": "Move the clock to this local time",
  });
  const step = (label, where) =>
    h("button", { type: "button", class: "clock-step", on: { click: () => walk(where()) } }, label);
  const chooser = h(
    "details",
    { class: "clock-choose" },
    h("summary", {}, "Another time…"),
    h("form", { on: { submit: toChoice } }, choice, h("button", { type: "submit", class: "btn btn-primary" }, "Go")),
  );
  const steps = h(
    "div",
    { class: "clock-steps", role: "group", "aria-label": "Move the clock ahead" },
    step("+1 hour", () => new Date(store.now().getTime() + 3_600_000)),
    step("tomorrow 9:00", () => tomorrowAtNine(store.now(), store.zone())),
    step("+1 week", () => new Date(store.now().getTime() + 7 * 86_400_000)),
  );
  fill(node, h("h2", { class: "clock-title" }, icon("clock"), "The clock"), face, steps, chooser, bar, news);

  function drawFace() {
    if (!store.world) return;
    // What was said to one person, in their time, is no news for the next.
    if (toldTo !== store.personId && !isWalking) news.textContent = "";
    toldTo = store.personId;
    const now = store.now();
    const zone = store.zone();
    fill(
      face,
      h("time", { class: "clock-time", datetime: now.toISOString() }, clockTime(now, zone)),
      h("span", { class: "clock-day" }, `${shortDay(now, zone)}, ${cityOf(zone)}`),
      zone === "UTC" ? null : h("span", { class: "clock-utc" }, `${shortMoment(now, "UTC")} UTC`),
    );
    if (isWalking && target > started) bar.value = Math.min(1, (now - started) / (target - started));
  }

  function toChoice(event) {
    event.preventDefault();
    if (!choice.value) return;
    walk(instantOf(choice.value.slice(0, 16), store.zone()));
  }

  async function walk(to) {
    if (isWalking) return;
    if (to <= store.now()) {
      news.textContent = "The clock only moves ahead; please choose a later time.";
      return;
    }
    begin(to);
    const before = store.conversations().reduce((sum, c) => sum + c.unread, 0);
    try {
      const answer = await api.post("clock", { to: to.toISOString(), alone: store.world.connected ? null : true });
      store.setClock(answer);
      await page.refreshNow();
      news.textContent = report(answer, before);
      store.tell("did", { what: "clock" });
    } catch (error) {
      news.textContent = error.message;
    } finally {
      end();
    }
  }
  function begin(to) {
    isWalking = true;
    [target, started] = [to, store.now()];
    bar.hidden = false;
    bar.value = 0;
    for (const button of steps.children) button.disabled = true;
    news.textContent = `Walking to ${shortMoment(to, store.zone())}…`;
  }
  function end() {
    isWalking = false;
    bar.hidden = true;
    for (const button of steps.children) button.disabled = false;
    drawFace();
  }
  function report(answer, before) {
    const arrived = store.conversations().reduce((sum, c) => sum + c.unread, 0) - before;
    const where = `It is now ${shortMoment(store.now(), store.zone())}.`;
    const letters = arrived > 0 ? ` ${arrived} new ${arrived === 1 ? "message" : "messages"} for you.` : "";
    // The last step is the arrival itself.
    const stops = answer.steps - 1;
    const acted =
      stops > 0 ? ` The app had something to do at ${stops === 1 ? "one moment" : `${stops} moments`} on the way.` : "";
    return where + letters + (acted || (arrived > 0 ? "" : " Nothing was due for you on the way."));
  }

  chooser.addEventListener("toggle", () => {
    if (!chooser.open) return;
    choice.min = wallText(store.now(), store.zone());
    choice.value = wallText(tomorrowAtNine(store.now(), store.zone()), store.zone());
  });
  for (const topic of ["world", "clock"]) store.on(topic, drawFace);
  setInterval(drawFace, TICK);
  return { focus: () => steps.firstElementChild.focus() };
}
