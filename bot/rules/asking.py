"""Asking on purpose, by form and by shortcut, and the shortcut that marks the reply which answers."""

from datetime import datetime

from bot.blocks import contributions_forms as forms
from bot.blocks import questions as blocks
from bot.blocks.contributions import NOT_WHILE_LEFT_OUT
from bot.blocks.contributions_forms import Field
from bot.blocks.kit import Modal, escape, plain
from bot.blocks.said import clean
from bot.ids import ModalId
from bot.interactions import ShortcutUse, Submission
from bot.rules import questions
from bot.rules.attention import has_acted
from bot.rules.choices import read_choices
from bot.rules.naming import name_of
from bot.rules.places import find_place
from bot.rules.saving import hear_of, is_outside
from bot.rules.sharing import MOST_TEXT, Wrong, offer_to
from storage import outbox
from storage.discussions import Question, QuestionVia, find_question, find_question_by_form
from storage.messages import Message, find_message
from storage.notes import wake
from storage.people import is_left_out
from storage.session import Session


def open_form(session: Session, workspace: str, person: str, here: str | None, text: str = "") -> Modal:
    """The form to ask with, or a sentence when there is nowhere to ask; `here` is where the person is."""
    if is_left_out(session, workspace, person):
        return forms.note(NOT_WHILE_LEFT_OUT)
    offer = offer_to(session, workspace, person, here)
    return blocks.ask_form(offer, text) if offer.spaces else forms.note(forms.NO_PLACE)


def ask(session: Session, form: Submission, now: datetime) -> Modal | Wrong:
    """Keep the question and post it for its asker, once per form."""
    if is_left_out(session, form.workspace, form.person):
        return forms.note(NOT_WHILE_LEFT_OUT)
    known = find_question_by_form(session, form.workspace, form.view)
    if known is None:
        wrong = _mistakes(session, form)
        if wrong:
            return Wrong(wrong)
        known = _record(session, form, now)
        has_acted(session, form.workspace, form.person, "asked")
        wake(session, form.workspace, form.person)  # answers come in the morning note
    return forms.note(blocks.ASKED.format(space=f"<#{known.channel}>"), forms.DONE_TITLE)


def ask_about(session: Session, use: ShortcutUse, now: datetime) -> Modal:
    """One's own message becomes a question; anything else gets a kind sentence, or the form."""
    if is_outside(session, use):
        return forms.outside_form(ModalId.ASK_INSTEAD, blocks.OUTSIDE)
    if is_left_out(session, use.workspace, use.person):
        return forms.note(NOT_WHILE_LEFT_OUT)
    message = hear_of(session, use, now)
    refusal = _refusal(session, message, use.person)
    if message is None or refusal is not None:
        return forms.note(refusal or blocks.DELETED)
    if message.thread_ts is not None:  # a question has a thread of its own, so a reply begins a new one
        return open_form(session, use.workspace, use.person, use.channel, plain(message.text))
    return _make_question(session, message, use.person, now)


def this_answers(session: Session, use: ShortcutUse, now: datetime) -> Modal:
    """The asker or a facilitator marks the reply; who began a thread may make it a question so."""
    if is_outside(session, use):
        return forms.note(blocks.ANSWER_OUTSIDE)
    reply = hear_of(session, use, now)
    if reply is None or reply.deleted:
        return forms.note(blocks.ANSWER_GONE)
    if reply.thread_ts is None:
        return forms.note(blocks.NOT_A_REPLY)
    question = find_question(session, use.workspace, reply.channel, reply.thread_ts)
    if question is None or question.withdrawn:
        question = _begun_by(session, reply, use.person)
    if question is None:
        return forms.note(_no_question(session, reply))
    return _accept(session, question, reply, use.person, now)


def _refusal(session: Session, message: Message | None, person: str) -> str | None:
    """Why this person cannot make this message a question, in a kind sentence; None when they can."""
    if message is None or message.deleted:
        return blocks.DELETED
    if message.by_bot or message.author is None:
        return blocks.OF_A_BOT
    if message.author == person:
        return None
    author = escape(name_of(session, message.workspace, message.author))
    return blocks.ONLY_ITS_AUTHOR.format(author=author)


def _mistakes(session: Session, form: Submission) -> dict[str, str]:
    lost = find_place(session, form.workspace, form.words(Field.SPACE), form.person) is None
    checks = (
        (Field.SPACE, lost, forms.PLACE_LOST),
        (Field.TEXT, not clean(form.words(Field.TEXT)).strip(), blocks.TEXT_MISSING),
    )
    return {block.value: sentence for block, is_wrong, sentence in checks if is_wrong}


def _record(session: Session, form: Submission, now: datetime) -> Question:
    asked = Question(
        workspace=form.workspace,
        channel=form.words(Field.SPACE),
        form=form.view,
        asker=form.person,
        via=QuestionVia.FORM,
        text=clean(form.words(Field.TEXT))[:MOST_TEXT],
        asked_at=now,
        withdrawn=False,
    )
    session.add(asked)
    session.flush()
    post = blocks.asked(name_of(session, form.workspace, form.person), asked.text)
    about = f"question:{asked.id}"
    letter = outbox.post_to_space(form.workspace, asked.channel, post.payload(), once=about, about=about)
    outbox.enqueue(session, letter, now)
    return asked


def _make_question(session: Session, message: Message, person: str, now: datetime) -> Modal:
    if questions.is_asked(session, message.workspace, message.channel, message.ts):
        return forms.note(blocks.A_QUESTION_ALREADY)
    asked = questions.ask(session, message, person, QuestionVia.SHORTCUT)
    if asked is not None:
        choices = read_choices(session, message.workspace)
        questions.settle_answer(session, asked, choices, now, quiet=False)
    return forms.note(blocks.NOW_A_QUESTION, forms.DONE_TITLE)


def _begun_by(session: Session, reply: Message, person: str) -> Question | None:
    """The thread as a question, if this person began it; the mark says that they were asking."""
    root = find_message(session, reply.workspace, reply.channel, reply.thread_ts or "")
    if root is None or root.deleted or root.by_bot or root.author != person:
        return None
    return questions.ask(session, root, person, QuestionVia.SHORTCUT)


def _no_question(session: Session, reply: Message) -> str:
    root = find_message(session, reply.workspace, reply.channel, reply.thread_ts or "")
    author = root.author if root is not None and not root.by_bot else None
    name = name_of(session, reply.workspace, author or "")
    return blocks.NO_QUESTION.format(author=escape(name))


def _accept(session: Session, question: Question, reply: Message, person: str, now: datetime) -> Modal:
    if not questions.may_accept(session, question, person):
        asker = escape(name_of(session, question.workspace, question.asker))
        return forms.note(blocks.ONLY_THE_ASKER.format(asker=asker))
    if question.answer_ts == reply.ts:
        return forms.note(blocks.ANSWERED_ALREADY)
    has_acted(session, question.workspace, person, "marked an answer")
    questions.accept(session, question, reply, person, read_choices(session, question.workspace), now)
    return forms.note(blocks.ANSWERED, forms.DONE_TITLE)
