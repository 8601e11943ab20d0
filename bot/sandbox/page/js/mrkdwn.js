// Slack's text, drawn as nodes. Only the tokens Slack knows become links or mentions; everything else stays text.

import { h } from "./dom.js";
import { characterOf } from "./emoji.js";
import { dateOfTs, datePattern, longMoment } from "./time.js";

const SAFE_LINK = /^(https?:\/\/|mailto:)/i;
const PRE = /```\n?([\s\S]+?)\n?```/g;
const QUOTE = /^(?:&gt;|>) ?/;
const QUOTE_REST = /^(?:&gt;&gt;&gt;|>>>) ?/;

// Every alternative stops at the next mark of its own kind or the end of the line, so hostile text costs linear time.
const SPAN = [
  "(?<code>`[^`\\n]+`)",
  "(?<angle><[^<>\\n]{1,4000}>)",
  "(?<bold>(?<![\\p{L}\\p{N}*])\\*(?![\\s*])[^*\\n]*[^*\\s]\\*(?![\\p{L}\\p{N}*]))",
  "(?<italic>(?<![\\p{L}\\p{N}_])_(?![\\s_])[^_\\n]*[^_\\s]_(?![\\p{L}\\p{N}_]))",
  "(?<strike>(?<![\\p{L}\\p{N}~])~(?![\\s~])[^~\\n]*[^~\\s]~(?![\\p{L}\\p{N}~]))",
  "(?<emoji>:[a-z0-9_+'-]{1,60}(?:::skin-tone-[2-6])?:)",
];
const BARE = [
  "(?<url>https?:\\/\\/[^\\s<>|]{1,2000}[^\\s<>|.,;:!?)'\"\\]*_~])",
  "(?<channel>(?<![\\p{L}\\p{N}&#])#[\\p{L}\\p{N}_-]{1,80})",
  "(?<everyone>(?<![\\p{L}\\p{N}])@(?:here|channel|everyone)(?![\\p{L}\\p{N}]))",
];
const WRITTEN = new RegExp(SPAN.join("|"), "giu");
const WRITTEN_OR_BARE = new RegExp([...SPAN, ...BARE].join("|"), "giu");

/** "&lt;" back to "<": Slack escapes exactly these three. */
const unescapeSlack = (text) => text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

/**
 * Slack's mrkdwn as a fragment. `look` answers who and what is meant: person(id), channel(id), channelNamed(name),
 * zone(), now(), open(href). With `verbatim` bare addresses, #names and @here stay plain words, as in Slack.
 */
export function mrkdwn(text, look, { verbatim = false } = {}) {
  const fragment = document.createDocumentFragment();
  const pattern = verbatim ? WRITTEN : WRITTEN_OR_BARE;
  let at = 0;
  for (const match of text.matchAll(PRE)) {
    fragment.append(...lines(text.slice(at, match.index), look, pattern));
    fragment.append(h("pre", { class: "pre" }, ...inPre(match[1], look)));
    at = match.index + match[0].length;
  }
  fragment.append(...lines(text.slice(at), look, pattern));
  return fragment;
}

/** Inside ``` only links and mentions are live. */
function inPre(text, look) {
  return splitBy(/<[^<>\n]{1,4000}>/g, text, (match) => angle(match[0].slice(1, -1), look), unescapeSlack);
}

function lines(text, look, pattern) {
  const nodes = [];
  let plain = [];
  let quoted = [];
  const flush = () => {
    if (plain.length && plain.join("").trim() !== "") {
      nodes.push(h("span", { class: "para" }, inline(trimEdges(plain).join("\n"), look, pattern)));
    }
    if (quoted.length) nodes.push(h("blockquote", {}, inline(quoted.join("\n"), look, pattern)));
    plain = [];
    quoted = [];
  };
  let quoteRest = false;
  for (const line of text.split("\n")) {
    const isQuote = quoteRest || QUOTE.test(line);
    if (isQuote ? plain.length : quoted.length) flush();
    if (!isQuote) {
      plain.push(line);
    } else if (!quoteRest && QUOTE_REST.test(line)) {
      quoteRest = true;
      quoted.push(line.replace(QUOTE_REST, ""));
    } else {
      quoted.push(quoteRest ? line : line.replace(QUOTE, ""));
    }
  }
  flush();
  return nodes;
}

/** Empty lines at the edges of a paragraph would only make gaps around quotes and code. */
function trimEdges(all) {
  let [from, to] = [0, all.length];
  while (from < to && all[from] === "") from += 1;
  while (to > from && all[to - 1] === "") to -= 1;
  return all.slice(from, to);
}

function inline(text, look, pattern) {
  return splitBy(pattern, text, (match) => span(match.groups, look, pattern), unescapeSlack);
}

function splitBy(pattern, text, onMatch, onText) {
  const nodes = [];
  let at = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > at) nodes.push(onText(text.slice(at, match.index)));
    nodes.push(onMatch(match));
    at = match.index + match[0].length;
  }
  if (at < text.length) nodes.push(onText(text.slice(at)));
  return nodes;
}

const WRAPPERS = { bold: "strong", italic: "em", strike: "s" };

function span(groups, look, pattern) {
  for (const [name, tag] of Object.entries(WRAPPERS)) {
    if (groups[name]) return h(tag, {}, inline(groups[name].slice(1, -1), look, pattern));
  }
  if (groups.code) return h("code", {}, inPre(groups.code.slice(1, -1), look));
  if (groups.angle) return angle(groups.angle.slice(1, -1), look);
  if (groups.emoji) return emojiNode(groups.emoji.slice(1, -1));
  if (groups.url) return link(unescapeSlack(groups.url), unescapeSlack(groups.url), look);
  if (groups.everyone) return h("span", { class: "mention mention-all" }, groups.everyone);
  const channel = look.channelNamed(groups.channel.slice(1));
  return channel ? channelLink(channel, look) : h("span", { class: "tag" }, groups.channel);
}

/** One emoji with its name for screen readers; an unknown one stays ":name:". */
export function emojiNode(name) {
  const character = characterOf(name);
  if (!character) return `:${name}:`;
  return h(
    "span",
    { class: "emoji", role: "img", "aria-label": name.replaceAll("_", " "), title: `:${name}:` },
    character,
  );
}

function angle(inner, look) {
  const bar = inner.indexOf("|");
  const target = bar < 0 ? inner : inner.slice(0, bar);
  const label = bar < 0 ? null : unescapeSlack(inner.slice(bar + 1));
  if (target.startsWith("@")) return mention(target.slice(1), label, look);
  if (target.startsWith("#")) return channelLink(look.channel(target.slice(1)) ?? { name: label }, look);
  if (target.startsWith("!")) return special(target.slice(1), label, look);
  const address = unescapeSlack(target);
  return link(address, label ?? address, look);
}

/** A person's name as a mention. */
export function mention(id, label, look) {
  const person = look.person(id);
  const mine = look.isMe(id) ? " mention-me" : "";
  return h("span", { class: `mention${mine}`, dir: "auto" }, `@${person?.name ?? label ?? id}`);
}

/** A channel's name that opens the channel, when this person can see it. */
export function channelLink(channel, look) {
  if (!channel?.id) return h("span", { class: "mention" }, channel?.name ? `#${channel.name}` : "#private channel");
  const open = (event) => {
    event.preventDefault();
    look.openChannel(channel.id);
  };
  return h(
    "a",
    { class: "mention", href: `/archives/${encodeURIComponent(channel.id)}`, on: { click: open } },
    `#${channel.name}`,
  );
}

function special(word, label, look) {
  const name = word.split("^")[0];
  if (["here", "channel", "everyone"].includes(name)) return h("span", { class: "mention mention-all" }, `@${name}`);
  if (name === "date") return dateNode(word, label, look);
  const group = name === "subteam" ? look.group?.(word.split("^")[1]) : null;
  const words = group ? `@${group.handle}` : (label ?? `@${name.replace(/^subteam/, "group")}`);
  return h("span", { class: "mention", title: group?.name }, words);
}

function dateNode(word, fallback, look) {
  const [, seconds, pattern = "", target] = word.split("^");
  const date = dateOfTs(seconds);
  const shown = Number.isNaN(date.getTime()) ? null : datePattern(pattern, date, look.zone(), look.now());
  if (shown === null) return h("span", {}, fallback ?? "");
  const node = h("time", { datetime: date.toISOString(), title: longMoment(date, look.zone()) }, shown);
  return target ? link(unescapeSlack(target), shown, look) : node;
}

/** A link, if it is one that cannot harm; otherwise its words. */
export function link(address, label, look) {
  const here = address.startsWith(`${location.origin}/archives/`) || address.startsWith("/archives/");
  if (!here && !SAFE_LINK.test(address)) return h("span", {}, label);
  if (here) return innerLink(address, label === address ? "a message" : label, look);
  return h(
    "a",
    { href: address, target: "_blank", rel: "noopener noreferrer nofollow", title: address },
    honest(label, address),
  );
}

/** A link that opens a message on this page. */
function innerLink(address, label, look) {
  const open = (event) => {
    event.preventDefault();
    look.open(address);
  };
  return h("a", { href: address, class: "inner-link", on: { click: open } }, label);
}

/** A label that looks like another address must not hide where the link leads. */
function honest(label, address) {
  const claimed = hostOf(label);
  const real = hostOf(address);
  return claimed && real && claimed !== real ? `${label} (${real})` : label;
}

function hostOf(text) {
  try {
    return new URL(/^[a-z]+:/i.test(text) ? text : /^[\w-]+(\.[\w-]+)+/.test(text) ? `https://${text}` : "").host;
  } catch {
    return null; // Words, not an address.
  }
}

/** Plain text with its emoji, as Slack draws plain_text objects. */
export function plainText(text) {
  return splitBy(
    /:[a-z0-9_+'-]{1,60}(?:::skin-tone-[2-6])?:/gi,
    text,
    (match) => emojiNode(match[0].slice(1, -1)),
    (words) => words,
  );
}

/** A Block Kit text object, whatever its kind. */
export function textObject(object, look) {
  if (!object) return "";
  if (object.type === "mrkdwn") return mrkdwn(object.text ?? "", look, { verbatim: Boolean(object.verbatim) });
  return h("span", { class: "para" }, plainText(object.text ?? ""));
}

/** Slack's stored text as its author typed it, for editing. */
export function typedText(text, look) {
  const words = text.replace(/<([^<>\n]{1,4000})>/g, (whole, inner) => typedToken(inner, look));
  return unescapeSlack(words).replace(
    /:([a-z0-9_+'-]{1,60}(?:::skin-tone-[2-6])?):/gi,
    (whole, name) => characterOf(name) ?? whole,
  );
}

function typedToken(inner, look) {
  const [target, label] = inner.split("|");
  if (target.startsWith("@")) return `@${look.person(target.slice(1))?.handle ?? label ?? target.slice(1)}`;
  if (target.startsWith("#")) return `#${look.channel(target.slice(1))?.name ?? label ?? target.slice(1)}`;
  if (target.startsWith("!subteam^")) return `@${look.group?.(target.slice(9))?.handle ?? label ?? "group"}`;
  if (target.startsWith("!")) return `@${target.slice(1).split("^")[0]}`;
  return target;
}

/** One line without marks, for previews and screen readers. */
export function plainSummary(text, look, limit = 140) {
  const holder = h("div", {}, mrkdwn(text ?? "", look));
  const words = holder.textContent.replace(/\s+/g, " ").trim();
  return words.length > limit ? `${words.slice(0, limit - 1)}…` : words;
}
