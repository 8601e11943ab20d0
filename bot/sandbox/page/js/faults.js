// Trouble on purpose: which calls and deliveries go wrong, chosen from a few sentences, and what is in force now.

import { fill, h } from "./dom.js";
import { icon } from "./icons.js";
import { openForm } from "./forms.js";

/** Each kind of trouble in words; `where` and `fault` are those of docs/sandbox.md. */
const TROUBLES = [
  { words: "Slack is busy (429)", where: "*", fault: "429" },
  { words: "Slack breaks before it acts (500)", where: "*", fault: "500" },
  { words: "Slack acts, and the answer is lost (500)", where: "*", fault: "500_after" },
  { words: "Slack acts, and the answer never comes (time-out)", where: "*", fault: "timeout_after" },
  { words: "Slack hangs up before it acts", where: "*", fault: "close" },
  { words: "Slack acts and hangs up", where: "*", fault: "close_after" },
  { words: "Slack refuses: internal_error", where: "*", fault: "error:internal_error" },
  { words: "The app’s receipt for an event is lost", where: "event", fault: "lose_ack" },
  { words: "Events come twice", where: "event", fault: "duplicate" },
  { words: "Events come in another order", where: "event", fault: "shuffle" },
  { words: "The connection ends after an event", where: "event", fault: "disconnect" },
];
const METHODS = ["*", "chat.postMessage", "chat.update", "reactions.add", "views.open", "views.publish"];
const EVERY = "every call";

/** `button` opens the panel; `banner` says that something is in force, and ends it. */
export function createFaults(page, { button, banner }) {
  const rules = () => page.store.world?.faults ?? [];
  const clear = () => page.act("faults", { rules: [] });

  function draw() {
    const count = rules().filter((rule) => rule.times !== 0).length;
    banner.hidden = count === 0;
    if (count === 0) return;
    fill(
      banner,
      h("span", { class: "grow" }, `Going wrong on purpose: ${rules().filter(isOn).map(inWords).join("; ")}.`),
      h("button", { type: "button", class: "link-btn", on: { click: clear } }, "Let all go well again"),
    );
  }
  page.makeTrouble = () => openPanel(page, rules());
  button.addEventListener("click", page.makeTrouble);
  page.store.on("world", draw);
}

const isOn = (rule) => rule.times !== 0;

function inWords(rule) {
  const known = TROUBLES.find((one) => one.fault === rule.fault && (one.where === "event") === (rule.method === "event"));
  const where = ["*", "event", "socket.ack"].includes(rule.method) ? "" : ` in ${rule.method}`;
  const often = rule.times === null ? "" : `, ${rule.times} more ${rule.times === 1 ? "time" : "times"}`;
  const chance = rule.probability < 1 ? `, ${Math.round(rule.probability * 100)} % of the time` : "";
  return `${known?.words ?? `${rule.fault} (${rule.method})`}${where}${often}${chance}`;
}

function openPanel(page, inForce) {
  const kind = choice(TROUBLES.map((one, index) => [String(index), one.words]));
  const method = choice(METHODS.map((name) => [name, name === "*" ? EVERY : name]));
  const often = choice([
    ["1", "once"],
    ["3", "three times"],
    ["", "until I end it"],
  ]);
  const chance = choice([
    ["1", "every time"],
    ["0.5", "half of the time"],
    ["0.1", "one time in ten"],
  ]);
  const methodRow = h("label", { class: "b-label" }, "In which call", method);
  const onKind = () => (methodRow.hidden = TROUBLES[kind.value].where === "event");
  kind.addEventListener("change", onKind);
  onKind();
  const cut = async () => {
    if (await page.act("disconnect", {})) page.toast("The connection was cut; the app comes back by itself.");
  };
  openForm({
    title: "Let something go wrong",
    fields: [
      h("p", { class: "note" }, "The app should lose nothing and say nothing twice. Do something, and look."),
      inForce.filter(isOn).length ? listOf(page, inForce.filter(isOn)) : null,
      h("label", { class: "b-label" }, "What goes wrong", kind),
      methodRow,
      h("div", { class: "field-pair" }, labelled("How often", often), labelled("With what chance", chance)),
      h("button", { type: "button", class: "btn", on: { click: cut } }, icon("bolt"), "Cut the connection now"),
    ],
    yes: "Let it go wrong",
    run: async () => {
      const { where, fault } = TROUBLES[kind.value];
      const rule = {
        method: where === "event" ? where : method.value,
        fault,
        times: often.value === "" ? null : Number(often.value),
        probability: Number(chance.value),
      };
      await page.api.post("faults", { rules: [...inForce.filter(isOn), rule] });
      await page.refreshNow();
    },
  });
  kind.focus();
}

const labelled = (words, field) => h("label", { class: "b-label" }, words, field);

const choice = (options) =>
  h(
    "select",
    { class: "field" },
    options.map(([value, words]) => h("option", { value }, words)),
  );

function listOf(page, rules) {
  const row = (rule) =>
    h(
      "li",
      {},
      h("span", { class: "grow" }, inWords(rule)),
      h(
        "button",
        { type: "button", class: "icon-btn", "aria-label": `End: ${inWords(rule)}`, on: { click: end(rule) } },
        icon("close"),
      ),
    );
  const end = (rule) => async (event) => {
    const line = event.currentTarget.closest("li");
    rules.splice(rules.indexOf(rule), 1);
    if (await page.act("faults", { rules })) line.remove();
  };
  return h("ul", { class: "fault-list", "aria-label": "Going wrong now" }, rules.map(row));
}
