"""The page for a talk: what the learner brings, who may open it, and the words for the learner afterwards."""

from datetime import datetime

from bot.blocks import talks as cards
from bot.blocks import talks_brief as blocks
from bot.blocks.kit import Modal, local_day
from bot.blocks.plans_words import shown_item
from bot.interactions import Press, Submission
from bot.rules import talk_cards, talk_entries
from bot.rules.attention import Started
from bot.rules.availability import calendar_of
from bot.rules.budget import Urgency, Wish, wish
from bot.rules.journal import words_of
from bot.rules.journal_sight import may_read
from bot.rules.naming import name_of
from bot.rules.plans_sight import items_seen_by, viewers
from bot.rules.talk_dates import NotYourTalk, TalkWentOn, Wrong, own_talk
from storage import journal, outbox
from storage.inbox import heard_before
from storage.people import find_person
from storage.plans import MADE, ItemState, find_plan_of
from storage.sealing import seal, unseal
from storage.session import Session
from storage.talks import WITH_BRIEF, Talk, TalkState, chosen_entries

LONGEST = 3_000


def open_choice(session: Session, press: Press, now: datetime) -> Modal:
    """What the learner may bring; raises NotYourTalk and TalkWentOn."""
    talk = own_talk(session, press.workspace, press.value, press.person)
    if press.person != talk.learner:
        raise NotYourTalk
    if talk.state not in WITH_BRIEF:
        raise TalkWentOn
    zone = calendar_of(session, talk.workspace, talk.learner, now).zone
    entries = [
        (entry.id, local_day(entry.written_at, zone), words_of(session, entry))
        for entry in journal.find_entries(session, talk.workspace, talk.learner)[: blocks.MOST_OFFERED]
    ]
    other = name_of(session, talk.workspace, talk.manager or "")
    return blocks.choice(talk.id, other, entries, chosen_entries(session, talk))


def choose(session: Session, form: Submission, now: datetime) -> None:
    """Bring exactly these: the other may read them on the page from now on, and no others from the journal.

    Raises NotYourTalk and TalkWentOn.
    """
    talk = own_talk(session, form.workspace, form.metadata.get("talk"), form.person, lock=True)
    if form.person != talk.learner:
        raise NotYourTalk
    if talk.state not in WITH_BRIEF:
        raise TalkWentOn
    if heard_before(session, form.workspace, form.key, now):
        return
    mine = {entry.id for entry in journal.find_entries(session, talk.workspace, talk.learner)}
    wanted = {int(value) for value in form.chosen("entries") if value.isascii() and value.isdigit()}
    brought = sorted(wanted & mine)[: blocks.MOST_ENTRIES]
    talk_entries.bring(session, talk, brought, now)


def open_brief(session: Session, press: Press, now: datetime) -> Modal:
    """The page, for the two of the talk; what the other reads counts as looked at. Raises NotYourTalk, TalkWentOn."""
    talk = own_talk(session, press.workspace, press.value, press.person)
    if talk.state not in WITH_BRIEF:
        raise TalkWentOn
    shown = talk_cards.picture(session, talk, press.person, now)
    return blocks.brief(
        blocks.Brief(
            learner=shown.learner,
            other=name_of(session, talk.workspace, talk.manager or ""),
            programme=shown.programme,
            time=shown.starts.shown if shown.starts else "",
            items=_items(session, talk, press.person),
            sees_plan=_sees_plan(session, talk, press.person),
            entries=_entries(session, talk, press.person, now),
        )
    )


def open_feedback(session: Session, press: Press, _now: datetime) -> Modal:
    """The form for a few words to the learner; raises NotYourTalk and TalkWentOn."""
    talk = own_talk(session, press.workspace, press.value, press.person)
    if press.person != talk.manager:
        raise NotYourTalk
    if talk.state != TalkState.HELD:
        raise TalkWentOn
    before = unseal(session, talk.workspace, talk.sealed_feedback) if talk.sealed_feedback else ""
    return blocks.feedback_form(talk.id, name_of(session, talk.workspace, talk.learner), before)


def give_feedback(session: Session, form: Submission, now: datetime) -> Wrong | None:
    """Keep the words, sealed, and tell the learner once that they are there. Raises NotYourTalk and TalkWentOn."""
    talk = own_talk(session, form.workspace, form.metadata.get("talk"), form.person, lock=True)
    if form.person != talk.manager:
        raise NotYourTalk
    if talk.state != TalkState.HELD:
        raise TalkWentOn
    words = form.words("words")
    if not words:
        return Wrong({"words": blocks.NO_WORDS})
    if not heard_before(session, form.workspace, form.key, now):
        talk.sealed_feedback = seal(session, talk.workspace, words[:LONGEST])
        session.flush()
        _tell_learner(session, talk, now)
    return None


def read_feedback(session: Session, press: Press, _now: datetime) -> Modal:
    """What the other wrote; raises NotYourTalk and TalkWentOn."""
    talk = own_talk(session, press.workspace, press.value, press.person)
    if talk.sealed_feedback is None:
        raise TalkWentOn
    words = unseal(session, talk.workspace, talk.sealed_feedback)
    return blocks.feedback(name_of(session, talk.workspace, talk.manager or ""), words)


def _items(session: Session, talk: Talk, reader: str) -> list[tuple[str, bool]]:
    plan = find_plan_of(session, talk.workspace, talk.enrolment)
    items = items_seen_by(session, plan, reader) if plan is not None else []
    return [(shown_item(item.cue, item.action), item.state == ItemState.DONE) for item in items]


def _sees_plan(session: Session, talk: Talk, reader: str) -> bool:
    """Whoever is neither buddy nor manager (any more) talks about it without seeing it."""
    plan = find_plan_of(session, talk.workspace, talk.enrolment)
    return plan is None or plan.state not in MADE or bool(viewers(session, plan, reader))


def _entries(session: Session, talk: Talk, reader: str, now: datetime) -> list[str]:
    words = []
    for number in chosen_entries(session, talk):
        entry = journal.find_entry(session, talk.workspace, number)
        if entry is not None and may_read(session, entry, reader):
            words.append(words_of(session, entry))
            if reader != entry.person:
                journal.add_look(session, talk.workspace, entry.id, reader, now)
    return words


def _tell_learner(session: Session, talk: Talk, now: datetime) -> None:
    talk_cards.redraw(session, talk, now)
    shown = talk_cards.picture(session, talk, talk.learner, now)
    known = find_person(session, talk.workspace, talk.learner)
    message = cards.feedback_card(shown)
    letter = outbox.post_to_person(
        talk.workspace, talk.learner, message.payload(), dm=known.dm if known else None
    )
    wanted = Wish(
        talk.workspace,
        talk.learner,
        Started.TALK,
        f"talk:{talk.id}:feedback",
        cards.line(cards.LINE_FEEDBACK, shown),
        letter,
        Urgency.REQUEST,
        asked_by=talk.manager,
    )
    wish(session, wanted, now)
