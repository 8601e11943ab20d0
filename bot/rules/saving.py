"""The shortcut "Save as contribution": one's own message is kept, somebody else's proposed to its author."""

from dataclasses import dataclass
from datetime import datetime

from bot.blocks import contributions as blocks
from bot.blocks import contributions_forms as forms
from bot.blocks.contributions_forms import Field
from bot.blocks.kit import Modal, escape
from bot.ids import ModalId
from bot.interactions import ShortcutUse, Submission
from bot.rules import contributions, messages, nominations
from bot.rules.attention import has_acted
from bot.rules.choices import read_choices
from bot.rules.contributions import Gift
from bot.rules.naming import name_of
from bot.rules.places import find_place, find_space_with_app
from bot.rules.sharing import Wrong, subjects_in, title_in
from storage.contributions import (
    Kind,
    Nomination,
    NominationState,
    NominationVia,
    Via,
    find_nomination,
    known_subjects,
)
from storage.library import visible_spaces
from storage.messages import Message, find_files, find_message
from storage.people import find_person, get_person, is_left_out
from storage.session import Session
from storage.spaces import Membership, is_member


@dataclass(frozen=True, slots=True)
class Saving:
    """The form of the shortcut, sent, about one message."""

    form: Submission
    channel: str
    ts: str

    @property
    def workspace(self) -> str:
        """Where this is."""
        return self.form.workspace

    @property
    def subjects(self) -> tuple[str, ...]:
        """The message."""
        return (f"{self.workspace}/{self.channel}/{self.ts}",)


def hear_of(session: Session, use: ShortcutUse, now: datetime) -> Message | None:
    """The message that a shortcut was used on, recorded now if we never heard it; None outside spaces."""
    fact = use.message
    if fact is None:
        return None
    space = find_space_with_app(session, use.workspace, fact.channel)
    if space is None:
        return None
    if space.is_private and not is_member(session, use.workspace, space.id, use.person):
        # Slack shows a private channel's messages to its members only, so this is one.
        session.add(Membership(workspace=use.workspace, channel=space.id, person=use.person))
    known = find_message(session, use.workspace, fact.channel, fact.ts)
    if known is None and (fact.author is not None or fact.deleted):
        messages.record(session, [fact], now)
        known = find_message(session, use.workspace, fact.channel, fact.ts)
    return known


def is_outside(session: Session, use: ShortcutUse) -> bool:
    """Whether the shortcut was used where the app is not: then nothing of it is ours."""
    return use.channel is None or find_space_with_app(session, use.workspace, use.channel) is None


def begin(session: Session, use: ShortcutUse, now: datetime) -> Modal:
    """The form for this message, or a kind sentence when there is nothing to fill in."""
    if is_outside(session, use):
        return forms.outside_form(ModalId.SHARE_INSTEAD, forms.OUTSIDE)
    if is_left_out(session, use.workspace, use.person):
        return forms.note(blocks.NOT_WHILE_LEFT_OUT)
    get_person(session, use.workspace, use.person)
    message = hear_of(session, use, now)
    if message is None:
        return forms.note(forms.DELETED)
    refusal = _refusal(session, message, use.person)
    if refusal is not None:
        return forms.note(refusal)
    return _form(session, message, use.person)


def save(session: Session, saving: Saving, now: datetime) -> Modal | Wrong:
    """Keep one's own message, or ask its author; the message may have changed since the form was opened."""
    form = saving.form
    message = find_message(session, saving.workspace, saving.channel, saving.ts)
    if message is None or find_place(session, saving.workspace, saving.channel, form.person) is None:
        return forms.note(forms.DELETED)
    if is_left_out(session, saving.workspace, form.person):
        return forms.note(blocks.NOT_WHILE_LEFT_OUT)
    refusal = _refusal(session, message, form.person)
    if refusal is not None:
        return forms.note(refusal)
    wrong = _mistakes(form)
    if wrong:
        return Wrong(wrong)
    has_acted(session, saving.workspace, form.person, "saved a message")
    if message.author != form.person:
        return _propose(session, message, form, now)
    gift = Gift(Kind(form.words(Field.KIND)), Via.SHORTCUT, title_in(form), subjects_in(form))
    contributions.keep(session, message, gift, read_choices(session, saving.workspace), now)
    return forms.note(forms.SAVED, forms.DONE_TITLE)


def _mistakes(form: Submission) -> dict[str, str]:
    checks = (
        (Field.KIND, form.words(Field.KIND) not in forms.KINDS, forms.KIND_MISSING),
        (Field.TITLE, not title_in(form), forms.TITLE_MISSING),
    )
    return {block.value: sentence for block, is_wrong, sentence in checks if is_wrong}


def _refusal(session: Session, message: Message, person: str) -> str | None:
    """Why this message cannot be saved by this person, in a kind sentence; None when it can."""
    author = find_person(session, message.workspace, message.author) if message.author else None
    if message.deleted:
        return forms.DELETED
    if message.by_bot or author is None or author.is_bot:
        return forms.OF_A_BOT
    if author.left_out:
        return forms.AUTHOR_LEFT_OUT
    if contributions.is_kept(session, message):
        return forms.ALREADY_KEPT
    if author.id == person:
        return None
    return forms.AUTHOR_EXTERNAL if author.is_external else _asked_before(session, message)


def _asked_before(session: Session, message: Message) -> str | None:
    known = find_nomination(session, message.workspace, message.channel, message.ts)
    if known is None or known.state == NominationState.VOID:
        return None
    name = escape(name_of(session, message.workspace, known.author))
    asked = known.state == NominationState.ASKED
    return (forms.ASKED_ALREADY if asked else forms.DECIDED_NO).format(author=name)


def _form(session: Session, message: Message, person: str) -> Modal:
    mine = message.author == person
    author = None if mine else name_of(session, message.workspace, message.author or "")
    files = find_files(session, message.workspace, message.channel, message.ts)
    kind = Kind.DEMO if any(file.mimetype.startswith("video/") for file in files) else Kind.INSIGHT
    subjects = known_subjects(session, message.workspace, visible_spaces(message.workspace, person))
    return forms.save_form(message.text, subjects, message.channel, message.ts, author, kind.value)


def _propose(session: Session, message: Message, form: Submission, now: datetime) -> Modal:
    author = escape(name_of(session, message.workspace, message.author or ""))
    old = find_nomination(session, message.workspace, message.channel, message.ts)
    if old is not None:  # a nomination by 💡 that was taken back; its card may have to be drawn again
        session.delete(old)
        session.flush()
    proposal = Nomination(
        workspace=message.workspace,
        channel=message.channel,
        ts=message.ts,
        author=message.author,
        by=form.person,
        via=NominationVia.SHORTCUT,
        kind=Kind(form.words(Field.KIND)),
        title=title_in(form),
        subjects=list(subjects_in(form)),
        state=NominationState.ASKED,
        asked_at=now,
        lapses_at=now + read_choices(session, message.workspace).nomination_lapse,
    )
    asked = nominations.ask(session, message, proposal, [form.person], now)
    says = (forms.ASKED_AUTHOR if asked else forms.CANNOT_ASK).format(author=author)
    return forms.note(says, forms.DONE_TITLE if asked else forms.NOTE_TITLE)
