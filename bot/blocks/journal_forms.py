"""The forms of the journal: writing, editing, who sees it; and the sentences that follow them."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import kit
from bot.blocks.typed import typed
from bot.ids import ActionId, ModalId

JOURNAL, WRITE, EDIT, SIGHT = "My journal", "Write in my journal", "Edit my entry", "Who sees it"
CLOSE, CANCEL, SAVE = "Close", "Cancel", "Save"
WORDS = "words"
WHAT = "What would you like to keep?"
WHAT_HINT = "Up to 3,000 characters at once; write again for more. Only you see it."
EDIT_WHAT, GOES_ON = "Your words", "… and on"
EDIT_HINT = "You wrote this as a message. Once you edit it here, it no longer follows that message."
TOO_LONG = (
    "This entry is too long for a form. If it came from a message in Slack, edit that, and the entry follows."
)
FAILED = "Something went wrong on my side, and nothing was stored. What you typed is still here: please try once more."
ONLY_YOU = "Saved in your journal, only you see it."
WHO = "Besides me, this entry may be read by"
WHO_HINT = "Each is chosen by itself; none brings another along. You can take it back at any time, at once."
WHO_MEANS = (
    "They get a button to read it; the text is never posted anywhere. A cohort finds it under"
    " `/learn journal shared`."
)
NOBODY = (
    "Only you see it. You could share it with your buddy, your manager or your cohort; at the moment I know of none of"
    " them. `/learn plan` is where you name them."
)
NOW_ONLY_YOU, NOW_SEEN = "From now on only you see it.", "From now on it can also be read by: {readers}."
SOMEBODY_CHANGED = (
    "One of those you chose is somebody else by now, so nothing new is shared with them;"
    " *Who sees it* shows who it is."
)
WHO_NAMES = {
    "buddy": "{name}, my buddy",
    "manager": "{name}, my manager",
    "cohort": "Everybody in {name}",
    "talk": "{name}, for our talk",
}
NOT_THIS, SIGHT_BUTTON = "Not this", "Who sees it"
CHUNK = 2_900  # characters in one field of a form
CHUNKS = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """Somebody who may be chosen to read an entry; `audience` says as what, `key` is this very choice."""

    key: str
    audience: str
    name: str
    chosen: bool


def write(prompt: int | None, question: str = "", words: str = "") -> kit.Modal:
    """The form to write in; `question` is what it answers, `words` stand there already."""
    asked = [kit.section(kit.quote(typed(question, 2_000)))] if question else []
    fields = _fields(words, WHAT, WHAT_HINT)
    return kit.Modal(ModalId.WRITE_ENTRY, WRITE, [*asked, *fields], SAVE, CANCEL, {"prompt": prompt})


def edit(number: int, words: str, under: Sequence[str], *, follows: bool) -> kit.Modal:
    """The form to edit an entry in, in as many fields as its words need; a note when that is too many.

    `follows`: it came from messages in Slack, and follows their edits so far.
    """
    if len(words) > CHUNK * CHUNKS:
        return note(TOO_LONG, EDIT)
    fields = _fields(words, EDIT_WHAT, EDIT_HINT if follows else None)
    remembered = {"entry": number, "under": list(under)}
    return kit.Modal(ModalId.EDIT_ENTRY, EDIT, fields, SAVE, CANCEL, remembered)


def field_of(number: int) -> str:
    """What the fields of a text that is cut in pieces are called."""
    return f"{WORDS}.{number}" if number else WORDS


def _fields(words: str, label: str, hint: str | None) -> list[kit.Block]:
    chunks = [words[at : at + CHUNK] for at in range(0, len(words), CHUNK)][:CHUNKS] or [""]
    return [
        kit.text_input(
            GOES_ON if number else label,
            field_of(number),
            WORDS,
            chunk or None,
            multiline=True,
            optional=len(chunks) > 1,
            max_length=3_000,
            hint=hint if number == len(chunks) - 1 else None,
        )
        for number, chunk in enumerate(chunks)
    ]


def sight(number: int, choices: Sequence[Offer], under: str = "") -> kit.Modal:
    """The form that asks who sees an entry; `choices` are those who exist."""
    if not choices:
        return note(NOBODY, SIGHT)
    options = [kit.option(WHO_NAMES[one.audience].format(name=one.name), one.key) for one in choices]
    chosen = [one.key for one in choices if one.chosen]
    field = kit.checkboxes(WHO, "readers", "readers", options, initial=chosen, hint=WHO_HINT)
    remembered = {"entry": number, "under": under}
    blocks = [field, kit.context(WHO_MEANS)]
    return kit.Modal(ModalId.WHO_SEES_IT, SIGHT, blocks, SAVE, CANCEL, remembered)


def saved(number: int) -> kit.Modal:
    """The thanks after the form, with what can be done about it."""
    row = kit.actions(
        "saved",
        kit.button(NOT_THIS, ActionId.NOT_THIS, value=str(number)),
        kit.button(SIGHT_BUTTON, ActionId.WHO_SEES_IT, value=str(number)),
    )
    return kit.Modal("saved", JOURNAL, [kit.section(ONLY_YOU), row], close=CLOSE)


def note(says: str, title: str = JOURNAL) -> kit.Modal:
    """A sentence or two to read and close."""
    return kit.Modal("note", title, [kit.section(says)], close=CLOSE)


def now_seen_by(readers: Sequence[str], *, all_taken: bool) -> str:
    """What holds after the choice; not `all_taken`: somebody who was chosen is another person by now."""
    says = NOW_SEEN.format(readers="; ".join(readers)) if readers else NOW_ONLY_YOU
    return says if all_taken else f"{says} {SOMEBODY_CHANGED}"
