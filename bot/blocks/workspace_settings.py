"""The workspace's settings: a page for each subject, every number with its default, and what is said to mistakes."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.blocks import kit
from bot.blocks.links import DAYS
from bot.blocks.my_settings import days_words
from bot.ids import ActionId, ModalId

# Each page's title, and its line on the page of settings.
TITLES = {
    "words": ("Words and emoji", "Words, emoji and times of what people share."),
    "attention": ("How much I write", "How much I write first, and when the morning note comes."),
    "programmes": ("After a programme", "Check-ins, plans, talks and circles after a programme."),
    "time": ("Who works when", "The working week, holidays, and how I notice that somebody is away."),
}
LABELS = {
    "tags": "Tags",
    "tags_solution": "Tags for a solution",
    "tags_insight": "Tags for an insight",
    "tags_demo": "Tags for a demo",
    "ask_tag": "Tag for a question",
    "nominate_emoji": "Emoji that nominates a message",
    "yes_emoji": "Emoji for yes",
    "kept_emoji": "My reaction: this is kept",
    "answer_emoji": "My reaction: this is the answer",
    "nomination_days": "Days until a nomination lapses",
    "clip_minutes_to_post": "Minutes to post a clip oneself",
    "long_clip_minutes": "Minutes above which a clip is long",
    "free_plan": "Slack plan",
    "learner_day": "Messages I start, at most a day",
    "learner_week": "Messages I start, at most a week",
    "duty_day": "The same to anyone with a role, a day",
    "duty_week": "The same to anyone with a role, a week",
    "noted_request": "Of several requests in a day, this one and later ones wait for the morning note",
    "learner_note": "Morning note",
    "duty_note": "Morning note of anyone with a role",
    "note_weekday": "Day of weekly notes",
    "goal_days": "Days before the start when the goal is asked for",
    "check_in_days": "Check-ins: days after the end",
    "check_in_gap": "Working days between two check-ins, at least",
    "same_day_reminder": "Hours until the same-day reminder",
    "later_reminder": "Working days until the later reminder",
    "plan_weeks": "Weeks that a plan is active, at most",
    "item_days": "Days after its due date until an item closes",
    "talk_asked_day": "The talk is arranged: days after the end",
    "talk_day": "The talk itself: days after the end",
    "circle_size": "People in a circle",
    "circle_most": "People in a circle, at most",
    "circle_weeks": "Weeks that a circle meets",
    "working_days": "Working week",
    "country": "Public holidays of",
    "leave_emoji": "Emoji in a status that mean: away",
    "leave_words": "Words in a status that mean: away",
}
RHYTHMS = {"daily": "Each working day with something in it", "weekly": "Once a week", "never": "Never"}
FREE = "We use Slack's free plan: show nothing older than 90 days"
COUNTRY_HINT = (
    "Empty: by each person's time zone. Else a country, such as Portugal or PT, or a part, such as DE-BY."
)
SEVERAL = "Several words with commas between. Default: {default}"
RISING = "Whole numbers that rise, with commas between. Default: {default}"
DEFAULT = "Default: {default}"
BETWEEN = "From {least} to {most}. Default: {default}"
RESET = "Back to default"
CHANGED = "{label}: changed from the default ({default})."
SAVE, BACK = "Save", "Back"
NOBODYS, PAID = "each person's time zone", "a paid plan"

NO_TAG = "“{word}” cannot be a tag. Use one word of letters, digits and hyphens, such as: til"
TAG_TWICE = "“{word}” is here twice. Each tag can mean one thing only."
NO_TAGS = "Give at least one word, or nothing could be shared by a tag. For example: solution"
ONE_TAG = "Give exactly one word, of letters, digits and hyphens. For example: ask"
NO_EMOJI = "Give the name of one emoji, with or without colons. For example: bulb or :bulb:"
NO_EMOJI_LIST = (
    "“{word}” is no name of an emoji. Give names with commas between, such as: palm_tree, baby_bottle"
)
EMOJI_TWICE = ":{emoji}: already means something else here. Choose another one."
NO_NUMBER = "Give a whole number from {least} to {most}."
NO_DAYS = "Give up to {most} whole numbers that rise, from 1 to {last}. For example: 2, 7, 16, 35"
NO_WEEK = "Choose at least one working day."
NO_CHOICE = "Choose one."
NO_COUNTRY = "I do not know the holidays of “{typed}”. Write a country, such as Portugal or PT, or a part of it: DE-BY."
TOO_MANY_WORDS = "Give at most {most} words, each of at most {longest} letters."
WEEK_TOO_SMALL = "A week cannot hold less than a day: give at least {least}."
MOST_TOO_SMALL = "This cannot be less than the usual size: give at least {least}."
TALK_TOO_EARLY = "The talk comes after it is arranged: give more than {least}."


def form(
    subject: str,
    values: Mapping[str, Any],
    defaults: Mapping[str, Any],
    ranges: Mapping[str, tuple[int, int]],
    drawn: Mapping[str, int],
) -> kit.Modal:
    """The settings of one subject, each with its default, and a reset beside those that differ.

    A block keeps its id while its field may be typed in, so that redrawing loses nothing; `drawn` counts the resets
    of each setting, whose fields get a new id each time.
    """
    blocks: list[kit.Block] = []
    for name in values:
        nth, value, default = drawn.get(name, 0), values[name], defaults[name]
        blocks += [*_fields(name, value, default, ranges, nth), *_reset(name, value, default)]
    return kit.Modal(
        ModalId.WORKSPACE_SETTINGS,
        TITLES[subject][0],
        blocks,
        submit=SAVE,
        close=BACK,
        private_metadata={"drawn": dict(drawn), "subject": subject},
    )


def _fields(
    name: str, value: Any, default: Any, ranges: Mapping[str, tuple[int, int]], nth: int
) -> list[kit.Block]:
    if name == "tags":
        return [_tag_field(kind, value, default, nth) for kind in ("solution", "insight", "demo")]
    block = f"{name}.{nth}"
    label, hint = LABELS[name], DEFAULT.format(default=_shown(name, default))
    if name in ranges:
        least, most = ranges[name]
        hint = BETWEEN.format(least=least, most=most, default=default)
        return [kit.number(label, block, name, value, hint=hint)]
    if name in _MENUS:
        options, shown = _MENUS[name]
        return [kit.select(label, block, name, options, initial=shown(value), hint=hint)]
    if name in _BOXES:
        options, boxes = _BOXES[name]
        return [kit.checkboxes(label, block, name, options, initial=boxes(value), hint=hint)]
    return [_text_field(name, value, default, block)]


def _text_field(name: str, value: Any, default: Any, block: str) -> kit.Block:
    label, shown = LABELS[name], _shown(name, default)
    if name == "country":
        return kit.text_input(label, block, name, value, optional=True, hint=COUNTRY_HINT, max_length=100)
    if isinstance(value, list):
        hint = (RISING if name == "check_in_days" else SEVERAL).format(default=kit.shorten(shown, 90))
        optional = name != "check_in_days"
        return kit.text_input(
            label, block, name, _joined(value), optional=optional, hint=hint, max_length=3000
        )
    return kit.text_input(label, block, name, value, hint=DEFAULT.format(default=shown))


def _tag_field(kind: str, tags: Mapping[str, str], defaults: Mapping[str, str], nth: int) -> kit.Block:
    name = f"tags_{kind}"
    hint = SEVERAL.format(default=_of_kind(defaults, kind))
    return kit.text_input(
        LABELS[name], f"{name}.{nth}", name, _of_kind(tags, kind), optional=True, hint=hint, max_length=300
    )


def _of_kind(tags: Mapping[str, str], kind: str) -> str:
    return ", ".join(tag for tag, meaning in tags.items() if meaning == kind)


def _joined(values: Sequence[object]) -> str:
    return ", ".join(map(str, values))


def _reset(name: str, value: object, default: object) -> list[kit.Block]:
    if value == default:
        return []
    text = CHANGED.format(label=LABELS[name], default=kit.shorten(_shown(name, default), 200))
    button = kit.button(RESET, ActionId.RESET_SETTING, value=name, label=f"{RESET}: {LABELS[name]}")
    return [kit.section(kit.escape(text), button, block_id=f"reset:{name}")]


def _shown(name: str, default: Any) -> str:
    """A default in words."""
    if name in _WORDS:
        return str(_WORDS[name](default))
    return _joined(default) if isinstance(default, list) else str(default)


_WORDS: dict[str, Callable[[Any], str]] = {
    "tags": ", ".join,
    "free_plan": lambda _: PAID,
    "country": lambda default: default or NOBODYS,
    "working_days": days_words,
    "note_weekday": lambda default: DAYS[default],
    "learner_note": lambda default: RHYTHMS[default].lower(),
    "duty_note": lambda default: RHYTHMS[default].lower(),
}
_WEEKDAYS = [kit.option(day, str(number)) for number, day in enumerate(DAYS)]
_RHYTHMS = [kit.option(words, rhythm) for rhythm, words in RHYTHMS.items()]
_MENUS: dict[str, tuple[list[kit.Block], Any]] = {
    "learner_note": (_RHYTHMS, str),
    "duty_note": (_RHYTHMS, str),
    "note_weekday": (_WEEKDAYS, str),
}
_BOXES: dict[str, tuple[list[kit.Block], Any]] = {
    "free_plan": ([kit.option(FREE, "yes")], lambda value: ["yes"] if value else []),
    "working_days": (_WEEKDAYS, lambda value: [str(day) for day in value]),
}
