"""The page of `/learn plan`: one's own plan with all that can be done, what others ask, and whose plans one may see."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.blocks import kit
from bot.blocks.plans import TAPS, Thing, tap_buttons
from bot.blocks.plans_forms import MOST_ITEMS, who_sees
from bot.blocks.plans_words import day_words
from bot.blocks.typed import typed
from bot.ids import ActionId, ModalId

TITLE = "My plan"
PAGE = "plan"  # comes back with a press on the page
NO_PLAN = (
    "You have no plan now. One comes at the end of a programme: a few small things you want to do with what you"
    " learned, and colleagues who help."
)
INVITED = (
    "*After {title}*\nYour plan is not written yet. It takes five minutes, and one line is enough to begin."
)
RUNS = "Runs until {day}."
CLOSING = "It has run its course: a last look closes it."
OVER = {"closed": "Closed on {day}.", "expired": "Closed on {day}, without a last look."}
STATES = {"open": "due {day}", "done": ":white_check_mark: done", "closed": "closed, and that is fine"}
HELPS = {
    "asked": "{name} was asked to help",
    "accepted": "{name} helps",
    "declined": "{name} cannot help this time",
    "left": "{name} is not here any more",
}
EVIDENCE, A_FILE = "only you see: {line}", "a file is kept with it"
DONE, CHANGE, LET_GO, AGAIN, MONTH = "It's done", "Change", "Let it go", "Not done after all", "Another month"
LET_GO_SURE = "It closes, and nobody is told. You can take it up again while the plan runs."
ADD = "Add an item"
BUDDIES = {
    "none": "*Buddy:* nobody. A colleague who asks how it goes helps most of all.",
    "asked": "*Buddy:* {name} was asked",
    "accepted": "*Buddy:* {name}",
    "declined": "*Buddy:* {name} cannot this time",
    "left": "*Buddy:* {name} is not here any more",
}
MANAGER = "*Manager:* {name}"
ASKED_MANAGER = "*Manager:* {name} was asked whether they are"
NO_MANAGER = "*Manager:* I don't know who that is. Until I do, your buddy helps instead."
NAME_MANAGER = "Say who"
RATED, NOT_RATED = "*How well I can do it:* {before} at the start", "*How well I can do it:* not rated yet"
RATED_AFTER = ", {after} at the end"
THIS_WEEK = "*How did it go this week?* One tap, only you see it."
LINE = "Add a line"
WEEKS = "*Week by week, only you see it*"
WEEK = "Week of {day}: {answer}"
NOT_TAPPED = "no tap"
ANSWERS = "*What you said at the end, only you see it*"
CLOSE_PLAN = "Close my plan"
MAKE = "Make my plan"
OTHER_PLANS = "My other plans"
OF_OTHERS = "People whose plans I see"
OF_OTHER = "*{name}* after {title}\n{how}"
HOW = {"buddy": "you are their buddy", "manager": "you are their manager", "helper": "you help with an item"}
SHOW, LOOK, BACK = "Show", "Look", "Back"
ASKS = "Asked of me"
ASKED_HELP = "{name} asks for your help after {title}:\n*{item}* by {day}"
ASKED_BUDDY = "{name} asks you to be their buddy after {title}."
YES, NO = "Yes, gladly", "Not this time"
OTHERS_TITLE = "A plan I may see"
OTHERS_INTRO = "*{name}* after {title}\nYou see {what}, because {how}."
ALL_ITEMS, ONE_ITEM = "the items and whether they are done", "what you help with"
NOTHING = "There is nothing here that you can see any more."
MOST_ASKS, MOST_OTHERS, MOST_WEEKS, MOST_BESIDE = 6, 12, 12, 8
SEEN_ANSWER = 400


@dataclass(frozen=True, slots=True)
class Item:
    """One of one's own items; `help_state` with the helper's name, `evidence` unsealed."""

    thing: Thing
    helper: str = ""
    help_state: str = "none"
    evidence: str = ""
    has_file: bool = False


@dataclass(frozen=True, slots=True)
class Week:
    """How a week went."""

    week_of: date
    answer: str | None
    line: str = ""


@dataclass(frozen=True, slots=True)
class Own:
    """One's own plan."""

    id: int
    title: str
    state: str
    ends_on: date
    items: Sequence[Item] = ()
    buddy: str = ""
    buddy_state: str = "none"
    manager: str | None = None
    asked_manager: str | None = None
    before: int | None = None
    after: int | None = None
    this_week: Week | None = None  # while it can be tapped
    weeks: Sequence[Week] = ()
    answers: Sequence[tuple[str, str]] = ()
    closed_on: date | None = None


@dataclass(frozen=True, slots=True)
class Other:
    """Another plan: one's own from before, or somebody else's."""

    id: int
    name: str
    title: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody asks for help with an item, or (without one) for a buddy."""

    id: int
    name: str
    title: str
    thing: Thing | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """All that `/learn plan` shows to one person."""

    own: Own | None
    asks: Sequence[Asked] = ()
    others: Sequence[Other] = ()
    earlier: Sequence[Other] = ()
    notice: str = ""
    beside: Sequence[str] = ()  # mrkdwn: the next question, the talk, the circle
    kept: dict[str, object] = field(default_factory=dict)


def page(shown: Page) -> kit.Modal:
    """The page."""
    blocks = [kit.section(f":information_source: {shown.notice}")] if shown.notice else []
    blocks += [block for asked in shown.asks[:MOST_ASKS] for block in _asked(asked)]
    if shown.asks:
        blocks = [kit.header(ASKS), *blocks, kit.divider()]
    blocks += _own(shown.own) if shown.own is not None else [kit.section(NO_PLAN)]
    blocks += [kit.section(line) for line in shown.beside[:MOST_BESIDE]]
    if shown.others:
        blocks.append(kit.header(OF_OTHERS))
        blocks += [_other(one, LOOK, ActionId.LOOK_AT_PLAN) for one in shown.others[:MOST_OTHERS]]
    if shown.earlier:
        blocks.append(kit.header(OTHER_PLANS))
        blocks += [_other(one, SHOW, ActionId.OPEN_PLAN) for one in shown.earlier[:MOST_OTHERS]]
    kept = {"page": PAGE, "plan": shown.own.id if shown.own is not None else None}
    return kit.Modal(ModalId.PLAN, TITLE, blocks, close="Close", private_metadata=kept)


def _asked(asked: Asked) -> list[kit.Block]:
    name, title = kit.escape(asked.name), kit.escape(asked.title)
    thing = asked.thing
    if thing is None:
        says, yes, no = (
            ASKED_BUDDY.format(name=name, title=title),
            ActionId.AGREE_TO_BUDDY,
            ActionId.DECLINE_TO_BUDDY,
        )
    else:
        says = ASKED_HELP.format(name=name, title=title, item=thing.words, day=day_words(thing.due_on))
        yes, no = ActionId.AGREE_TO_HELP, ActionId.DECLINE_TO_HELP
    kind = "buddy" if thing is None else "help"
    buttons = kit.actions(
        f"asked:{kind}:{asked.id}",
        kit.button(YES, yes, value=str(asked.id), style="primary"),
        kit.button(NO, no, value=str(asked.id)),
    )
    return [kit.section(says), buttons]


def _own(own: Own) -> list[kit.Block]:
    if own.state == "invited":
        press = kit.button(MAKE, ActionId.MAKE_PLAN, value=str(own.id), style="primary")
        return [kit.section(INVITED.format(title=kit.escape(own.title))), kit.actions("make", press)]
    runs = own.state in ("active", "closing")
    blocks = [kit.header(kit.plain(own.title)), kit.context(_when(own))]
    blocks += [block for item in own.items for block in _item(item, runs=runs)]
    if runs and own.state == "active" and len(own.items) < MOST_ITEMS:
        blocks.append(kit.actions("add", kit.button(ADD, ActionId.ADD_ITEM, value=str(own.id))))
    blocks += [kit.divider(), *_people(own, runs=runs), *_log(own), *_answers(own)]
    if runs:
        style = "primary" if own.state == "closing" else None
        press = kit.button(CLOSE_PLAN, ActionId.CLOSE_PLAN, value=str(own.id), style=style)
        blocks += [kit.context(who_sees(own.manager)), kit.actions("close", press)]
    return blocks


def _when(own: Own) -> str:
    if own.state == "active":
        return RUNS.format(day=day_words(own.ends_on))
    if own.state == "closing":
        return CLOSING
    return OVER[own.state].format(day=day_words(own.closed_on or own.ends_on))


def _item(item: Item, *, runs: bool) -> list[kit.Block]:
    thing = item.thing
    facts = [STATES[thing.state].format(day=day_words(thing.due_on))]
    if item.help_state in HELPS:
        facts.append(HELPS[item.help_state].format(name=kit.escape(item.helper)))
    if item.evidence:
        facts.append(EVIDENCE.format(line=typed(item.evidence, SEEN_ANSWER)))
    facts += [A_FILE] if item.has_file else []
    shown = kit.section(f"*{thing.words}*\n{' · '.join(facts)}", block_id=f"shown:{thing.id}")
    return [shown, _item_buttons(thing)] if runs else [shown]


def _item_buttons(thing: Thing) -> kit.Block:
    value = str(thing.id)
    if thing.state != "open":
        again = AGAIN if thing.state == "done" else MONTH
        action = ActionId.ITEM_NOT_DONE if thing.state == "done" else ActionId.ITEM_ANOTHER_MONTH
        return kit.actions(f"item:{thing.id}", kit.button(again, action, value=value))
    sure = kit.confirm(LET_GO, LET_GO_SURE, LET_GO)
    return kit.actions(
        f"item:{thing.id}",
        kit.button(DONE, ActionId.ITEM_DONE, value=value),
        kit.button(CHANGE, ActionId.CHANGE_ITEM, value=value),
        kit.button(LET_GO, ActionId.ITEM_LET_GO, value=value, confirm=sure),
    )


def _people(own: Own, *, runs: bool) -> list[kit.Block]:
    buddy = BUDDIES[own.buddy_state].format(name=kit.escape(own.buddy))
    change = kit.button(CHANGE, ActionId.CHANGE_BUDDY, value=str(own.id), label=f"{CHANGE}: buddy")
    rated = RATED.format(before=own.before) if own.before else NOT_RATED
    rated += RATED_AFTER.format(after=own.after) if own.after else ""
    rate = kit.button(CHANGE, ActionId.CHANGE_RATING, value=str(own.id), label=f"{CHANGE}: rating")
    return [
        kit.section(buddy, change if runs else None, block_id="buddy"),
        _manager(own),
        kit.section(rated, rate if runs else None, block_id="rating"),
    ]


def _manager(own: Own) -> kit.Block:
    if own.manager:
        return kit.section(MANAGER.format(name=kit.escape(own.manager)), block_id="manager")
    name = kit.button(NAME_MANAGER, ActionId.NAME_MANAGER, label=f"{NAME_MANAGER}: manager")
    if own.asked_manager:
        asked = ASKED_MANAGER.format(name=kit.escape(own.asked_manager))
        return kit.section(asked, name, block_id="manager")
    return kit.section(NO_MANAGER, name, block_id="manager")


def _log(own: Own) -> list[kit.Block]:
    blocks = []
    if own.this_week is not None:
        week = own.this_week
        line = kit.button(LINE, ActionId.ADD_WEEK_LINE, value=f"{own.id}:{week.week_of.isoformat()}")
        taps = tap_buttons(own.id, week.week_of, week.answer)
        blocks += [kit.section(THIS_WEEK), kit.actions("week", *taps, line)]
    if own.weeks:
        blocks.append(kit.section(WEEKS))
        blocks += [kit.section(_week(week)) for week in own.weeks[:MOST_WEEKS]]
    return blocks


def _week(week: Week) -> str:
    answer = TAPS.get(week.answer or "", NOT_TAPPED).lower()
    shown = WEEK.format(day=day_words(week.week_of), answer=answer)
    return f"{shown} – {typed(week.line, SEEN_ANSWER)}" if week.line else shown


def _answers(own: Own) -> list[kit.Block]:
    if not own.answers:
        return []
    lines = [f"_{kit.escape(kit.plain(asked))}_\n{typed(said, SEEN_ANSWER)}" for asked, said in own.answers]
    return [kit.section(ANSWERS), *(kit.section(line) for line in lines)]


def _other(one: Other, word: str, action: ActionId) -> kit.Block:
    press = kit.button(word, action, value=str(one.id), label=f"{word}: {kit.plain(one.name or one.title)}")
    if not one.name:
        return kit.section(kit.escape(one.title), press, block_id=f"plan:{one.id}")
    how = HOW.get(one.how, "")
    says = OF_OTHER.format(name=kit.escape(one.name), title=kit.escape(one.title), how=how)
    return kit.section(says, press, block_id=f"plan:{one.id}")


def other(one: Other, things: Sequence[Thing]) -> kit.Modal:
    """Somebody else's plan: exactly what this person may see."""
    if not things:
        return kit.Modal("note", OTHERS_TITLE, [kit.section(NOTHING)], close=BACK)
    what = ONE_ITEM if one.how == "helper" else ALL_ITEMS
    intro = OTHERS_INTRO.format(
        name=kit.escape(one.name), title=kit.escape(one.title), what=what, how=HOW[one.how]
    )
    lines = [
        kit.section(f"*{thing.words}*\n{STATES[thing.state].format(day=day_words(thing.due_on))}")
        for thing in things
    ]
    return kit.Modal("note", OTHERS_TITLE, [kit.section(intro), *lines], close=BACK)
