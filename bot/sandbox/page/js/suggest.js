// Suggestions while typing: commands after "/", people after "@", tags and channels after "#", emoji after ":".

import { characterOf, findEmoji } from "./emoji.js";
import { popup } from "./layer.js";
import { createListbox } from "./listbox.js";
import { avatar } from "./people.js";

const TAGS = [
  ["solution", "share what solved a real problem"],
  ["insight", "share something you understood"],
  ["til", "share what you learned today"],
  ["demo", "show how it is done"],
  ["ask", "ask a question on purpose"],
];

// What people learn to type after /learn; offered as far as the command's own usage hint names them.
const WORDS = {
  share: "give a solution, an insight or a clip",
  ask: "ask the space, an expert or your manager",
  find: "search what people shared",
  plan: "your action plan",
  journal: "your journal",
  settings: "your settings",
  help: "what you can do here",
  team: "your team",
  space: "about this space",
  programme: "learning programmes",
};
const MOST = 8;

/** Each source: the pattern before the cursor whose last group was typed, and what fits it. */
const SOURCES = [
  { pattern: /^(\/[\w-]*)$/, find: commands },
  { pattern: /^\/[\w-]+ (\w*)$/, find: subwords },
  { pattern: /(?:^|[\s(])@([\p{L}\p{N}._-]*)$/u, find: people },
  { pattern: /(?:^|[\s(])#([\p{L}\p{N}_-]*)$/u, find: tagsAndChannels },
  { pattern: /(?:^|\s):([a-z0-9_+-]{2,})$/, find: emoji },
];

/** Watch a text field; returns `onKey(event)`, which is true when the key belonged to the suggestions. */
export function suggestIn(field, store, { commandsToo = true } = {}) {
  let shown = null;
  let typed = "";
  const list = createListbox({ label: "Suggestions", field, onChoose: take });
  const sources = commandsToo ? SOURCES : SOURCES.slice(2);

  function update() {
    const before = field.value.slice(0, field.selectionStart);
    const options = field.selectionStart === field.selectionEnd ? find(before) : [];
    if (!options.length) return close();
    if (!shown?.isOpen()) shown = popup(field, list.node, { className: "popup-list prefer-above", returnFocus: false });
    list.show([{ options }]);
    shown.replace();
    field.setAttribute("aria-controls", list.node.id);
    return true;
  }
  function find(before) {
    for (const source of sources) {
      const match = source.pattern.exec(before);
      if (match) {
        typed = match[1];
        return source.find(match[1], store, before).slice(0, MOST);
      }
    }
    return [];
  }
  function take(option) {
    const end = field.selectionStart;
    const start = end - typed.length - (option.drop ?? 0);
    field.setRangeText(option.insert, start, end, "end");
    close();
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function close() {
    shown?.close();
    field.removeAttribute("aria-activedescendant");
    return false;
  }
  function onKey(event) {
    if (!shown?.isOpen() || event.isComposing) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) list.move(step);
    else if ((event.key === "Enter" && !isWhole(list.active())) || event.key === "Tab") list.choose();
    else if (event.key === "Enter") return close();
    else return false;
    event.preventDefault();
    return true;
  }
  /** When the word is already typed in full, Enter sends instead of completing it once more. */
  const isWhole = (option) => option?.insert.trim() === typed;

  field.addEventListener("input", update);
  field.addEventListener("blur", close);
  return onKey;
}

const startsFirst = (typed, name) => (option) =>
  Number(!String(name(option)).toLowerCase().startsWith(typed.toLowerCase()));

function sortedBy(rank, options) {
  return [...options].sort((a, b) => rank(a) - rank(b));
}

function commands(typed, store) {
  return (store.world.commands ?? [])
    .filter((command) => command.command.startsWith(typed))
    .map((command) => ({
      label: `${command.command} ${command.usage_hint ?? ""}`,
      detail: command.description,
      insert: `${command.command} `,
    }));
}

function subwords(typed, store, before) {
  const command = (store.world.commands ?? []).find((one) => before.startsWith(`${one.command} `));
  if (!command) return [];
  const hinted = new Set((command.usage_hint ?? "").match(/[a-z]{3,}/g) ?? []);
  return Object.entries(WORDS)
    .filter(([word]) => (!hinted.size || hinted.has(word)) && word.startsWith(typed))
    .map(([word, detail]) => ({ label: word, detail, insert: `${word} ` }));
}

function people(typed, store) {
  const words = typed.toLowerCase();
  const fits = (p) => `${p.handle} ${p.name} ${p.fullName}`.toLowerCase().includes(words);
  const found = store.world.people.filter((person) => !person.deleted && fits(person));
  const options = found.map((person) => ({
    label: person.name,
    detail: `@${person.handle}${person.line ? ` · ${person.line}` : ""}`,
    lead: avatar(person, "tiny"),
    insert: `${person.handle} `,
  }));
  const everyone = ["here", "channel"]
    .filter((w) => typed && w.startsWith(words))
    .map((w) => ({ label: `@${w}`, detail: "everybody in this channel", insert: `${w} ` }));
  const groups = (store.world.usergroups ?? [])
    .filter((group) => `${group.handle} ${group.name}`.toLowerCase().includes(words))
    .map((group) => ({
      label: `@${group.handle}`,
      detail: `${group.name} · ${group.users.length} people`,
      insert: `${group.handle} `,
    }));
  return [
    ...sortedBy(
      startsFirst(typed, (o) => o.label),
      options,
    ),
    ...groups,
    ...everyone,
  ];
}

function tagsAndChannels(typed, store) {
  const words = typed.toLowerCase();
  const tags = TAGS.filter(([tag]) => tag.startsWith(words)).map(([tag, detail]) => ({
    label: `#${tag}`,
    detail,
    insert: `${tag} `,
  }));
  const channels = store
    .conversations()
    .filter((c) => !c.isDirect && !c.is_archived && c.name.includes(words))
    .map((c) => ({ label: `#${c.name}`, detail: wordsOf(c.topic || c.purpose) || "channel", insert: `${c.name} ` }));
  return [...tags, ...channels];
}

const wordsOf = (text) => text.replace(/[*_~`]/g, "").slice(0, 60);

function emoji(typed) {
  return findEmoji(typed).map(({ name, character }) => ({
    label: `:${name}:`,
    lead: character,
    insert: `${characterOf(name)} `,
    drop: 1,
  }));
}
