// Slack's rich_text block: sections, lists, quotes and code, drawn from the parts that people's own messages use.

import { h } from "./dom.js";
import { channelLink, emojiNode, link, mention } from "./mrkdwn.js";
import { dateOfTs, datePattern } from "./time.js";

/** A rich_text block as nodes. */
export function richText(block, look) {
  return h(
    "div",
    { class: "rich" },
    (block.elements ?? []).map((part) => richPart(part, look)),
  );
}

function richPart(part, look) {
  const inside = () => (part.elements ?? []).map((element) => richElement(element, look));
  switch (part.type) {
    case "rich_text_section":
      return h("div", { class: "para" }, inside());
    case "rich_text_quote":
      return h("blockquote", {}, inside());
    case "rich_text_preformatted":
      return h("pre", { class: "pre" }, inside());
    case "rich_text_list":
      return richList(part, look);
    default:
      return null;
  }
}

function richList(part, look) {
  const items = (part.elements ?? []).map((item) =>
    h(
      "li",
      {},
      (item.elements ?? []).map((e) => richElement(e, look)),
    ),
  );
  const props = { class: `indent-${Math.min(part.indent ?? 0, 5)}`, start: part.offset ? part.offset + 1 : null };
  return h(part.style === "ordered" ? "ol" : "ul", props, items);
}

const ELEMENTS = {
  text: (e) => e.text ?? "",
  emoji: (e) => emojiNode(e.name ?? ""),
  link: (e, look) => link(e.url ?? "", e.text ?? e.url ?? "", look),
  user: (e, look) => mention(e.user_id, null, look),
  usergroup: (e) => h("span", { class: "mention" }, `@${e.usergroup_id}`),
  channel: (e, look) => channelLink(look.channel(e.channel_id), look),
  broadcast: (e) => h("span", { class: "mention mention-all" }, `@${e.range}`),
  date: (e, look) => datePattern(e.format ?? "", dateOfTs(e.timestamp), look.zone(), look.now()) ?? e.fallback ?? "",
};

function richElement(element, look) {
  const make = ELEMENTS[element.type];
  return make ? styled(make(element, look), element.style ?? {}) : null;
}

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

function styled(node, style) {
  return Object.entries(STYLES).reduce((inner, [name, tag]) => (style[name] ? h(tag, {}, inner) : inner), node);
}
