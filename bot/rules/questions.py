"""Questions asked on purpose, and the reply that answers: marked with ✅ by asker or facilitator."""

from datetime import datetime

from bot.blocks import questions as blocks
from bot.rules.attention import has_acted
from bot.rules.cards import tell
from bot.rules.choices import Choices, read_choices
from bot.rules.letters import Refused, Sent
from bot.rules.naming import space_name
from bot.rules.roles import Duty
from bot.rules.tags import find_tag, is_bare
from bot.slack_ts import instant_of
from storage import outbox
from storage.discussions import Question, QuestionVia, find_question, hold_question
from storage.leaving import forget_sent
from storage.messages import Message, find_message, find_thread
from storage.notes import wake
from storage.people import has_role, is_left_out
from storage.reactions import Reaction, find_reactions
from storage.session import Session
from storage.spaces import find_space

REACTION, SHORTCUT = "reaction", "shortcut"


def settle(session: Session, message: Message, choices: Choices, now: datetime, *, quiet: bool) -> None:
    """Bring the question at this message, and the answer it may be, in line with what was said and marked."""
    question = _settle_question(session, message, choices, quiet=quiet)
    if question is None and message.thread_ts is not None:
        question = find_question(session, message.workspace, message.channel, message.thread_ts)
    if question is not None:
        settle_answer(session, question, choices, now, quiet=quiet)


def _settle_question(session: Session, message: Message, choices: Choices, *, quiet: bool) -> Question | None:
    known = find_question(session, message.workspace, message.channel, message.ts)
    asks = not (message.deleted or message.by_bot) and _asks(message.text, choices)
    if known is None:
        if not asks or message.author is None or message.thread_ts is not None:
            return None
        return ask(session, message, message.author, QuestionVia.TAG, quiet=quiet)
    known.withdrawn = message.deleted or (known.via == QuestionVia.TAG and not asks)
    if message.deleted:  # what its asker took back in Slack is kept nowhere
        known.text = ""
        forget_sent(session, known.workspace, f"question:{known.id}")
    return known


def is_asked(session: Session, workspace: str, channel: str, ts: str) -> bool:
    """Whether a question stands at this message."""
    known = find_question(session, workspace, channel, ts)
    return known is not None and not known.withdrawn


def _asks(text: str, choices: Choices) -> bool:
    return not is_bare(text) and find_tag(text, [choices.ask_tag]) is not None


def ask(
    session: Session, message: Message, asker: str, via: QuestionVia, *, quiet: bool = False
) -> Question | None:
    """Make this message a question asked on purpose; None when its asker wants to be left out."""
    if is_left_out(session, message.workspace, asker):
        return None
    asked = find_question(session, message.workspace, message.channel, message.ts)
    if asked is None:
        asked = Question(
            workspace=message.workspace,
            channel=message.channel,
            ts=message.ts,
            asker=asker,
            asked_at=instant_of(message.ts),
        )
        session.add(asked)
    asked.via, asked.withdrawn = via, False
    session.flush()
    if not quiet:
        has_acted(session, message.workspace, asker, "asked")
        wake(session, message.workspace, asker)  # answers come in the morning note
    return asked


def settle_answer(
    session: Session, question: Question, choices: Choices, now: datetime, *, quiet: bool
) -> None:
    """Find which reply answers the question: the earliest standing ✅ of somebody entitled decides.

    An answer given by the shortcut stands until its reply is deleted.
    """
    if question.ts is None:
        return
    # Two marks on two replies share no subject: without this, two transactions would each miss the other's.
    hold_question(session, question)
    if question.accepted_via == SHORTCUT and not question.withdrawn and _stands(session, question):
        return
    mark = None if question.withdrawn else _deciding_mark(session, question, choices)
    before = question.answer_ts
    if mark is None:
        _set_answer(question, None, None, None, None)
    elif (mark.ts, mark.person) != (question.answer_ts, question.accepted_by):
        _set_answer(question, mark.ts, mark.person, instant_of(mark.event_ts), REACTION)
    if question.answer_ts != before and not quiet:
        show_answer(session, question, before, choices, now)


def settle_sent(session: Session, sent: Sent, now: datetime) -> None:
    """The app posted a question from a form: now it has its place, and replies may be there already."""
    asked = session.get(Question, int(sent.about.partition(":")[2]))
    if asked is None or asked.ts is not None:
        return
    if find_space(session, sent.workspace, sent.channel) is not None:
        asked.channel = sent.channel  # Slack may have changed the channel's id meanwhile
    asked.ts = sent.ts
    session.flush()
    settle_answer(session, asked, read_choices(session, sent.workspace), now, quiet=False)


def regret(session: Session, refused: Refused, now: datetime) -> None:
    """Slack will never take the post: the asker is told why and gets their words back."""
    lost = session.get(Question, int(refused.about.partition(":")[2]))
    if lost is None or lost.withdrawn:
        return
    lost.withdrawn = True
    space = space_name(session, lost.workspace, lost.channel)
    says = blocks.not_posted(lost.text, space, refused.reason)
    tell(session, lost.workspace, lost.asker, says, now, once=f"not posted:{refused.about}")


def show_answer(
    session: Session, question: Question, before: str | None, choices: Choices, now: datetime
) -> None:
    """Move the app's own ☑️ from the reply that was the answer to the one that is."""
    for ts, standing in ((before, False), (question.answer_ts, True)):
        if ts is not None:
            letter = outbox.react(
                question.workspace, question.channel, ts, choices.answer_emoji, standing=standing
            )
            outbox.enqueue(session, letter, now)


def may_accept(session: Session, question: Question, person: str) -> bool:
    """Whether this person's ✅ marks the answer: the asker's or a facilitator's."""
    return person == question.asker or has_role(
        session, question.workspace, person, Duty.FACILITATOR, question.channel
    )


def accept(
    session: Session, question: Question, reply: Message, person: str, choices: Choices, now: datetime
) -> None:
    """Mark this reply as the answer at somebody's word; the caller checked `may_accept`."""
    before = question.answer_ts
    _set_answer(question, reply.ts, person, now, SHORTCUT)
    if before != reply.ts:
        show_answer(session, question, before, choices, now)


def _deciding_mark(session: Session, question: Question, choices: Choices) -> Reaction | None:
    replies = find_thread(session, question.workspace, question.channel, question.ts or "")
    places = [(reply.channel, reply.ts) for reply in replies]
    marks = find_reactions(session, question.workspace, places, [choices.yes_emoji]) if places else []
    return next((mark for mark in marks if may_accept(session, question, mark.person)), None)


def _stands(session: Session, question: Question) -> bool:
    if question.answer_ts is None:
        return False
    reply = find_message(session, question.workspace, question.channel, question.answer_ts)
    return reply is not None and not reply.deleted


def _set_answer(
    question: Question, ts: str | None, person: str | None, now: datetime | None, via: str | None
) -> None:
    question.answer_ts, question.accepted_by = ts, person
    question.accepted_at, question.accepted_via = now, via
