"""Talks: the cards in both people's messages, their lines elsewhere, and what comes with the calendar's file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import kit
from bot.ids import ActionId

ASK = (
    "*Time for a talk with {other}.* A few weeks after {programme} is a good moment to look together at what you"
    " tried. Offer up to three times and {other} taps one."
)
ASK_ANYBODY = (
    "*Time for a talk about what you tried.* A few weeks after {programme} is a good moment for it. I don't know who"
    " manages you: offer up to three times and say with whom you would like to talk."
)
WISHES = "*{other} would like to talk with you* about what came of {programme}. Which time suits you?"
WISHES_AGAIN = (
    "*{other} offers other times* for the talk about what came of {programme}. Which one suits you?"
)
ANSWER_BY = "{other} hopes for your answer by {day}."
YOU_WILL_READ = "Of {learner}'s journal you will read what {learner} chooses to bring, nothing else."
INSTEAD_OF = "It would take the place of {time}, which is in your calendars."
KEEPS = "As it is: {time}"
YOU_OFFERED = "*You offered {other} these times* for the talk about {programme}:"
THEY_ANSWER_BY = "{other} is asked to answer by {day}."
UNTIL_THEN = "Until then {time} stays in your calendars."
AGREED = "*Your talk with {other}: {time}*, {minutes} minutes."
BRING = (
    "Choose what to bring: {other} can read it on the page for the talk, and nothing else of your journal."
)
READ_IT = "The page for the talk has {learner}'s plan, what {learner} chose to bring and three questions."
ASK_HOW = "*How was your talk with {other}?* It was for {time}."
HELD = "*You talked with {other}.*"
THEY_SAY_HELD = "*{other} noted that you talked.* Was it so?"
YOUR_FEEDBACK = (
    "A few words for {learner} help more than you would think: what you noticed, what to keep on with."
)
FEEDBACK_GIVEN = "Your words are with {learner}. Thank you!"
FEEDBACK_HERE = "{other} wrote to you about it. Only the two of you can read it."
NOT_NEEDED_YOU = "*No talk about {programme} for now*, as you said. It can still be planned."
NOT_NEEDED_THEM = (
    "*No talk about {programme} for now*: {other} thinks it is not needed. It can still be planned."
)
LAPSED = "*The talk with {other} about {programme} rests*: nobody came back to it. It can still be planned."
LAPSED_ALONE = "*The talk about {programme} rests*: it was never dated. It can still be planned."
WITH_SOMEBODY_ELSE = (
    "*{learner} has the talk about {programme} with somebody else.* Nothing is left for you to do."
)
CALLED_OFF = "*The talk about {programme} is off*: {learner} is no longer in the programme."
MOVED_ON = "This talk went on below."
NO_ANSWER = (
    "*{other} has not chosen a time yet.* They may be busy; a word in person often helps. You can offer other times, or"
    " let it be."
)
WHY_ASKED = "you finished {programme}"
WHY_WISHED = "{other} asks you for a talk"
WHY_AGREED = "you agreed on a talk with {other}"
WHY_ANSWERED = "you have a talk with {other} to plan"
WHY_WROTE = "you talked with {other}"
LINE_ASK = "Plan your talk about {programme}"
LINE_WISHES = "{other} asks which time suits you for a talk"
LINE_HOW = "Say how your talk with {other} went"
LINE_NO_ANSWER = "{other} has not chosen a time for your talk yet"
LINE_KEPT = "Your talk with {other} stays as it was"
LINE_OFF = "{other} thinks that no talk is needed for now"
LINE_DATE = "When you talk with {other}"
LINE_FEEDBACK = "{other} wrote to you about your talk"
HOME = "Talks"
ON_PLAN = {
    "asked": "*Talk with {other}:* not planned yet.",
    "offered": "*Talk with {other}:* times are offered.",
    "agreed": "*Talk with {other}:* {time}.",
    "held": "*Talk with {other}:* you talked.",
}
WHERE_IT_IS = "Its card is among your messages with me."
NOTIFY_FEEDBACK = "*{other} wrote to you about your talk.* Only the two of you can read it."

OFFER, OFFER_OTHERS, THIS_ONE, NO_TALK = "Offer times", "Offer other times", "This one", "Not needed"
MOVE, CHOOSE, BRIEF = "Move it", "Choose what to bring", "Read the page for the talk"
HAPPENED, MOVED = "It happened", "We moved it"
CHANGE_CHOICE = "Change what you brought"
GIVE, CHANGE, READ = "Write a few words", "Change your words", "Read"

OFF_TITLE, OFF_YES, OFF_NO = "No talk?", "No talk for now", "Keep it"
OFF_WORDS = "It leaves both calendars, and {other} hears that it is off. You can plan it again at any time."

EVENT_TITLE = "Talk: {learner} and {partner}"
EVENT = (
    "About what came of {programme}. The page for the talk is in Slack, in your messages with Commonplace."
)
FOR_CALENDAR = ":calendar: {other} and you talk on {time}. For your calendar:"
FOR_CALENDAR_MOVED = ":calendar: Your talk with {other} is on {time} now. This moves it in your calendar:"
FOR_CALENDAR_OFF = ":calendar: Your talk with {other} on {time} is off. This takes it out of your calendar:"


@dataclass(frozen=True, slots=True)
class Time:
    """An offered or agreed time, and how the reader's own clock shows it."""

    instant: datetime
    shown: str


@dataclass(frozen=True, slots=True)
class Card:
    """A talk as one of the two sees it; names are plain words, `other` is empty while nobody is chosen."""

    talk: int
    state: str  # a TalkState
    is_learner: bool
    learner: str
    other: str
    programme: str
    offers: Sequence[Time] = ()
    offered_by_me: bool = False
    again: bool = False
    answer_by: str = ""
    starts: Time | None = None
    minutes: int = 30
    is_over: bool = False
    has_feedback: bool = False
    said_by_me: bool = False  # the reader's own word on how it went
    no_answer: bool = False


def card(shown: Card, *, started: bool = False) -> kit.Message:
    """The talk's card; `started` adds why the person gets it."""
    text, blocks = _BODIES[shown.state](shown)
    footer = _footer(shown) if started else []
    return kit.Message(text, [kit.section(text), *blocks, *footer])


def moved_on() -> kit.Message:
    """What an older card shows when a newer one took its place."""
    return kit.Message(MOVED_ON, [kit.context(MOVED_ON)])


def feedback_card(shown: Card) -> kit.Message:
    """Tells the learner that there are words for them, without one of the words."""
    text = NOTIFY_FEEDBACK.format(**_names(shown))
    read = kit.button(READ, ActionId.READ_TALK_FEEDBACK, value=str(shown.talk), style="primary")
    footer = kit.started_footer(WHY_WROTE.format(**_names(shown)), "talk", ActionId.STOP_KIND)
    return kit.Message(text, [kit.section(text, read), *footer])


def with_somebody_else(shown: Card) -> kit.Message:
    """What the card of somebody shows with whom the learner does not talk any more."""
    return sentence(WITH_SOMEBODY_ELSE.format(**_names(shown)))


def on_home(talks: Sequence[Card]) -> list[kit.Block]:
    """Home's part about talks; nothing while there is none."""
    blocks: list[kit.Block] = [kit.header(HOME)] if talks else []
    for shown in talks:
        text, parts = _BODIES[shown.state](shown)
        own = [{**part, "block_id": f"talk:{shown.talk}"} if "block_id" in part else part for part in parts]
        blocks += [kit.section(text), *own]
    return blocks


def on_plan(shown: Card) -> str:
    """The talk on the page of a plan, one line of mrkdwn; empty when there is nothing to say."""
    template = ON_PLAN.get(shown.state) if shown.other else None
    if template is None:
        return ""
    time = shown.starts.shown if shown.starts else ""
    return f"{template.format(time=time, **_names(shown))} {WHERE_IT_IS}"


def line(template: str, shown: Card) -> str:
    """One line about the talk, for the morning note."""
    return template.format(**_names(shown))


def sentence(text: str) -> kit.Message:
    """Something to say in one sentence."""
    return kit.Message(text, [kit.section(text)])


def _names(shown: Card) -> dict[str, str]:
    names = {"other": shown.other, "learner": shown.learner, "programme": shown.programme}
    return {key: kit.escape(name) for key, name in names.items()}


def _button(text: str, action: ActionId, shown: Card, style: str | None = None) -> kit.Block:
    return kit.button(text, action, value=str(shown.talk), style=style)


def _asked(shown: Card) -> tuple[str, list[kit.Block]]:
    template = ASK if shown.other else ASK_ANYBODY
    buttons = [_button(OFFER, ActionId.OFFER_TALK_TIMES, shown, "primary"), _no_talk(shown)]
    return template.format(**_names(shown)), [kit.actions("talk", *buttons)]


def _offered(shown: Card) -> tuple[str, list[kit.Block]]:
    buttons = [_button(OFFER_OTHERS, ActionId.OFFER_TALK_TIMES, shown), _no_talk(shown)]
    if shown.offered_by_me:
        times = "\n".join(f"• {time.shown}" for time in shown.offers)
        head = NO_ANSWER if shown.no_answer else YOU_OFFERED
        by = [THEY_ANSWER_BY.format(day=shown.answer_by, **_names(shown))]
        if shown.starts and not shown.is_over:
            by.append(UNTIL_THEN.format(time=shown.starts.shown))
        text = head.format(**_names(shown))
        return text, [kit.section(times), kit.context(" ".join(by)), kit.actions("talk", *buttons)]
    text = (WISHES_AGAIN if shown.again else WISHES).format(**_names(shown))
    return text, [
        *(_choice(shown, time, time.shown, "primary") for time in shown.offers),
        *_as_it_is(shown),
        kit.context(_answer_by(shown)),
        kit.actions("talk", *buttons),
    ]


def _answer_by(shown: Card) -> str:
    by = [ANSWER_BY.format(day=shown.answer_by, **_names(shown))]
    if shown.starts and not shown.is_over:
        by.append(INSTEAD_OF.format(time=shown.starts.shown))
    if not shown.is_learner:
        by.append(YOU_WILL_READ.format(**_names(shown)))
    return " ".join(by)


def _as_it_is(shown: Card) -> list[kit.Block]:
    """The time that is in the calendars already can be kept."""
    if shown.starts is None or shown.is_over:
        return []
    return [_choice(shown, shown.starts, KEEPS.format(time=shown.starts.shown))]


def _choice(shown: Card, time: Time, words: str, style: str | None = None) -> kit.Block:
    value = f"{shown.talk}:{int(time.instant.timestamp())}"
    label = f"{THIS_ONE}: {time.shown}"[:75]
    return kit.section(
        words, kit.button(THIS_ONE, ActionId.TAKE_TALK_TIME, value=value, style=style, label=label)
    )


def _agreed(shown: Card) -> tuple[str, list[kit.Block]]:
    when = shown.starts.shown if shown.starts else ""
    if shown.is_over:
        text = ASK_HOW.format(time=when, **_names(shown))
        return text, [kit.actions("talk", *_how_it_went(shown), _no_talk(shown))]
    text = AGREED.format(time=when, minutes=shown.minutes, **_names(shown))
    hint = (BRING if shown.is_learner else READ_IT).format(**_names(shown))
    bring = [_button(CHOOSE, ActionId.CHOOSE_TALK_ENTRIES, shown, "primary")] if shown.is_learner else []
    read = [
        _button(BRIEF, ActionId.READ_TALK_BRIEF, shown),
        _button(MOVE, ActionId.OFFER_TALK_TIMES, shown),
    ]
    question = kit.confirm(
        OFF_TITLE, OFF_WORDS.format(other=kit.plain(shown.other)), OFF_YES, OFF_NO, style="danger"
    )
    off = kit.button(NO_TALK, ActionId.TALK_NOT_NEEDED, value=str(shown.talk), confirm=question)
    return text, [kit.context(hint), kit.actions("talk", *bring, *read, off)]


def _held(shown: Card) -> tuple[str, list[kit.Block]]:
    text = (HELD if shown.said_by_me else THEY_SAY_HELD).format(**_names(shown))
    brief, said = _button(BRIEF, ActionId.READ_TALK_BRIEF, shown), _how_it_went(shown)
    if shown.is_learner:
        words = [kit.context(FEEDBACK_HERE.format(**_names(shown)))] if shown.has_feedback else []
        read = [_button(READ, ActionId.READ_TALK_FEEDBACK, shown, "primary")] if shown.has_feedback else []
        brought = _button(CHANGE_CHOICE, ActionId.CHOOSE_TALK_ENTRIES, shown)
        return text, [*words, kit.actions("talk", *said, *read, brief, brought)]
    hint = (FEEDBACK_GIVEN if shown.has_feedback else YOUR_FEEDBACK).format(**_names(shown))
    give = CHANGE if shown.has_feedback else GIVE
    style = "primary" if shown.said_by_me and not shown.has_feedback else None
    write = _button(give, ActionId.GIVE_TALK_FEEDBACK, shown, style)
    return text, [kit.context(hint), kit.actions("talk", *said, write, brief)]


def _how_it_went(shown: Card) -> list[kit.Block]:
    """Each of the two has a word on it."""
    if shown.said_by_me:
        return []
    style = None if shown.has_feedback else "primary"
    happened = _button(HAPPENED, ActionId.TALK_HAPPENED, shown, style)
    moved = [] if shown.has_feedback else [_button(MOVED, ActionId.OFFER_TALK_TIMES, shown)]
    return [happened, *moved]


def _resting(template: str, shown: Card) -> tuple[str, list[kit.Block]]:
    plan = kit.actions("talk", _button(OFFER, ActionId.OFFER_TALK_TIMES, shown))
    return template.format(**_names(shown)), [plan]


def _not_needed(shown: Card) -> tuple[str, list[kit.Block]]:
    return _resting(NOT_NEEDED_YOU if shown.said_by_me or not shown.other else NOT_NEEDED_THEM, shown)


def _lapsed(shown: Card) -> tuple[str, list[kit.Block]]:
    return _resting(LAPSED if shown.other else LAPSED_ALONE, shown)


def _called_off(shown: Card) -> tuple[str, list[kit.Block]]:
    return CALLED_OFF.format(**_names(shown)), []


def _no_talk(shown: Card) -> kit.Block:
    return _button(NO_TALK, ActionId.TALK_NOT_NEEDED, shown)


def _footer(shown: Card) -> list[kit.Block]:
    moves = shown.state == "offered" and shown.starts is not None
    why = (WHY_AGREED if moves else _WHY.get(shown.state, WHY_ANSWERED)).format(**_names(shown))
    return kit.started_footer(why, "talk", ActionId.STOP_KIND)


_WHY = {"asked": WHY_ASKED, "offered": WHY_WISHED, "agreed": WHY_AGREED, "held": WHY_AGREED}
_BODIES = {
    "planned": _asked,
    "asked": _asked,
    "offered": _offered,
    "agreed": _agreed,
    "held": _held,
    "not_needed": _not_needed,
    "lapsed": _lapsed,
    "called_off": _called_off,
}
