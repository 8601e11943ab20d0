// Where one writes: text, commands, files and clips, with a draft kept for every conversation and person.

import { fill, h } from "./dom.js";
import { toShortNames } from "./emoji.js";
import { openEmojiPicker } from "./emojipicker.js";
import { clipChooser, fileChip } from "./fileinput.js";
import { growing } from "./grow.js";
import { icon } from "./icons.js";
import { openMenu } from "./menu.js";
import { suggestIn } from "./suggest.js";

const DRAFTS = "commonplace.drafts";
const COMMAND = /^\/(?!me\s)[a-z]/i;
const NO_COMMANDS_HERE =
  "Commands do not work in threads, as in Slack. Type it in the channel, or use the menu of a message.";

/** `where()` gives {channel, thread} or null. Returns {node, show(), focus(), write(text)}. */
export function createComposer(page, where, { inThread = false } = {}) {
  const { store, api } = page;
  let files = [];
  let busy = false;
  const field = h("textarea", { class: "composer-field", rows: "1", dir: "auto", "aria-autocomplete": "list" });
  const fit = growing(field);
  const onSuggestionKey = suggestIn(field, store, { commandsToo: !inThread });
  const chips = h("div", { class: "file-chips" });
  const filePicker = h("input", {
    type: "file",
    multiple: true,
    class: "unseen",
    tabindex: "-1",
    "aria-label": "Attach files",
  });
  const broadcast = h("input", { type: "checkbox" });
  const also = h("label", { class: "also" }, broadcast, h("span", {}));
  const send = h("button", { type: "submit", class: "btn btn-primary btn-send", "aria-label": "Send" }, icon("send"));
  const tool = (name, label, run, props = {}) =>
    h(
      "button",
      {
        type: "button",
        class: "tool",
        "aria-label": label,
        title: label,
        ...props,
        on: { click: (event) => run(event.currentTarget) },
      },
      icon(name),
    );
  const clip = clipChooser((file, length) => attach(file, length));
  clip.classList.add("clip-choice");
  const form = h(
    "form",
    {
      class: "composer-box",
      "aria-label": inThread ? "Reply" : "Write a message",
      on: { submit: (event) => (event.preventDefault(), submit()) },
    },
    chips,
    field,
    inThread ? also : null,
    h(
      "div",
      { class: "composer-tools" },
      tool("smile", "Emoji", (anchor) => openEmojiPicker(anchor, (emoji) => insert(emoji.character)), {
        "aria-haspopup": "dialog",
      }),
      tool("file", "Attach a file", () => filePicker.click()),
      clip,
      inThread ? null : tool("bolt", "Shortcuts", openShortcuts, { "aria-haspopup": "menu" }),
      h("span", { class: "grow" }),
      inThread
        ? null
        : h(
            "span",
            { class: "note composer-hint" },
            h("kbd", {}, "Enter"),
            " sends, ",
            h("kbd", {}, "Shift+Enter"),
            " new line",
          ),
      send,
    ),
    filePicker,
  );
  const node = h("div", { class: "composer" });
  filePicker.addEventListener("change", async () => {
    for (const file of filePicker.files) await attach(file);
    filePicker.value = "";
  });
  field.addEventListener("input", () => saveDraft(key(), field.value));
  field.addEventListener("keydown", (event) => {
    if (onSuggestionKey(event)) return;
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    } else if (event.key === "ArrowUp" && field.value === "") {
      event.preventDefault();
      page.focusMessages(inThread);
    }
  });

  const key = () => [store.personId, where()?.channel, where()?.thread ?? ""].join("|");

  async function attach(file, length) {
    const uploaded = await page.try(() => api.upload(file, length));
    if (!uploaded) return;
    files = [...files, uploaded.file];
    drawFiles();
    field.focus();
  }
  function drawFiles() {
    const drop = (file) => {
      files = files.filter((one) => one !== file);
      drawFiles();
      field.focus();
    };
    fill(
      chips,
      files.map((file) => fileChip(file, () => drop(file))),
    );
  }
  function insert(text) {
    field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function write(text) {
    field.value = text;
    fit();
    saveDraft(key(), text);
    field.focus();
    field.setSelectionRange(text.length, text.length);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  function openShortcuts(anchor) {
    const shortcuts = (store.world.shortcuts ?? []).filter((one) => one.type === "global");
    const items = shortcuts.map((one) => ({
      label: one.name,
      detail: one.description,
      icon: "bolt",
      run: () => page.shortcut(one.callback_id),
    }));
    openMenu(anchor, items.length ? items : [{ label: "The app has no shortcuts yet", run: () => {} }], {
      align: "start",
      label: "Shortcuts",
    });
  }
  async function submit() {
    const text = field.value;
    if (busy || (text.trim() === "" && !files.length)) return;
    if (inThread && COMMAND.test(text)) return page.toast(NO_COMMANDS_HERE, "error");
    busy = true;
    send.setAttribute("aria-busy", "true");
    const place = where();
    const from = key();
    const work = COMMAND.test(text) && !files.length ? () => runCommand(place, text) : () => post(place, text);
    const worked = await page.try(work);
    busy = false;
    send.removeAttribute("aria-busy");
    // What was typed goes only once it arrived, and only where it was typed.
    if (worked) forget(from, text);
  }
  function forget(from, text) {
    saveDraft(from, "");
    if (from !== key() || field.value !== text) return;
    field.value = "";
    files = [];
    broadcast.checked = false;
    drawFiles();
    fit();
  }
  async function post(place, text) {
    const answer = await api.post("post", {
      channel: place.channel,
      text: toShortNames(text),
      thread_ts: place.thread,
      files: files.length ? files.map((file) => file.id) : null,
      broadcast: broadcast.checked || null,
    });
    store.tell("did", { what: place.thread ? "reply" : "post", text, channel: place.channel, ts: answer.ts });
    page.arrived(place);
    return answer;
  }
  async function runCommand(place, text) {
    const answer = await api.post("command", { channel: place.channel, text: toShortNames(text).trim() });
    store.tell("did", { what: "command", text });
    page.arrived(place);
    page.refreshViews();
    return answer;
  }
  function show() {
    const place = where();
    if (!place) return fill(node);
    const channel = store.channel(place.channel);
    const obstacle = obstacleTo(page, channel);
    // The form stays where it is when it is there already: taking it out would take the keyboard away.
    if (obstacle || node.firstChild !== form) fill(node, obstacle ?? form);
    field.placeholder = inThread
      ? "Reply…"
      : `Write to ${channel?.label ?? "this conversation"}, or type / for commands`;
    field.setAttribute(
      "aria-label",
      inThread ? "Reply in this thread" : `Message to ${channel?.label ?? "this conversation"}`,
    );
    also.lastElementChild.textContent = `Also send to ${channel?.label ?? "the channel"}`;
    const draft = readDrafts()[key()] ?? "";
    if (field.dataset.key !== key()) {
      field.dataset.key = key();
      field.value = draft;
      files = [];
      drawFiles();
      fit();
    }
    return undefined;
  }
  return { node, show, write, focus: () => field.focus() };
}

/** Why one cannot write here, with the way out of it. */
function obstacleTo(page, channel) {
  if (!channel || channel.isDirect) return null;
  if (channel.is_archived)
    return h("div", { class: "obstacle" }, `${channel.label} is archived; it can be read but not written to.`);
  if (channel.is_member) return null;
  const join = () => page.act("join", { channel: channel.id });
  return h(
    "div",
    { class: "obstacle" },
    h("span", {}, "You are looking at ", h("strong", {}, channel.label), "."),
    h("button", { type: "button", class: "btn btn-primary", on: { click: join } }, "Join the channel"),
  );
}

function readDrafts() {
  return JSON.parse(sessionStorage.getItem(DRAFTS) ?? "{}");
}

function saveDraft(key, text) {
  const drafts = readDrafts();
  if (text) drafts[key] = text;
  else delete drafts[key];
  sessionStorage.setItem(DRAFTS, JSON.stringify(drafts));
}
