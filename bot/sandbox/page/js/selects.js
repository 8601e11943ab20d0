// Block Kit's selects: fixed options, people, conversations, or options fetched from the app.

import { agreed } from "./agreed.js";
import { createCombobox, matching } from "./combobox.js";
import { avatar } from "./people.js";

const asOption = (option) => ({
  value: option.value,
  label: option.text?.text ?? "",
  detail: option.description?.text,
  option,
});

function groupsOf(holder) {
  if (holder.option_groups)
    return holder.option_groups.map((g) => ({ label: g.label?.text, options: (g.options ?? []).map(asOption) }));
  return [{ options: (holder.options ?? []).map(asOption) }];
}

/** What the several kinds of select differ in: what can be chosen, and how a choice is written down. */
function selectKind(element, place) {
  const look = place.look;
  const fixed = (groups) => async (query) => matching(groups(), query);
  if (/users_select$/.test(element.type)) {
    return {
      load: fixed(() => [{ options: look.people().map(personOption) }]),
      show: (id) => personOption(look.person(id) ?? { id, name: id }),
      keep: (o) => o.value,
    };
  }
  if (/(conversations|channels)_select$/.test(element.type)) {
    const onlyChannels = /channels/.test(element.type);
    return {
      load: fixed(() => [{ options: conversationsFor(element, look, onlyChannels) }]),
      show: (id) => channelOption(look.channel(id) ?? { id, name: id }),
      keep: (o) => o.value,
    };
  }
  if (/external_select$/.test(element.type))
    return { load: externalLoader(element, place), show: asOption, keep: (o) => o.option };
  return { load: fixed(() => groupsOf(element)), show: asOption, keep: (o) => o.option };
}

function personOption(person) {
  return {
    value: person.id,
    label: person.name,
    detail: person.line,
    lead: person.zone ? avatar(person, "tiny") : null,
  };
}

const channelOption = (c) => ({
  value: c.id,
  label: c.isDirect ? c.name : `${c.type === "private" ? "🔒 " : "#"}${c.name}`,
  detail: c.topic ? String(c.topic).slice(0, 60) : null,
});

function conversationsFor(element, look, onlyChannels) {
  const include = element.filter?.include;
  const kind = { channel: "public", private: "private", im: "im", mpim: "mpim" };
  const fits = (c) =>
    !c.is_archived && (onlyChannels ? c.type === "channel" : !include || include.includes(kind[c.type]));
  return look.conversations().filter(fits).map(channelOption);
}

function externalLoader(element, place) {
  const least = element.min_query_length ?? 3;
  return async (query) => {
    if (query.trim().length < least) return [{ label: `Type at least ${least} characters`, options: [] }];
    return groupsOf(await place.options(element, query));
  };
}

/** A select of any kind, for one choice or several. */
export function select(element, place) {
  const multiple = element.type.startsWith("multi_");
  const kind = selectKind(element, place);
  const value = place.read(element);
  const chosen = (multiple ? (value ?? []) : value ? [value] : []).map(kind.show);
  const onChange = async (picked) => {
    const next = multiple ? picked.map(kind.keep) : picked && kind.keep(picked);
    if (await agreed(element.confirm, place.look)) place.change(element, next);
  };
  return createCombobox({
    id: place.fieldId,
    label: place.fieldId ? null : (element.placeholder?.text ?? "Choose"),
    focusKey: place.focusKey(element),
    placeholder: element.placeholder?.text,
    multiple,
    max: element.max_selected_items,
    chosen,
    onChange,
    load: kind.load,
  }).node;
}
