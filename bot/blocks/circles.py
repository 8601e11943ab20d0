"""Circles: the invitation, what is said in a circle, and its weekly question."""

from collections.abc import Sequence

from bot.blocks import kit
from bot.ids import ActionId

INVITE = (
    "*Would you like a circle?* Three or so colleagues from {programme} who meet for half an hour a week, for {weeks}"
    " weeks, each week with one question. You choose when and where; I never read what you write there."
)
JOIN, NO_THANKS = "Count me in", "No, thanks"
JOINED = "You are counted in. I bring you together with {size} or so colleagues soon."
PLACED = "Your circle: {names}. Your conversation is here in Slack, among your direct messages."
NOT_AFTER_ALL = "Not after all"
ON_PLAN = "*Your circle:* {names}."
ON_PLAN_PLACE = "Your conversation is here in Slack, among your direct messages."
DECLINED = "No circle, then. If you change your mind, this button stays:"
LINE = "Join a circle of colleagues from {programme}"
LINE_WEEK = "This week's question for your circle from {programme}"
LINE_LEFT = "{names} left your circle from {programme}"
WHY = "you finished {programme}"
WHY_MEMBER = "you are in a circle from {programme}"

HELLO = (
    "*Hello, you are a circle!* {names}: you finished *{programme}* and wished to go on together. Find half an hour a"
    " week that suits you all. For {weeks} weeks I bring one question a week. I only write here and cannot read what"
    " you write."
)
INTRODUCTION = (
    "*Your circle from {programme}:* {names}. Find half an hour a week that suits you all; one of you begins by opening"
    " a conversation with the others. For {weeks} weeks I send each of you one question a week."
)
LINE_INTRODUCTION = "Your circle from {programme}: {names}"
NEW_PLACE = (
    "*{names}:* from now on this is your circle's conversation, with everybody who is in it. I only write here and"
    " cannot read what you write."
)
QUESTION = "*Question {number} of {all}:* {question}"
DID_YOU_MEET = "Did you meet this week? Each of you can say so; only I count it, nobody is named."
MET, NOT_MET, LEAVE = "We met", "Not this week", "Leave the circle"
LEAVE_TITLE = "Leave the circle?"
LEAVE_WORDS = "I tell the others that you left, nothing more."
SAID_MET = "Lovely, I noted that you met."
SAID_NOT_MET = "That happens. Maybe a fixed time in your calendars helps."
LEFT_YOU = "You left the circle. Thank you for telling me."
LEFT = "{name} is no longer in this circle. The others go on in a new conversation, with what is left of your weeks."
LEFT_ALONE = "{name} is no longer in this circle, and so it ends here. Thank you for being in it!"
LEFT_TOLD = (
    "*{name} is no longer in your circle from {programme}.* You go on with {others}, with what is left of your"
    " weeks."
)
LAST = (
    "*These were your {weeks} weeks.* Thank you for meeting! I am quiet here from now on; the conversation is yours to"
    " keep."
)
TOO_FEW = (
    "You wished for a circle from {programme}. There are not enough people for one yet; I bring you together as soon as"
    " there are."
)
ALONE = (
    "The others have left your circle from {programme}, and no other has a place now. I am sorry; thank you for being"
    " in it."
)
FALLBACK = (
    "What did you try since you last met, and what came of it?",
    "What is hard at the moment, and who here has been through it?",
    "Which habit from the programme has held, and what holds it?",
    "When did it go wrong, and what would you do differently?",
    "Whom did you help with it, and how did they take it?",
    "What have you stopped doing, and what took its place?",
    "What would you show a colleague in two minutes?",
    "What do you want to keep doing a year from now?",
    "Which advice would you give to whoever begins the programme now?",
    "What surprised you, and what did you learn from it?",
    "Who noticed a difference, and what did they say?",
    "What was the smallest step that helped the most?",
)


def invitation(enrolment: int, programme: str, weeks: int) -> kit.Message:
    """Asks whether somebody wishes for a circle."""
    text = INVITE.format(programme=kit.escape(programme), weeks=weeks)
    buttons = [
        kit.button(JOIN, ActionId.JOIN_CIRCLE, value=str(enrolment), style="primary"),
        kit.button(NO_THANKS, ActionId.NO_CIRCLE, value=str(enrolment)),
    ]
    footer = kit.started_footer(WHY.format(programme=kit.escape(programme)), "circle", ActionId.STOP_KIND)
    return kit.Message(text, [kit.section(text), kit.actions("circle", *buttons), *footer])


def joined(enrolment: int, size: int) -> kit.Message:
    """The invitation, accepted; until the circle begins it can be taken back."""
    text = JOINED.format(size=size - 1)
    back = kit.button(NOT_AFTER_ALL, ActionId.NO_CIRCLE, value=str(enrolment))
    return kit.Message(text, [kit.section(text, back)])


def placed(names: Sequence[str]) -> kit.Message:
    """The invitation, when the circle is there."""
    return sentence(PLACED.format(names=_listed(names)))


def on_plan(names: Sequence[str], *, has_place: bool) -> str:
    """A circle on the page of a plan."""
    line = ON_PLAN.format(names=_listed(names))
    return f"{line} {ON_PLAN_PLACE}" if has_place else line


def declined(enrolment: int) -> kit.Message:
    """The invitation, declined; it can still be accepted."""
    return kit.Message(
        DECLINED, [kit.section(DECLINED, kit.button(JOIN, ActionId.JOIN_CIRCLE, value=str(enrolment)))]
    )


def hello(names: Sequence[str], programme: str, weeks: int) -> kit.Message:
    """The first words in a circle's own conversation."""
    return sentence(HELLO.format(names=_listed(names), programme=kit.escape(programme), weeks=weeks))


def new_place(names: Sequence[str]) -> kit.Message:
    """The first words in its next conversation, after somebody came or left."""
    return sentence(NEW_PLACE.format(names=_listed(names)))


def introduction(names: Sequence[str], programme: str, weeks: int) -> kit.Message:
    """Where no group conversation can be opened: who the others are."""
    text = INTRODUCTION.format(programme=kit.escape(programme), names=_listed(names), weeks=weeks)
    return _started(text, [kit.section(text)], programme, WHY_MEMBER)


def question(circle: int, number: int, words: str, of: int) -> list[kit.Block]:
    """The week's question, with the buttons to say whether they met."""
    text = QUESTION.format(number=number, all=of, question=kit.said(words))
    value = f"{circle}:{number}"
    leave = kit.confirm(LEAVE_TITLE, LEAVE_WORDS, LEAVE)
    return [
        kit.section(text),
        kit.context(DID_YOU_MEET),
        kit.actions(
            "circle_week",
            kit.button(MET, ActionId.CIRCLE_MET, value=value),
            kit.button(NOT_MET, ActionId.CIRCLE_NOT_MET, value=value),
            kit.button(LEAVE, ActionId.LEAVE_CIRCLE, value=value, confirm=leave),
        ),
    ]


def in_circle(blocks: list[kit.Block]) -> kit.Message:
    """A question in the circle's own conversation."""
    return kit.Message(str(blocks[0]["text"]["text"]), blocks)


def to_member(blocks: list[kit.Block], programme: str) -> kit.Message:
    """A question to one member, where there is no conversation of their own."""
    return _started(str(blocks[0]["text"]["text"]), blocks, programme, WHY_MEMBER)


def about_programme(template: str, programme: str, names: Sequence[str] = ()) -> str:
    """A line with the programme's name, and perhaps with people's."""
    return template.format(programme=kit.escape(programme), names=_listed(names))


def left_told(name: str, others: Sequence[str], programme: str) -> kit.Message:
    """Somebody left a circle that has no conversation of its own."""
    names = {"name": kit.escape(name), "others": _listed(others), "programme": kit.escape(programme)}
    text = LEFT_TOLD.format(**names)
    return _started(text, [kit.section(text)], programme, WHY_MEMBER)


def told(text: str, programme: str) -> kit.Message:
    """Something that a member should know, in their own messages."""
    return _started(text, [kit.section(text)], programme)


def left(name: str, *, goes_on: bool) -> kit.Message:
    """Somebody left, said in the conversation that the others leave too."""
    return sentence((LEFT if goes_on else LEFT_ALONE).format(name=kit.escape(name)))


def last(weeks: int) -> kit.Message:
    """The end."""
    return sentence(LAST.format(weeks=weeks))


def sentence(text: str) -> kit.Message:
    """Something to say in one sentence."""
    return kit.Message(text, [kit.section(text)])


def _started(text: str, blocks: list[kit.Block], programme: str, why: str = WHY) -> kit.Message:
    footer = kit.started_footer(why.format(programme=kit.escape(programme)), "circle", ActionId.STOP_KIND)
    return kit.Message(text, [*blocks, *footer])


def _listed(names: Sequence[str]) -> str:
    known = [kit.escape(name) for name in names]
    return " and ".join([", ".join(known[:-1]), known[-1]]) if len(known) > 1 else "".join(known)
