"""What is said about plans in direct messages: the invitation, asking helpers and buddies, weekly taps, the end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.blocks import kit
from bot.blocks.plans_words import day_words, shown_item
from bot.ids import ActionId

INVITATION = "*{title}* is over. What will you do with it in the next weeks?"
# If-then plans: Gollwitzer & Sheeran 2006 (94 studies, d = 0.65). Colleagues' support is the strongest of what keeps
# a training alive: Hughes et al. 2020.
INVITATION_MORE = (
    "Write down one to five small things as “when this happens, I will do that”. It takes five minutes. People who"
    " plan this way do more of what they meant to do, and a colleague who asks how it goes helps most of all."
)
REMINDER = "Your plan after *{title}* is still unwritten. One line is enough to begin."
REMINDER_MORE = "This is my only reminder. `/learn plan` opens it whenever it suits you."
MAKE = "Make my plan"
WHY_PLAN = "you took part in {title}"
INVITE_LINE = "Make your plan after {title}"
MADE_ALREADY = "Your plan after *{title}* is made. `/learn plan` shows it."

HELP_ASKED = "{name} asks for your help with {what} of their plan after *{title}*:"
ONE, SEVERAL = "one thing", "{number} things"
HELP_MORE = (
    "Saying yes means a word, a tip or your company when they try it. I remind you once, the working day before. You"
    " see this only, not the rest of the plan. No is a fine answer."
)
SILENT_LINE = (
    "{name} has not answered yet whether to help with {item}: `/learn plan` lets you ask somebody else"
)
HELP_LINE = "{name} asks for your help: {item}"
WHY_NAMED = "{name} asked you by name"
NOT_AFTER_ALL = "I can't help after all"
YES_HELP, NO_HELP = "Yes, gladly", "Not this time"
YOU_HELP, YOU_DECLINED = "You said yes. Thank you!", "You said no, and that is fine."
NOTHING_TO_DECIDE = "This is settled meanwhile, so there is nothing left to decide."
DUE = "by {day}"

BUDDY_ASKED = "{name} asks you to be their buddy after *{title}*."
BUDDY_MORE = (
    "A buddy asks now and then how it goes. You would see what {name} plans and whether it is done, for {weeks} weeks"
    " at most, and nothing else. No is a fine answer."
)
BUDDY_LINE = "{name} asks you to be their buddy after {title}"
YES_BUDDY, NO_BUDDY = "Yes, I'll be your buddy", "Not this time"
YOU_ARE_BUDDY = "You are {name}'s buddy. `/learn plan` shows you their plan."

ACCEPTED_LINE = "{name} says yes and helps you: {item}"
BUDDY_ACCEPTED_LINE = "{name} says yes and is your buddy"
HELP_DECLINED = "{name} cannot help this time with: {item}"
BUDDY_DECLINED = "{name} cannot be your buddy this time."
HELP_LEFT = "{name} is not here any more and cannot help with: {item}"
BUDDY_LEFT = "{name} is not here any more and cannot be your buddy."
ASK_ELSE = "That happens, and says nothing about you or your plan. Would you like to ask somebody else?"
CHOOSE_ELSE = "Choose somebody else"
WHY_ASKED_ELSE = "you asked {name}"

NUDGE = "On {day} {name} wants to have done this:"
NUDGE_MORE = "You said that you would help. A short message from you today is enough: “How is it going?”"
WHY_HELP = "you said you would help {name}"
NUDGE_LINE = "{name} could use a word from you: {item}"

WEEK = "How did your plan go this week?"
WEEK_MORE = "One tap, only you see it."
WEEK_SAID = "*{answer}.* Only you see it, in `/learn plan`. Another tap changes it."
WEEK_LINE = "One tap: how did your plan go this week?"
TAPS = {"done": "Done", "some": "Some of it", "not_yet": "Not yet"}
ADD_LINE = "Add a line"
WHY_WEEK = "you have a plan after {title}"

WARN = "These are a while past their day. Each closes on the day beside it, and that is fine too."
WARN_ONE = "This one is a while past its day. It closes on {day}, and that is fine too."
CLOSES, WAS_DUE = "closes on {day}", "was due {day}"
WARN_LINE = "Still want it? {item}"
DONE, STILL, LET_GO = "It's done", "Still want it: give it another month", "Let it go"
ALL_SETTLED = "That is settled, thank you. `/learn plan` shows where everything is."
CLOSED_LINE = "Closed, a month past its day: {item}"

CLOSING = "Your plan after *{title}* has run its course: {done} of {number} done."
CLOSING_ALL = "Everything in your plan after *{title}* is done. Well done!"
CLOSING_MORE = (
    "Three minutes for a last look, only you see the answers. Without one I close the plan on {day}."
)
CLOSING_LINE = "Close your plan after {title}"
CLOSE_PLAN = "Close my plan"
CLOSED = "Your plan after *{title}* is closed. Thank you for going through with it!"
EXPIRED = "Your plan after *{title}* is closed. `/learn plan` still shows what came of it."

OVER = "This plan is over, so there is nothing left to do here."

Card = kit.Message


@dataclass(frozen=True, slots=True)
class Thing:
    """One item on a card, with the state of the help for it (asked, accepted, declined) or its own."""

    id: int
    cue: str
    action: str
    due_on: date
    state: str = ""

    @property
    def words(self) -> str:
        """As mrkdwn."""
        return shown_item(self.cue, self.action)

    @property
    def line(self) -> str:
        """With its day."""
        return f"*{self.words}*\n{DUE.format(day=day_words(self.due_on))}"


def invitation(title: str, plan: int) -> kit.Message:
    """After the programme: make a plan."""
    return _invitation(INVITATION, INVITATION_MORE, title, plan)


def reminder(title: str, plan: int) -> kit.Message:
    """The one reminder of it."""
    return _invitation(REMINDER, REMINDER_MORE, title, plan)


def _invitation(text: str, more: str, title: str, plan: int) -> kit.Message:
    shown = kit.escape(title)
    says = text.format(title=shown)
    press = kit.button(MAKE, ActionId.MAKE_PLAN, value=str(plan), style="primary")
    return kit.Message(
        says,
        [kit.section(says), kit.context(more), kit.actions("plan", press), *_footer(WHY_PLAN, title=shown)],
    )


def made(title: str) -> kit.Message:
    """The invitation, taken up."""
    return sentence(MADE_ALREADY.format(title=kit.escape(title)))


def ask_help(name: str, title: str, things: Sequence[Thing]) -> kit.Message:
    """A named person asks for help with items of their plan; each is answered by itself."""
    who = kit.escape(name)
    what = ONE if len(things) == 1 else SEVERAL.format(number=len(things))
    says = HELP_ASKED.format(name=who, what=what, title=kit.escape(title))
    lines = [block for thing in things for block in _help_line(thing)]
    waits = any(thing.state == "asked" for thing in things)
    more = [kit.context(HELP_MORE)] if waits else []
    return kit.Message(says, [kit.section(says), *lines, *more, *_footer(WHY_NAMED, "help", name=who)])


def _help_line(thing: Thing) -> list[kit.Block]:
    shown = kit.section(thing.line)
    if thing.state == "accepted":
        not_after_all = kit.button(NOT_AFTER_ALL, ActionId.DECLINE_TO_HELP, value=str(thing.id))
        return [shown, kit.context(YOU_HELP), kit.actions(f"help:{thing.id}", not_after_all)]
    if thing.state == "declined":
        return [shown, kit.context(YOU_DECLINED)]
    if thing.state != "asked":
        return [shown, kit.context(NOTHING_TO_DECIDE)]
    buttons = kit.actions(
        f"help:{thing.id}",
        kit.button(YES_HELP, ActionId.AGREE_TO_HELP, value=str(thing.id), style="primary"),
        kit.button(NO_HELP, ActionId.DECLINE_TO_HELP, value=str(thing.id)),
    )
    return [shown, buttons]


def ask_buddy(name: str, title: str, plan: int, weeks: int) -> kit.Message:
    """A named person asks somebody to be their buddy."""
    who = kit.escape(name)
    says = BUDDY_ASKED.format(name=who, title=kit.escape(title))
    buttons = kit.actions(
        "buddy",
        kit.button(YES_BUDDY, ActionId.AGREE_TO_BUDDY, value=str(plan), style="primary"),
        kit.button(NO_BUDDY, ActionId.DECLINE_TO_BUDDY, value=str(plan)),
    )
    more = kit.context(BUDDY_MORE.format(name=who, weeks=weeks))
    return kit.Message(says, [kit.section(says), more, buttons, *_footer(WHY_NAMED, "help", name=who)])


def buddy_decided(name: str, *, accepts: bool) -> kit.Message:
    """The question to a buddy, answered."""
    return sentence(YOU_ARE_BUDDY.format(name=kit.escape(name)) if accepts else YOU_DECLINED)


def no_help(says: str, name: str, things: Sequence[Thing], plan: int) -> kit.Message:
    """A helper said no or is gone (`says`): kindly, with a way on."""
    value = f"item:{things[0].id}" if len(things) == 1 else f"plan:{plan}"
    words = " · ".join(thing.words for thing in things)
    return _ask_else(says.format(name=kit.escape(name), item=words), name, value)


def no_buddy(says: str, name: str, plan: int) -> kit.Message:
    """A buddy said no or is gone (`says`)."""
    return _ask_else(says.format(name=kit.escape(name)), name, f"buddy:{plan}")


def _ask_else(says: str, name: str, value: str) -> kit.Message:
    press = kit.button(CHOOSE_ELSE, ActionId.CHOOSE_SOMEBODY, value=value)
    footer = _footer(WHY_ASKED_ELSE, name=kit.escape(name))
    return kit.Message(says, [kit.section(says), kit.section(ASK_ELSE), kit.actions("else", press), *footer])


def nudge(name: str, thing: Thing) -> kit.Message:
    """To a helper, the working day before."""
    who = kit.escape(name)
    says = NUDGE.format(day=day_words(thing.due_on), name=who)
    blocks = [kit.section(says), kit.section(kit.quote(thing.words)), kit.context(NUDGE_MORE)]
    return kit.Message(f"{says} {thing.words}", [*blocks, *_footer(WHY_HELP, "help", name=who)])


def week(title: str, plan: int, monday: date, answer: str | None = None) -> kit.Message:
    """The weekly tap; once tapped it says so, and can be tapped again."""
    says = WEEK_SAID.format(answer=TAPS[answer]) if answer else WEEK_MORE
    taps = [
        kit.button(TAPS[name], action, value=f"{plan}:{monday.isoformat()}", style=_style(name, answer))
        for name, action in _TAP_ACTIONS.items()
    ]
    if answer:
        taps.append(kit.button(ADD_LINE, ActionId.ADD_WEEK_LINE, value=f"{plan}:{monday.isoformat()}"))
    blocks = [kit.section(f"*{WEEK}*"), kit.context(says), kit.actions("week", *taps)]
    return kit.Message(WEEK, [*blocks, *_footer(WHY_WEEK, title=kit.escape(title))])


_TAP_ACTIONS = {
    "done": ActionId.WEEK_DONE,
    "some": ActionId.WEEK_SOME,
    "not_yet": ActionId.WEEK_NOT_YET,
}


def tap_buttons(plan: int, monday: date, answer: str | None) -> list[kit.Block]:
    """The three taps for a row of a form."""
    value = f"{plan}:{monday.isoformat()}"
    return [
        kit.button(TAPS[name], action, value=value, style=_style(name, answer))
        for name, action in _TAP_ACTIONS.items()
    ]


def _style(name: str, answer: str | None) -> str | None:
    return "primary" if name == answer else None


def warn(title: str, things: Sequence[tuple[Thing, date]]) -> kit.Message:
    """Items that close soon, each with the day on which it does."""
    if len(things) == 1:
        thing, closes = things[0]
        says = WARN_ONE.format(day=day_words(closes))
        lines = _warn_line(thing, WAS_DUE.format(day=day_words(thing.due_on)))
    else:
        says = WARN
        shown = [(thing, CLOSES.format(day=day_words(closes))) for thing, closes in things]
        lines = [block for thing, line in shown for block in _warn_line(thing, line)]
    return kit.Message(says, [kit.section(says), *lines, *_footer(WHY_WEEK, title=kit.escape(title))])


def _warn_line(thing: Thing, says: str) -> list[kit.Block]:
    buttons = kit.actions(
        f"item:{thing.id}",
        kit.button(DONE, ActionId.ITEM_DONE, value=str(thing.id), style="primary"),
        kit.button(STILL, ActionId.ITEM_ANOTHER_MONTH, value=str(thing.id)),
        kit.button(LET_GO, ActionId.ITEM_LET_GO, value=str(thing.id)),
    )
    return [kit.section(f"*{thing.words}*\n{says}"), buttons]


def closing(title: str, plan: int, done: int, number: int, closes: date) -> kit.Message:
    """The last look."""
    shown = kit.escape(title)
    text = CLOSING_ALL if done == number else CLOSING
    says = text.format(title=shown, done=done, number=number)
    press = kit.button(CLOSE_PLAN, ActionId.CLOSE_PLAN, value=str(plan), style="primary")
    more = kit.context(CLOSING_MORE.format(day=day_words(closes)))
    blocks = [kit.section(says), more, kit.actions("closing", press)]
    return kit.Message(says, [*blocks, *_footer(WHY_WEEK, title=shown)])


def closed(title: str, *, answered: bool) -> kit.Message:
    """The last look, taken or not."""
    return sentence((CLOSED if answered else EXPIRED).format(title=kit.escape(title)))


def escaped(words: str) -> str:
    """Plain words for a line of mrkdwn."""
    return kit.escape(" ".join(words.split()))


def sentence(text: str) -> kit.Message:
    """Something to say in one sentence."""
    return kit.Message(text, [kit.section(text)])


def _footer(why: str, kind: str = "plan", **names: str) -> list[kit.Block]:
    return kit.started_footer(why.format(**names), kind, ActionId.STOP_KIND)
