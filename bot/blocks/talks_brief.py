"""The page for a talk, what the learner chooses to bring, and the words afterwards; only ever shown in a view."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import kit
from bot.blocks.typed import one_line, typed
from bot.ids import ModalId

TITLE, CLOSE = "For your talk", "Close"
HEAD = "*{learner} and {other}*, about what came of *{programme}*\n{time}"
PLAN, ENTRIES, QUESTIONS = "The plan", "What {learner} brings", "Three questions to talk about"
DONE, OPEN = ":ballot_box_with_check:", ":white_large_square:"
NO_PLAN = "There is no plan to show here."
NOT_YOURS_TO_SEE = "The plan itself is for {learner}'s buddy and manager. Ask {learner} what is in it."
NO_ENTRIES = "Nothing from the journal. That is fine too."
ASK = (
    "What did you try, and what came of it?",
    "What got in the way, and what would make it easier?",
    "What comes next, and what do you need from each other?",
)
ONLY_YOU_TWO = "Only the two of you can open this page."

CHOOSE_TITLE, CHOOSE_LABEL = "What to bring", "From your journal"
CHOOSE_HINT = "{other} can read these on the page for the talk, until you take them out again. Nothing else."
EMPTY = "Your journal is empty so far. You can talk without it, or write something first with `/learn journal write`."
SAVE, CANCEL = "Bring these", "Cancel"

FEEDBACK_TITLE, FEEDBACK_LABEL = "A few words", "For {learner}"
FEEDBACK_HINT = "What did you notice? What should {learner} keep on with? Only {learner} and you can read it."
SEND = "Send"
NO_WORDS = "Write a few words here, or close the form."
LONGEST = 3_000
SHOWN = 900  # characters of one entry; a page for a talk is one page
MOST_ITEMS, MOST_ENTRIES = 10, 10
MOST_OFFERED = 100
LONGER = "_… the rest is in the journal of {learner}._"


@dataclass(frozen=True, slots=True)
class Brief:
    """The page as one of the two sees it; names and words are as people wrote them."""

    learner: str
    other: str
    programme: str
    time: str
    items: Sequence[tuple[str, bool]]  # as mrkdwn, and whether it is done
    entries: Sequence[str]
    sees_plan: bool = True  # the learner, and who is buddy or manager now


def brief(shown: Brief) -> kit.Modal:
    """The page for the talk."""
    names = {"learner": kit.escape(shown.learner), "other": kit.escape(shown.other)}
    head = HEAD.format(programme=kit.escape(shown.programme), time=shown.time, **names)
    questions = "\n".join(f"{n}. {question}" for n, question in enumerate(ASK, 1))
    return kit.Modal(
        ModalId.TALK_BRIEF,
        TITLE,
        [
            kit.section(head),
            kit.header(PLAN),
            *(_items(shown.items) if shown.sees_plan else [kit.section(NOT_YOURS_TO_SEE.format(**names))]),
            kit.header(ENTRIES.format(learner=kit.plain(shown.learner))),
            *_entries(shown.entries, names["learner"]),
            kit.header(QUESTIONS),
            kit.section(questions),
            kit.context(ONLY_YOU_TWO),
        ],
        close=CLOSE,
    )


def choice(
    talk: int, other: str, entries: Sequence[tuple[int, str, str]], chosen: Sequence[int]
) -> kit.Modal:
    """What the learner may bring: each entry with its day and first words, as only its person sees it."""
    if not entries:
        return kit.Modal(ModalId.TALK_ENTRIES, CHOOSE_TITLE, [kit.section(EMPTY)], close=CLOSE)
    options = [
        kit.option(one_line(f"{day}: {words}", 75), str(number))
        for number, day, words in entries[:MOST_OFFERED]
    ]
    field = kit.multi_select(
        CHOOSE_LABEL,
        "entries",
        "entries",
        options,
        initial=[str(number) for number in chosen],
        most=MOST_ENTRIES,
        optional=True,
    )
    hint = kit.context(CHOOSE_HINT.format(other=kit.escape(other)))
    return kit.Modal(
        ModalId.TALK_ENTRIES,
        CHOOSE_TITLE,
        [field, hint],
        submit=SAVE,
        close=CANCEL,
        private_metadata={"talk": talk},
    )


def feedback_form(talk: int, learner: str, before: str) -> kit.Modal:
    """The words of the other, for the learner; what was written before can be changed."""
    field = kit.text_input(
        FEEDBACK_LABEL.format(learner=kit.plain(learner)),
        "words",
        "words",
        before or None,
        multiline=True,
        max_length=LONGEST,
    )
    hint = kit.context(FEEDBACK_HINT.format(learner=kit.escape(learner)))
    return kit.Modal(
        ModalId.TALK_FEEDBACK,
        FEEDBACK_TITLE,
        [field, hint],
        submit=SEND,
        close=CANCEL,
        private_metadata={"talk": talk},
    )


def feedback(author: str, words: str) -> kit.Modal:
    """What the other wrote to the learner."""
    head = f"*{kit.escape(author)}*"
    return kit.Modal(
        ModalId.TALK_BRIEF,
        FEEDBACK_TITLE,
        [kit.section(head), kit.section(typed(words, LONGEST)), kit.context(ONLY_YOU_TWO)],
        close=CLOSE,
    )


def _items(items: Sequence[tuple[str, bool]]) -> list[kit.Block]:
    lines = [f"{DONE if done else OPEN} {words}" for words, done in items[:MOST_ITEMS]]
    return [kit.section(line) for line in lines] or [kit.section(NO_PLAN)]


def _entries(entries: Sequence[str], learner: str) -> list[kit.Block]:
    shown: list[kit.Block] = []
    for words in entries[:MOST_ENTRIES]:
        shown.append(kit.section(typed(words, SHOWN)))
        if len(words) > SHOWN:
            shown.append(kit.context(LONGER.format(learner=learner)))
        shown.append(kit.divider())
    return shown or [kit.section(NO_ENTRIES)]
