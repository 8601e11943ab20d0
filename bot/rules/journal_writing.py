"""Writing in the journal by form: a new entry, or one that is edited."""

from dataclasses import dataclass
from datetime import datetime

from bot.blocks import journal_forms as blocks
from bot.blocks.escaping import clean
from bot.blocks.kit import Modal
from bot.errors import BotError
from bot.interactions import Submission
from bot.rules import journal
from bot.rules.attention import has_acted
from bot.rules.journal_parts import seen
from bot.rules.journal_sight import own_entry
from storage.journal import Way, find_last_part_of
from storage.people import is_left_out
from storage.session import Session


class NothingTyped(BotError):
    """Write a word or two here; or press Cancel, and nothing is kept."""


class LeftOut(BotError):
    """You asked to be left out, so I keep nothing new of yours. `/learn settings` changes that."""


@dataclass(frozen=True, slots=True)
class Written:
    """A form was sent; its words are on their way into their entry."""

    workspace: str
    person: str
    form: Submission

    @property
    def subjects(self) -> tuple[str, ...]:
        """The entry that is edited."""
        return (f"{self.workspace}/entry/{_number(self.form, 'entry')}",)


def open_form(session: Session, workspace: str, person: str, prompt: int | None, words: str = "") -> Modal:
    """The form to write in, below the question that it answers; raises LeftOut."""
    if is_left_out(session, workspace, person):
        raise LeftOut
    asked = journal.find_own_prompt(session, workspace, person, prompt) if prompt is not None else None
    return blocks.write(asked.id if asked else None, asked.question if asked else "", words)


def write(session: Session, written: Written, now: datetime) -> int:
    """The form becomes an entry, once; returns its number. Raises NothingTyped and LeftOut."""
    form = written.form
    words = words_of_form(form)
    if not words:
        raise NothingTyped
    if is_left_out(session, form.workspace, form.person):
        raise LeftOut
    has_acted(session, form.workspace, form.person, "wrote in their journal")
    number = _number(form, "prompt")
    prompt = journal.find_own_prompt(session, form.workspace, form.person, number) if number else None
    entry = journal.record_answer(
        session, form.workspace, form.person, prompt, words, Way.FORM, now, form=form.view
    )
    return entry.id


def open_edit(session: Session, act: journal.Act, now: datetime, under: tuple[str, ...] = ()) -> Modal:
    """The form to edit an entry in; raises NotYours and CannotDecrypt."""
    del now
    entry = own_entry(session, act.workspace, act.person, act.entry)
    follows = find_last_part_of(session, entry) is not None
    return blocks.edit(entry.id, journal.words_of(session, entry), under, follows=follows)


def edit(session: Session, written: Written, now: datetime) -> int:
    """The entry has these words from now on. Raises NothingTyped, LeftOut and NotYours."""
    form = written.form
    if is_left_out(session, form.workspace, form.person):
        raise LeftOut
    entry = own_entry(session, form.workspace, form.person, _number(form, "entry"))
    words = words_of_form(form)
    if not words:
        raise NothingTyped
    journal.change(session, entry, words, now)
    return entry.id


def words_of_form(form: Submission) -> str:
    """What stands in its fields: one text cut in pieces, so nothing is added between them."""
    fields = (form.values.get(blocks.field_of(number)) for number in range(blocks.CHUNKS))
    return seen(clean("".join(field for field in fields if isinstance(field, str))))


def _number(form: Submission, name: str) -> int:
    value = form.metadata.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
