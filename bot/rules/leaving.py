"""Leaving: who asks to be left out keeps ids here and nothing else, until they ask to be taken in again."""

from dataclasses import dataclass
from datetime import datetime

from bot.rules import contributions, departures, nominations
from bot.rules.attention import has_acted
from bot.rules.choices import read_choices
from bot.rules.roles import LastAdmin, is_last_admin
from storage import leaving, outbox, outbox_cards
from storage.attention import forget_attention
from storage.availability import forget_leaves
from storage.contributions import ContributionState, Nomination, NominationState
from storage.inbox import blank_failed
from storage.messages import find_message, forget_words
from storage.people import get_person, log_act
from storage.plans_forgetting import forget_goals, forget_plans
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Wish:
    """A person wishes to be left out, or taken in again."""

    workspace: str
    person: str

    @property
    def subjects(self) -> tuple[str, ...]:
        """The last admin must not leave while another one does."""
        return (f"{self.workspace}/roles",)


def leave_out(session: Session, wish: Wish, now: datetime) -> None:
    """Forget this person's words and gifts, keep ids only from now on; safe to repeat. Raises LastAdmin."""
    workspace, person = wish.workspace, wish.person
    if is_last_admin(session, workspace, person):
        raise LastAdmin
    known = get_person(session, workspace, person)
    known.left_out, known.welcome_because = True, None
    known.name = known.tz = known.locale = ""
    session.flush()
    forget_words(session, workspace, person)
    about = _withdraw_gifts(session, wish, now) + _withdraw_questions(session, wish)
    about += _end_nominations(session, wish, now)
    departures.person_left(session, workspace, person, now)
    about += forget_plans(session, workspace, person) + forget_goals(session, workspace, person)
    for role in leaving.end_roles(session, workspace, person):
        log_act(session, workspace, person, "role ended", f"{role.role} {person} {role.scope}".strip(), now)
    leaving.forget_letters(session, workspace, person, about)
    blank_failed(session, workspace, person)
    forget_attention(session, workspace, person)
    forget_leaves(session, workspace, person)
    outbox.enqueue(session, outbox.home_is_stale(workspace, person), now)


def take_in(session: Session, wish: Wish, now: datetime) -> None:
    """Record this person again from now on; what was forgotten stays forgotten."""
    known = get_person(session, wish.workspace, wish.person)
    known.left_out, known.known_at = False, None  # their profile is asked for again
    has_acted(session, wish.workspace, wish.person, "asked to be taken in again")
    session.flush()
    outbox.enqueue(session, outbox.home_is_stale(wish.workspace, wish.person), now)


def _withdraw_gifts(session: Session, wish: Wish, now: datetime) -> list[str]:
    choices = read_choices(session, wish.workspace)
    gifts = leaving.find_given(session, wish.workspace, wish.person)
    for given in gifts:
        stood = given.state == ContributionState.KEPT
        given.state, given.clip_until = ContributionState.WITHDRAWN, None
        leaving.forget_gift(session, given)
        if stood:
            contributions.confirm(session, given, choices, now)
    session.flush()
    places = [(given.channel, given.ts) for given in gifts if given.ts and given.form]
    leaving.forget_posts(session, wish.workspace, places)
    return [f"{noun}:{given.id}" for given in gifts for noun in ("contribution", "clip")]


def _withdraw_questions(session: Session, wish: Wish) -> list[str]:
    asked = leaving.find_asked(session, wish.workspace, wish.person)
    for question in asked:
        question.withdrawn, question.text = True, ""
    session.flush()
    places = [(question.channel, question.ts) for question in asked if question.ts and question.form]
    leaving.forget_posts(session, wish.workspace, places)
    return [f"question:{question.id}" for question in asked]


def _end_nominations(session: Session, wish: Wish, now: datetime) -> list[str]:
    """Of their own messages nothing is asked any more; what they alone nominated is taken back."""
    open_ones = leaving.find_open_nominations(session, wish.workspace, wish.person)
    own = [nomination for nomination in open_ones if nomination.author == wish.person]
    for nomination in own:
        nomination.state, nomination.title, nomination.subjects = NominationState.VOID, "", []
        outbox_cards.take_back(
            session, wish.workspace, nominations.about_of(nomination.channel, nomination.ts)
        )
    for nomination in open_ones:
        if nomination.author != wish.person:
            _settle_again(session, nomination, now)
    session.flush()
    return [nominations.about_of(nomination.channel, nomination.ts) for nomination in own]


def _settle_again(session: Session, nomination: Nomination, now: datetime) -> None:
    message = find_message(session, nomination.workspace, nomination.channel, nomination.ts)
    if message is not None:
        choices = read_choices(session, nomination.workspace)
        nominations.settle(session, message, choices, now, quiet=False)
