// The first steps: a card that shows what one can try, takes one there, and ticks itself off.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";

const DONE = "commonplace.guide.done";
const CLOSED = "commonplace.guide.closed";

/** What a visitor is invited to try; `isDone` looks at one thing that was done on this page. */
const STEPS = [
  {
    id: "post",
    title: "Share a tip",
    words: "Post one in a channel, with #solution as its first or last word.",
    button: "Write one",
    isDone: (did) => did.what === "post" && /#solution\b/i.test(did.text) && did.text.trim().includes(" "),
    go: writeTip,
  },
  {
    id: "reply",
    title: "Answer as a colleague",
    words: "Become somebody else and reply in a thread.",
    button: "Become a colleague",
    isDone: (did, page) => did.what === "reply" && page.hasSwitched(),
    go: becomeColleague,
  },
  {
    id: "nominate",
    title: "Nominate with 💡",
    words: "React with 💡 to something good that a colleague wrote; the app asks its author.",
    button: "Find a message",
    isDone: (did) => did.what === "react" && did.emoji === "bulb",
    go: findMessage,
  },
  {
    id: "learn",
    title: "Ask what it can do",
    words: "Type /learn and press Enter.",
    button: "Type /learn",
    isDone: (did) => did.what === "command",
    go: typeLearn,
  },
  {
    id: "clock",
    title: "Move the clock",
    words: "A week passes in a moment: a nomination that nobody answered ends, and nobody is bothered.",
    button: "Show the clock",
    isDone: (did) => did.what === "clock",
    go: (page) => page.showClock(),
  },
];

/** What one may go on with once all is done. */
const MORE = [
  { words: "Find what colleagues know about firmware", go: (page) => typeHere(page, "/learn find firmware") },
  { words: "Fill in the form that shares a clip", go: (page) => typeHere(page, "/learn share") },
  { words: "Look at your Home", go: (page) => page.go({ channel: page.store.appDm()?.id, tab: "home" }) },
  { words: "Be the admin, and choose the settings", go: beTheAdmin },
  { words: "Let Slack break, and see that nothing is lost", go: (page) => page.makeTrouble() },
];

/** Draws the card into `node`; returns {button} that opens and closes it, for the header. */
export function createGuide(page, node) {
  const { store } = page;
  const done = new Set(JSON.parse(sessionStorage.getItem(DONE) ?? "[]"));
  const button = h("button", {
    type: "button",
    class: "btn guide-button",
    "aria-controls": "guide",
    on: { click: () => setOpen(node.hidden) },
  });
  let isFresh = null;

  function setOpen(open) {
    node.hidden = !open;
    sessionStorage.setItem(CLOSED, open ? "" : "yes");
    button.setAttribute("aria-expanded", String(open));
    page.layoutChanged();
    if (open) node.querySelector("button")?.focus();
  }
  function draw() {
    const count = done.size;
    const isAll = count === STEPS.length;
    button.setAttribute("aria-label", `First steps: ${count} of ${STEPS.length} done`);
    fill(
      button,
      icon(isAll ? "check" : "ribbon"),
      h("span", { class: "guide-button-words" }, `First steps ${count}/${STEPS.length}`),
    );
    fill(
      node,
      h(
        "div",
        { class: "guide-head" },
        h("h2", { id: "guide-title" }, isAll ? "You know the way now" : "Try it: five first steps"),
        h(
          "button",
          { type: "button", class: "icon-btn", "aria-label": "Close the first steps", on: { click: close } },
          icon("close"),
        ),
      ),
      h(
        "p",
        { class: "note" },
        isAll
          ? "Everything here is yours to play with. Be anyone, and go on."
          : "This is a small make-believe workplace. Be anyone in it; nothing leaves this computer.",
      ),
      h("ol", { class: "guide-steps" }, STEPS.map(stepRow)),
      isAll ? moreToTry() : null,
    );
    isFresh = null;
  }
  function stepRow(step, index) {
    const isDone = done.has(step.id);
    return h(
      "li",
      { class: `guide-step${isDone ? " done" : ""}${isFresh === step.id ? " fresh" : ""}` },
      h("span", { class: "guide-mark", "aria-hidden": "true" }, isDone ? icon("check") : String(index + 1)),
      h(
        "div",
        {},
        h("div", { class: "guide-title" }, step.title, isDone ? h("span", { class: "unseen" }, " (done)") : null),
        isDone ? null : h("div", { class: "note" }, step.words),
        isDone
          ? null
          : h("button", { type: "button", class: "btn guide-go", on: { click: () => take(step) } }, step.button),
      ),
    );
  }
  function moreToTry() {
    return h(
      "div",
      { class: "guide-more" },
      h("h3", {}, "More to try"),
      h(
        "ul",
        {},
        MORE.map((one) =>
          h("li", {}, h("button", { type: "button", class: "link-btn", on: { click: () => take(one) } }, one.words)),
        ),
      ),
    );
  }
  function take(step) {
    // Where the card lies over the page, it must not hide what it leads to.
    if (getComputedStyle(node).position === "fixed") setOpen(false);
    step.go(page);
  }
  function close() {
    setOpen(false);
    button.focus();
  }

  store.on("did", (did) => {
    const step = STEPS.find((one) => !done.has(one.id) && one.isDone(did, page));
    if (!step) return;
    done.add(step.id);
    sessionStorage.setItem(DONE, JSON.stringify([...done]));
    isFresh = step.id;
    page.say(`First step done: ${step.title}`);
    draw();
  });
  draw();
  node.hidden = Boolean(sessionStorage.getItem(CLOSED)) || innerWidth < 1000;
  button.setAttribute("aria-expanded", String(!node.hidden));
  return { button };
}

const firstChannel = ({ store }) =>
  store.conversations().find((c) => c.type === "channel" && c.is_member && c.app_is_member && !c.is_archived) ??
  store.conversations().find((c) => c.is_member);

async function toSpace(page) {
  const here = page.store.here();
  const isFine = here && !here.isDirect && here.is_member && here.app_is_member;
  if (!isFine) await page.go({ channel: firstChannel(page)?.id });
}

async function writeTip(page) {
  await toSpace(page);
  page.composer.write("#solution ");
}

function becomeColleague(page) {
  page.choosePerson();
  page.toast("Choose a colleague, then use “Reply in thread” on a message.");
}

async function findMessage(page) {
  await toSpace(page);
  const { store } = page;
  const fits = (m) =>
    m.user !== store.personId &&
    !store.person(m.user)?.isApp &&
    !m.subtype &&
    !m.reactions?.some((r) => r.name === "bulb");
  const message = page.messages().filter(fits).at(-1);
  if (message) await page.go({ channel: store.place.channel, ts: message.ts });
  else page.toast("There is no colleague's message here yet; try another channel.");
}

function typeLearn(page) {
  return typeHere(page, "/learn");
}

async function typeHere(page, words) {
  if (page.store.place.tab === "home") await toSpace(page);
  page.composer.write(words);
}

async function beTheAdmin(page) {
  const admin = page.store.people().find((person) => person.is_admin);
  if (admin) await page.become(admin.id);
  await typeHere(page, "/learn settings");
}
