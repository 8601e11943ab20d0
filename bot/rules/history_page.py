"""A page of history: what Slack shows there now is compared with what we know, and the difference becomes facts."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import chain

from bot.incoming import MessageFact, ReactionFact, Source
from bot.incoming_world import MembershipFact
from bot.past import Said
from bot.rules import messages, reactions, spaces
from bot.rules.attention import has_acted, may_answer
from bot.rules.history_stretches import Stretch, stretches_of
from bot.rules.quietness import is_quiet
from storage.history import find_all_reactions, find_standing_between
from storage.people import get_person
from storage.session import Session
from storage.spaces import find_space

Reacted = tuple[str, str, str]  # ts of the message, person, emoji


@dataclass(frozen=True, slots=True)
class Page:
    """Messages next to each other in a channel's history or in a thread, as Slack showed them at `read_at`.

    All that stands between `after` and `before` is here. `partly` names the reactions (ts, emoji) of which Slack
    did not tell every person. `done` is the stretch this page is of, `left` what remains of it;
    `joined` is when our time there began, and `coming` the line that tells so.
    """

    workspace: str
    channel: str
    said: tuple[Said, ...]
    read_at: str
    after: str
    before: str
    source: Source
    thread: str | None = None
    partly: frozenset[tuple[str, str]] = frozenset()
    done: Stretch | None = None
    left: Stretch | None = None
    joined: str | None = None
    coming: MembershipFact | None = None

    @property
    def subjects(self) -> tuple[str, ...]:
        """Every message of the page, and their threads."""
        return tuple(chain.from_iterable(said.message.subjects for said in self.said))


def record_page(session: Session, page: Page, now: datetime) -> None:
    """Take in what is new on this page, changed or gone, and note how far we have read."""
    said = [one.message for one in page.said] + list(_gone(session, page))
    if said:
        messages.record(session, said, now)
    given = list(_changed_reactions(session, page))
    if given:
        reactions.record(session, given, now)
    if page.coming is not None:
        _record_coming(session, page.coming, now)
    if page.done is not None:
        _note_progress(session, page)


def _record_coming(session: Session, coming: MembershipFact, now: datetime) -> None:
    """We were invited while we did not listen; if that is long ago, nobody is told about it any more."""
    if not is_quiet(Source.CAUGHT_UP, coming.event_ts, now):
        spaces.record_membership(session, coming, now)
        return
    space = find_space(session, coming.workspace, coming.channel)
    if space is None or coming.inviter is None:
        return
    space.invited_by = space.invited_by or coming.inviter
    get_person(session, coming.workspace, coming.inviter)
    if may_answer(session, coming.workspace, coming.inviter):
        has_acted(session, coming.workspace, coming.inviter, "invited the app")
        spaces.make_facilitator(session, space, coming.inviter, now)


def _note_progress(session: Session, page: Page) -> None:
    space = find_space(session, page.workspace, page.channel)
    if space is None:
        return
    if page.joined is not None:
        space.joined_ts = max(space.joined_ts or "", page.joined)
    reading = dict(space.reading or {})
    if page.source is Source.READ_BACK:
        reading["back"] = asdict(page.left) if page.left else None
    else:
        kept = [page.left if one == page.done else one for one in stretches_of(space)]
        reading["missed"] = [asdict(one) for one in kept if one is not None]
        if page.done is not None and page.done.latest is None:
            space.caught_up_ts = max(space.caught_up_ts or "", page.read_at)
    space.reading = {key: value for key, value in reading.items() if value} or None


def _gone(session: Session, page: Page) -> Iterator[MessageFact]:
    """What we know in this stretch and Slack shows no more was deleted while we did not listen."""
    shown = {said.message.ts for said in page.said}
    known = find_standing_between(session, page.workspace, page.channel, page.after, page.before, page.thread)
    for ts in known:
        if ts not in shown:
            yield MessageFact(
                page.workspace, page.channel, ts, thread_ts=page.thread, deleted=True, source=page.source
            )


def _changed_reactions(session: Session, page: Page) -> Iterator[ReactionFact]:
    shown = {(fact.ts, fact.person, fact.emoji): fact for said in page.said for fact in said.reactions}
    standing = [said.message.ts for said in page.said if not said.message.deleted]
    known = {
        (row.ts, row.person, row.emoji): row.standing
        for row in find_all_reactions(session, page.workspace, page.channel, standing)
    }
    yield from _given(shown, known, page.read_at)
    yield from _taken_away(page, shown, known)


def _given(
    shown: Mapping[Reacted, ReactionFact], known: Mapping[Reacted, bool], read_at: str
) -> Iterator[ReactionFact]:
    for key, fact in shown.items():
        if key not in known:
            yield fact
        elif not known[key]:
            # It was put there again; when, nobody tells, but it was there when we looked.
            yield _at(fact, read_at, standing=True)


def _taken_away(
    page: Page, shown: Mapping[Reacted, ReactionFact], known: Mapping[Reacted, bool]
) -> Iterator[ReactionFact]:
    for (ts, person, emoji), standing in known.items():
        if standing and (ts, person, emoji) not in shown and (ts, emoji) not in page.partly:
            yield ReactionFact(
                page.workspace,
                page.channel,
                ts,
                person,
                emoji,
                standing=False,
                event_ts=page.read_at,
                source=page.source,
            )


def _at(fact: ReactionFact, event_ts: str, *, standing: bool) -> ReactionFact:
    return ReactionFact(
        fact.workspace,
        fact.channel,
        fact.ts,
        fact.person,
        fact.emoji,
        standing,
        event_ts,
        fact.source,
    )
