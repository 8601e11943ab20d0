"""The forms of a plan: making it, changing an item, done, buddy, rating, a line about a week, the closing questions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.blocks import kit
from bot.blocks.plans_words import MOST_HALF, day_words, shown_item
from bot.ids import ActionId, ModalId

MOST_ITEMS = 5
MOST_QUESTIONS = 5
MOST_LINE = 500
MOST_ANSWER = 2_000

MAKE_TITLE, ITEM_TITLE, NEW_TITLE = "Make my plan", "Change an item", "Another item"
DONE_TITLE, BUDDY_TITLE, RATING_TITLE = "It's done", "My buddy", "How well I can do it"
WEEK_TITLE, CLOSING_TITLE = "A line about my week", "Close my plan"
SAVE, MAKE, ADD, CANCEL, CLOSE = "Save", "Make my plan", "Add it", "Cancel", "Close my plan"

INTRO = (
    "*After {title}: what will you do with it?*\nWrite each as “when this happens, I will do that”: a moment of your"
    " week, and one small thing. The suggestions are there to be changed."
)
ITEM = "*Item {number}*"
REMOVE, ANOTHER = "Take this one out", "One more"
CUE, CUE_EXAMPLE = "When …", "my weekly one-to-one begins"
ACTION, ACTION_EXAMPLE = "I will …", "ask two questions before I say what I think"
DUE = "Done by"
HELPER = "Who could help with it?"
HELPER_HINT = "They are asked and see this one item only."
BUDDY = "Your buddy"
BUDDY_HINT = (
    "Asks now and then how it goes. They are asked first, and see your items and whether they are done."
)
NO_BUDDY = "I'd rather go without a buddy"
BUDDY_CHOICE = "Without a buddy?"
RATING = "How well can you do this today?"
RATING_HINT, LAST_HINT = "Only you see it. I ask once more at the end.", "Only you see it."
RATING_FIRST, RATING_LAST = "1 – I have just heard of it", "10 – I could teach it"
RATING_AGAIN = "How well can you do this today? At the start you said {before}."
RATING_AGAIN_PLAIN = "How well can you do it today?"
WHO_SEES = (
    "*Who sees it:* you, your buddy and {manager} see the items and whether they are done; a helper sees the one item."
    " Your ratings, your weekly taps and whatever you write about how it went are yours alone."
)
MANAGER, NO_MANAGER = "your manager ({name})", "your manager (I don't know yet who that is)"

DONE_LINE = "How did it go?"
DONE_HINT = "A line, if you like."
DONE_FILE = "Or something to show"
WHO_SEES_DONE = (
    "*Who sees it:* what you write or add here only you. That it is done shows to whoever sees the item."
)
LINE = "What helped, what was in the way?"
LINE_HINT = "Kept sealed; only you see it."
ANSWER_HINT = "Kept sealed; only you see it."
USUAL_QUESTIONS = (
    "What do you do differently now?",
    "What was in the way?",
    "Which one thing will you keep doing?",
)
CLOSING_INTRO = "A last look. Answer what you like; only you see it. What is still open closes with the plan."

CUE_MISSING = "Say when: a moment that you will notice, such as “my weekly one-to-one begins”."
ACTION_MISSING = "Say what you will do then: one small thing is enough."
TOO_LONG = "This is longer than {most} characters. One small thing is enough."
DUE_MISSING = "Choose a day by which you want to have done it."
DUE_PAST = "This day is over. Choose today or a later day."
DUE_LATE = "Your plan runs until {day}. Choose a day until then."
HELPER_SELF = "You cannot be your own helper. Choose somebody else, or leave it empty."
HELPER_AWAY = "I cannot ask this person: they left, belong to another organisation, or wish no such requests."
BUDDY_SELF = "You cannot be your own buddy. Choose somebody else, or go without."
BUDDY_MANAGER = "A manager is no buddy: they see your items anyway. Choose a colleague, or go without."
BUDDY_AWAY = "I cannot ask this person: they left, are a guest here, or wish no such requests."
RATING_MISSING = "Choose a number from 1 to 10."
FULL = "A plan holds five items at most. Finish or let go of one, then add the next."
MADE_MEANWHILE = (
    "Your plan was made already, in another window, and I kept that one. Change it in `/learn plan`."
)
LINE_TOO_LONG = "This is longer than {most} characters. Please shorten it a little."


@dataclass(frozen=True, slots=True)
class Row:
    """One item in the form that makes a plan; `n` stays the same while other rows come and go."""

    n: int
    cue: str = ""
    action: str = ""
    due: date | None = None
    helper: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """What the form that makes a plan begins with, or held when it was drawn anew."""

    plan: int
    title: str
    rows: Sequence[Row]
    buddy: str | None
    no_buddy: bool
    rating: str | None
    manager: str | None


def make_form(offer: Offer) -> kit.Modal:
    """The form that makes a plan; its blocks keep their ids when rows come and go, so that nothing typed is lost."""
    rows = [block for at, row in enumerate(offer.rows) for block in _row(at, row, len(offer.rows))]
    more = [kit.actions("more", kit.button(ANOTHER, ActionId.ADD_PLAN_ROW))]
    blocks = [
        kit.section(INTRO.format(title=kit.escape(offer.title)), block_id="intro"),
        *rows,
        *(more if len(offer.rows) < MOST_ITEMS else []),
        kit.divider("then"),
        *buddy_fields(offer.buddy, chosen=offer.no_buddy),
        rating_field(RATING, offer.rating),
        kit.context(who_sees(offer.manager), block_id="who_sees"),
    ]
    return kit.Modal(
        ModalId.MAKE_PLAN,
        MAKE_TITLE,
        blocks,
        submit=MAKE,
        close=CANCEL,
        private_metadata={"plan": offer.plan, "rows": [row.n for row in offer.rows]},
    )


def _row(at: int, row: Row, number: int) -> list[kit.Block]:
    out = kit.button(REMOVE, ActionId.REMOVE_PLAN_ROW, value=str(row.n), label=f"{REMOVE}: {at + 1}")
    head = kit.section(ITEM.format(number=at + 1), out if number > 1 else None, block_id=f"row:{row.n}")
    return [head, *item_fields(row)]


def item_fields(row: Row) -> list[kit.Block]:
    """The four fields of an item."""
    return [
        kit.text_input(
            CUE, f"cue:{row.n}", "cue", row.cue or None, max_length=MOST_HALF, placeholder=CUE_EXAMPLE
        ),
        kit.text_input(
            ACTION,
            f"action:{row.n}",
            "action",
            row.action or None,
            max_length=MOST_HALF,
            placeholder=ACTION_EXAMPLE,
        ),
        kit.date_picker(DUE, f"due:{row.n}", "due", row.due),
        kit.users_select(HELPER, f"helper:{row.n}", "helper", row.helper, optional=True, hint=HELPER_HINT),
    ]


def buddy_fields(buddy: str | None, *, chosen: bool) -> list[kit.Block]:
    """Who is the buddy, or none."""
    none = [kit.option(NO_BUDDY, "none")]
    return [
        kit.users_select(BUDDY, "buddy", "buddy", buddy, optional=True, hint=BUDDY_HINT),
        kit.checkboxes(BUDDY_CHOICE, "no_buddy", "no_buddy", none, initial=["none"] if chosen else []),
    ]


def rating_field(label: str, initial: str | None, hint: str = RATING_HINT) -> kit.Block:
    """From 1 to 10."""
    words = {1: RATING_FIRST, 10: RATING_LAST}
    options = [kit.option(words.get(number, str(number)), str(number)) for number in range(1, 11)]
    return kit.select(label, "rating", "rating", options, initial=initial, hint=hint)


def who_sees(manager: str | None) -> str:
    """What each person sees of a plan."""
    shown = MANAGER.format(name=kit.escape(manager)) if manager else NO_MANAGER
    return WHO_SEES.format(manager=shown)


def item_form(plan: int, row: Row, item: int | None, manager: str | None) -> kit.Modal:
    """Change an item, or (`item` None) add one."""
    title, submit = (ITEM_TITLE, SAVE) if item is not None else (NEW_TITLE, ADD)
    blocks = [*item_fields(row), kit.context(who_sees(manager))]
    kept: dict[str, object] = {"plan": plan, "item": item}
    return kit.Modal(ModalId.PLAN_ITEM, title, blocks, submit=submit, close=CANCEL, private_metadata=kept)


def done_form(plan: int, item: int, cue: str, action: str) -> kit.Modal:
    """An item is done, with a line or a file."""
    blocks = [
        kit.section(kit.quote(shown_item(cue, action))),
        kit.text_input(
            DONE_LINE, "line", "line", multiline=True, optional=True, max_length=MOST_LINE, hint=DONE_HINT
        ),
        kit.file_input(DONE_FILE, "file", "file", max_files=1, optional=True),
        kit.context(WHO_SEES_DONE),
    ]
    kept: dict[str, object] = {"plan": plan, "item": item}
    return kit.Modal(
        ModalId.PLAN_DONE, DONE_TITLE, blocks, submit=DONE_TITLE, close=CANCEL, private_metadata=kept
    )


def buddy_form(plan: int, buddy: str | None) -> kit.Modal:
    """Another buddy, or none."""
    blocks = buddy_fields(buddy, chosen=False)
    return _form(ModalId.PLAN_BUDDY, BUDDY_TITLE, blocks, {"plan": plan})


def rating_form(plan: int, rating: int | None) -> kit.Modal:
    """Another rating."""
    blocks = [rating_field(RATING, str(rating) if rating else None)]
    return _form(ModalId.PLAN_RATING, RATING_TITLE, blocks, {"plan": plan})


def week_form(plan: int, week_of: date, line: str) -> kit.Modal:
    """A line about a week."""
    field = kit.text_input(
        LINE,
        "line",
        "line",
        line or None,
        multiline=True,
        optional=True,
        max_length=MOST_LINE,
        hint=LINE_HINT,
    )
    return _form(ModalId.PLAN_WEEK, WEEK_TITLE, [field], {"plan": plan, "week": week_of.isoformat()})


def closing_form(plan: int, questions: Sequence[str], before: int | None) -> kit.Modal:
    """The closing questions and the second rating."""
    label = RATING_AGAIN.format(before=before) if before else RATING_AGAIN_PLAIN
    fields = [
        kit.text_input(
            kit.shorten(question, 300),
            f"answer:{n}",
            "answer",
            multiline=True,
            optional=True,
            max_length=MOST_ANSWER,
            hint=ANSWER_HINT,
        )
        for n, question in enumerate(questions)
    ]
    blocks = [kit.section(CLOSING_INTRO), *fields, rating_field(label, None, LAST_HINT)]
    return kit.Modal(
        ModalId.PLAN_CLOSING,
        CLOSING_TITLE,
        blocks,
        submit=CLOSE,
        close=CANCEL,
        private_metadata={"plan": plan},
    )


def _form(name: ModalId, title: str, blocks: Sequence[kit.Block], kept: dict[str, object]) -> kit.Modal:
    return kit.Modal(name, title, blocks, submit=SAVE, close=CANCEL, private_metadata=kept)


def late(day: date) -> str:
    """What to say to a day after the plan's end."""
    return DUE_LATE.format(day=day_words(day))
