"""The journal: what a person writes for themselves, sealed; taken in, changed and taken out again."""

from dataclasses import dataclass
from datetime import datetime

from bot.blocks import journal as blocks
from bot.rules import check_in_cards, check_ins, journal_sharing, journal_sight
from bot.rules.cards import letter_to
from bot.rules.journal_sight import may_read, own_entry
from storage import journal as stored
from storage import journal_people, outbox, outbox_cards
from storage.check_ins import Prompt, PromptKind, PromptState, find_prompt
from storage.journal import Entry, PartState, Way
from storage.sealing import seal, unseal
from storage.session import Session
from storage.talks import find_brought_by

__all__ = ["Act", "entries_for_talk", "last_entry", "may_read", "record_answer", "words_of"]


@dataclass(frozen=True, slots=True)
class Act:
    """Somebody does something with one entry; `page` counts from 0."""

    workspace: str
    person: str
    entry: int
    page: int = 0

    @property
    def subjects(self) -> tuple[str, ...]:
        """The entry."""
        return (f"{self.workspace}/entry/{self.entry}",)


def record_answer(
    session: Session,
    workspace: str,
    person: str,
    prompt: Prompt | None,
    words: str,
    way: Way,
    now: datetime,
    *,
    form: str | None = None,
) -> Entry:
    """Put these words into the person's journal, as the answer to a prompt if there is one.

    The same form twice is one entry. `words` are plain text and are stored sealed.
    """
    known = stored.find_by_form(session, workspace, form) if form is not None else None
    if known is not None:
        return known
    entry = Entry(
        workspace=workspace,
        person=person,
        prompt=prompt.id if prompt is not None else None,
        way=way.value,
        form=form,
        sealed=seal(session, workspace, words),
        written_at=now,
    )
    session.add(entry)
    session.flush()
    if prompt is not None:
        _record_answered(session, prompt, now)
    return entry


def words_of(session: Session, entry: Entry) -> str:
    """The words of an entry, for whoever `may_read` says; raises CannotDecrypt."""
    return unseal(session, entry.workspace, entry.sealed) if entry.sealed else ""


def say_saved(session: Session, entry: Entry, now: datetime, thread_ts: str | None = None) -> None:
    """Answer "Saved in your journal", once for an entry, in the thread it was written in."""
    about = journal_sharing.about_entry(entry.id)
    card = blocks.saved(entry.id, journal_sight.reader_lines(session, entry))
    letter = letter_to(session, entry.workspace, entry.person, card, about=about, once=f"saved:{entry.id}")
    if thread_ts is not None:
        letter.payload["thread_ts"] = thread_ts
    outbox.enqueue(session, letter, now)


def change(session: Session, entry: Entry, words: str, now: datetime) -> None:
    """The person edited the entry in the journal; from now on it follows its messages in Slack no more."""
    for part in stored.find_parts(session, entry):
        part.state, part.sealed = PartState.APART.value, ""
    entry.sealed, entry.changed_at = seal(session, entry.workspace, words), now
    session.flush()


def rebuild(session: Session, entry: Entry, now: datetime) -> None:
    """The entry says what its messages say now; without any it leaves the journal."""
    parts = stored.find_parts(session, entry)
    if not parts:
        forget(session, entry, now)
        return
    words = [unseal(session, entry.workspace, part.sealed) for part in parts]
    entry.sealed, entry.changed_at = seal(session, entry.workspace, "\n".join(words)), now
    session.flush()


def take_out(session: Session, act: Act, now: datetime) -> None:
    """Its person says "Not this", or deletes it: the entry leaves the journal, its words are gone. Raises NotYours."""
    entry = stored.find_entry(session, act.workspace, act.entry)
    if entry is not None and entry.deleted and entry.person == act.person:
        return
    forget(session, own_entry(session, act.workspace, act.person, act.entry), now)


def forget(session: Session, entry: Entry, now: datetime) -> None:
    """Nothing of the entry is kept but that there was one; what was shared is shared no more."""
    for part in stored.find_parts(session, entry):
        part.state, part.sealed = PartState.GONE.value, ""
    entry.deleted, entry.sealed, entry.changed_at = True, "", now
    session.flush()
    journal_sharing.end_shares(session, entry, now)
    journal_sharing.redraw_saved(session, entry, now)
    _open_again(session, entry, now)


def last_entry(session: Session, workspace: str, person: str, enrolment: int | None) -> Entry | None:
    """What this person wrote last about the same programme, or without any."""
    entries = stored.find_entries(session, workspace, person)
    same = (one for one in entries if journal_people.find_enrolment_of(session, one) == enrolment)
    return next(same, None)


def entries_for_talk(session: Session, workspace: str, person: str) -> list[Entry]:
    """What somebody may bring to a talk: all that is in their own journal, the newest first."""
    return stored.find_entries(session, workspace, person)


def person_left(session: Session, workspace: str, person: str, now: datetime) -> None:
    """Somebody is gone or left out: their entries stay theirs, nobody else reads them, nothing undecided is kept."""
    stored.forget_undecided(session, workspace, person)
    numbers = {share.entry for share in stored.find_shares_by(session, workspace, person)}
    for number in sorted(numbers | set(find_brought_by(session, workspace, person))):
        entry = stored.find_entry(session, workspace, number)
        if entry is not None:
            journal_sharing.end_shares(session, entry, now)
            journal_sharing.redraw_saved(session, entry, now)
    journal_sharing.end_with(session, workspace, person, now)


def find_own_prompt(session: Session, workspace: str, person: str, number: int) -> Prompt | None:
    """The prompt, if it was put to this person."""
    prompt = find_prompt(session, workspace, number)
    return prompt if prompt is not None and prompt.person == person else None


def _record_answered(session: Session, prompt: Prompt, now: datetime) -> None:
    check_ins.record_answered(session, prompt, now)
    if prompt.kind == PromptKind.REFLECTION:
        draw_reflection(session, prompt, now)


def _open_again(session: Session, entry: Entry, now: datetime) -> None:
    """What was taken out was no answer: if it was the only one, the question is open as before."""
    prompt = find_prompt(session, entry.workspace, entry.prompt) if entry.prompt is not None else None
    if prompt is None or prompt.state != PromptState.ANSWERED or prompt.sent_at is None:
        return
    if stored.is_answered(session, prompt.workspace, prompt.id):
        return
    prompt.state, prompt.answered_at = PromptState.SENT.value, None
    session.flush()
    if prompt.kind == PromptKind.REFLECTION:
        draw_reflection(session, prompt, now)
    else:
        check_in_cards.redraw(session, prompt, now, "")


def draw_reflection(session: Session, prompt: Prompt, now: datetime) -> None:
    """Show on the weekly question that it was answered, or that it is open."""
    written = prompt.state == PromptState.ANSWERED
    card = blocks.reflection(prompt.id, prompt.question, first=False, written=written)
    outbox_cards.redraw(session, prompt.workspace, check_in_cards.about(prompt), card.payload(), now)
