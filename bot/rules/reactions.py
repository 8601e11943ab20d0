"""Recording reactions: every emoji put on or taken off a message, once, in any order, and what follows from it."""

from collections.abc import Sequence
from datetime import datetime

from bot.incoming import ReactionFact, Source
from bot.rules.quietness import is_quiet
from bot.rules.settling import settle
from storage.people import ADD_PEOPLE
from storage.reactions import ADD_REACTIONS
from storage.session import Session
from storage.spaces import ADD_SPACES


def record(session: Session, facts: Sequence[ReactionFact], now: datetime) -> None:
    """Store reactions of one workspace, the latest word of each person and emoji, and settle what follows."""
    latest: dict[tuple[str, ...], ReactionFact] = {}
    for fact in sorted(facts, key=lambda fact: (fact.event_ts, not fact.standing)):
        latest[(*fact.place, fact.person, fact.emoji)] = fact
    workspace = facts[0].workspace
    heard = [fact for fact in latest.values() if fact.source is not Source.IMPORTED]
    ADD_PEOPLE(session, {(workspace, fact.person, False, False) for fact in latest.values()})
    ADD_SPACES(session, {(workspace, fact.channel, False, bool(heard)) for fact in latest.values()})
    ADD_REACTIONS(
        session,
        [
            (workspace, fact.channel, fact.ts, fact.person, fact.emoji, fact.standing, fact.event_ts)
            for fact in latest.values()
        ],
    )
    quiet = {fact.place for fact in latest.values() if is_quiet(fact.source, fact.ts, now)}
    loud = {fact.place for fact in latest.values()} - quiet
    settle(session, workspace, loud, now, quiet=False)
    settle(session, workspace, quiet, now, quiet=True)
