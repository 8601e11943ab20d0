"""Offering times for a talk: either of the two does, the learner also says with whom; the other then chooses."""

from datetime import datetime

from bot.blocks import talk_form
from bot.blocks import talks as blocks
from bot.blocks.kit import Modal, local_day
from bot.interactions import Press, Submission
from bot.rules import talk_cards, talk_entries, talk_times
from bot.rules.attention import Started, has_acted
from bot.rules.availability import calendar_of
from bot.rules.budget import Urgency, Wish
from bot.rules.managers import manager_of
from bot.rules.naming import name_of
from bot.rules.talk_dates import TalkWentOn, Wrong, own_talk, say
from storage import outbox_cards
from storage.inbox import heard_before
from storage.people import find_person
from storage.plans import HelpState, find_plan_of
from storage.session import Session
from storage.talks import Said, Talk, TalkState

OPEN = (TalkState.ASKED, TalkState.OFFERED, TalkState.AGREED, TalkState.NOT_NEEDED, TalkState.LAPSED)


def open_form(session: Session, press: Press, now: datetime) -> Modal:
    """The form to offer times, with three that suit both calendars; raises NotYourTalk and TalkWentOn."""
    talk = own_talk(session, press.workspace, press.value, press.person)
    if not _may_offer(talk, press.person):
        raise TalkWentOn
    other = partner_of(session, talk) if press.person == talk.learner else talk.learner
    return talk_form.form(
        talk_form.Form(
            talk.id,
            name_of(session, talk.workspace, other) if other else "",
            talk_times.propose(session, talk, press.person, other, now),
            talk.minutes,
            chooses=_may_choose(talk, press.person),
            partner=other,
            back_on=_back_on(session, talk, press.person, other, now),
        )
    )


def offer(session: Session, form: Submission, now: datetime) -> Wrong | None:
    """Offer these times: the other gets a card to choose from. Raises NotYourTalk and TalkWentOn."""
    talk = own_talk(session, form.workspace, form.metadata.get("talk"), form.person, lock=True)
    chooses = _may_choose(talk, form.person)
    other = form.words("partner") if chooses else ""
    other = other or (partner_of(session, talk) if form.person == talk.learner else talk.learner) or ""
    times, wrong = talk_times.read(session, talk.workspace, form, other, now)
    if chooses:
        wrong |= _check_partner(session, talk, other)
    if wrong:
        return Wrong(wrong)
    if not _may_offer(talk, form.person):
        raise TalkWentOn
    if not heard_before(session, form.workspace, form.key, now):
        if other != talk.manager and form.person == talk.learner:
            _change_partner(session, talk, other, now)
        _store_offer(session, talk, form, times, now)
    return None


def partner_of(session: Session, talk: Talk) -> str | None:
    """With whom the learner talks: whoever was asked; until then the manager of today, else the plan's buddy."""
    if talk.offered_at is not None and talk.manager is not None:
        return talk.manager
    manager = manager_of(session, talk.workspace, talk.learner)
    plan = find_plan_of(session, talk.workspace, talk.enrolment)
    if manager is None and plan is not None and plan.buddy_state == HelpState.ACCEPTED:
        return plan.buddy
    return manager


def _may_offer(talk: Talk, person: str) -> bool:
    """Also after the other said that they talked, until one has said so too or words were written about it."""
    if talk.state != TalkState.HELD:
        return talk.state in OPEN
    own = talk.learner_said if person == talk.learner else talk.manager_said
    return own != Said.HAPPENED and talk.sealed_feedback is None


def _may_choose(talk: Talk, person: str) -> bool:
    return person == talk.learner and talk.state != TalkState.HELD and talk.sealed_feedback is None


def _back_on(session: Session, talk: Talk, person: str, other: str | None, now: datetime) -> str:
    """The first day after an absence of the other that goes on, in words."""
    if other is None or find_person(session, talk.workspace, other) is None:
        return ""
    theirs = calendar_of(session, talk.workspace, other, now, heeds_pause=False)
    today = theirs.today(now)
    if not theirs.is_away(today):
        return ""
    back = theirs.at(theirs.next_working_day(today))
    return local_day(back, calendar_of(session, talk.workspace, person, now).zone)


def _change_partner(session: Session, talk: Talk, partner: str, now: datetime) -> None:
    """Whoever it was before is out of it: no date, no card to press, nothing to read."""
    before = talk.manager
    if before is not None:
        talk_cards.take_out_of_calendars(session, talk, talk.learner, now)
        shown = talk_cards.picture(session, talk, before, now)
        card = blocks.with_somebody_else(shown).payload()
        outbox_cards.redraw(session, talk.workspace, talk_cards.about(talk, before), card, now)
        talk_entries.bring(session, talk, (), now)
    talk.manager, talk.manager_said = partner, None
    session.flush()


def _store_offer(
    session: Session, talk: Talk, form: Submission, times: list[datetime], now: datetime
) -> None:
    if talk.state in (TalkState.AGREED, TalkState.HELD):
        say(talk, form.person, Said.MOVED)
    other = talk_cards.other_of(talk, form.person) or ""
    theirs = calendar_of(session, talk.workspace, other, now, heeds_pause=False)
    quiet = theirs.at(theirs.add_working_days(theirs.today(now), talk_cards.NO_ANSWER_DAYS))
    talk.state, talk.offers = TalkState.OFFERED.value, [time.isoformat() for time in times]
    talk.offered_by, talk.offered_at = form.person, now
    talk.minutes = _minutes(form, talk.minutes)
    talk.due_at = min(quiet, max(times))
    session.flush()
    _ask_other(session, talk, form, other, now)


def _ask_other(session: Session, talk: Talk, form: Submission, other: str, now: datetime) -> None:
    has_acted(session, talk.workspace, form.person, "offered times for a talk")
    shown = talk_cards.picture(session, talk, other, now)
    wanted = Wish(
        talk.workspace,
        other,
        Started.TALK,
        f"talk:{talk.id}:offer:{form.view}",
        blocks.line(blocks.LINE_WISHES, shown),
        None,
        Urgency.REQUEST,
        asked_by=form.person,
        not_after=max(talk_cards.offers_of(talk)),
    )
    talk_cards.present(session, talk, other, wanted, now)
    talk_cards.redraw(session, talk, now, only=form.person)


def _check_partner(session: Session, talk: Talk, partner: str) -> dict[str, str]:
    if not partner:
        return {"partner": talk_form.NOBODY}
    known = find_person(session, talk.workspace, partner)
    gone = known is not None and (known.is_bot or known.is_external or known.is_deactivated or known.left_out)
    return {"partner": talk_form.NOT_THEM} if gone or partner == talk.learner else {}


def _minutes(form: Submission, before: int) -> int:
    chosen = form.words("minutes")
    return int(chosen) if chosen in {str(length) for length in talk_form.LENGTHS} else before
