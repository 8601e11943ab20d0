"""Whatever the order and repetition in which Slack delivers, the database ends the same, as a small model says."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count, groupby
from typing import Any

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from sqlalchemy import select

from bot.incoming import MessageFact, ReactionFact, parse_message, parse_reaction
from bot.rules import messages, reactions
from bot.rules.choices import DEFAULTS
from bot.rules.tags import find_tag
from storage.contributions import Contribution, ContributionState, Nomination
from storage.discussions import Discussion, Question
from storage.messages import Message
from storage.outbox import OutboxRow
from storage.reactions import Reaction
from storage.session import Database
from storage.workspaces import Workspace

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
PEOPLE = ["UASHA", "UMARA", "UTOMAS"]
TEXTS = [
    "#solution close the valve first",
    "just a note",
    "which valve? #ask",
    "see `#demo`",
    "today #til: salt",
]
EMOJI = [DEFAULTS.nominate_emoji, DEFAULTS.yes_emoji, "tada"]
_workspaces = count(1)


@dataclass
class Post:
    """A message as the people in the channel see it at the end."""

    ts: str
    author: str
    text: str
    root: str | None
    deleted: bool = False
    marks: dict[tuple[str, str], bool] = field(default_factory=dict)
    marked_at: dict[tuple[str, str], str] = field(default_factory=dict)


class Delivery(RuleBasedStateMachine):
    """People write, change, delete and react; Slack delivers late, twice and in any order."""

    posts = Bundle("posts")
    database: Database

    def __init__(self) -> None:
        super().__init__()
        self.workspace = f"T{next(_workspaces)}X{id(self.database)}"
        self.world: list[Post] = []
        self.clock = count(1_700_000_000)
        self.undelivered: list[dict[str, Any]] = []
        with self.database.write() as session:
            session.add(Workspace(id=self.workspace, url="https://example.slack.com/"))
            session.commit()

    def tick(self) -> str:
        return f"{next(self.clock)}.000100"

    def event(self, **inner: Any) -> dict[str, Any]:
        body = {"team_id": self.workspace, "event": {"channel": "C1", "channel_type": "channel", **inner}}
        self.undelivered.append(body)
        return body

    def shape(self, post: Post, **more: Any) -> dict[str, Any]:
        thread = {"thread_ts": post.root} if post.root else {}
        return {"type": "message", "user": post.author, "text": post.text, "ts": post.ts, **thread, **more}

    @rule(target=posts, author=st.sampled_from(PEOPLE), text=st.sampled_from(TEXTS))
    def writes(self, author: str, text: str) -> Post:
        post = Post(self.tick(), author, text, None)
        self.world.append(post)
        self.event(**self.shape(post))
        return post

    @rule(target=posts, to=posts, author=st.sampled_from(PEOPLE), text=st.sampled_from(TEXTS))
    def replies(self, to: Post, author: str, text: str) -> Post:
        post = Post(self.tick(), author, text, to.root or to.ts)
        self.world.append(post)
        self.event(**self.shape(post))
        return post

    @rule(post=posts, text=st.sampled_from(TEXTS))
    def edits(self, post: Post, text: str) -> None:
        if post.deleted:
            return
        before, when = self.shape(post), self.tick()
        post.text = text
        after = self.shape(post, edited={"user": post.author, "ts": when})
        self.event(type="message", subtype="message_changed", ts=when, message=after, previous_message=before)

    @rule(post=posts)
    def deletes(self, post: Post) -> None:
        if post.deleted:
            return
        post.deleted = True
        self.event(
            type="message",
            subtype="message_deleted",
            ts=self.tick(),
            deleted_ts=post.ts,
            previous_message=self.shape(post),
        )

    @rule(post=posts, person=st.sampled_from(PEOPLE), emoji=st.sampled_from(EMOJI))
    def reacts_or_takes_it_back(self, post: Post, person: str, emoji: str) -> None:
        standing, when = not post.marks.get((person, emoji), False), self.tick()
        post.marks[person, emoji], post.marked_at[person, emoji] = standing, when
        item = {"type": "message", "channel": "C1", "ts": post.ts}
        kind = "reaction_added" if standing else "reaction_removed"
        self.event(type=kind, user=person, reaction=emoji, item=item, event_ts=when)

    @precondition(lambda self: self.undelivered)
    @rule(data=st.data())
    def slack_delivers_some(self, data: st.DataObject) -> None:
        chosen = data.draw(st.lists(st.sampled_from(self.undelivered), min_size=1, max_size=8))
        self.deliver(chosen)
        if data.draw(st.booleans()):  # else they come again later
            self.undelivered = [body for body in self.undelivered if body not in chosen]

    def deliver(self, bodies: list[dict[str, Any]]) -> None:
        facts = [_parse(body) for body in bodies]
        with self.database.write() as session:
            for kind, group in groupby(facts, key=type):
                record = messages.record if kind is MessageFact else reactions.record
                record(session, list(group), NOW)  # type: ignore[arg-type]  # grouped by their type
            session.commit()

    def teardown(self) -> None:
        if self.undelivered:
            self.deliver(list(reversed(self.undelivered)))
        assert self.stored() == self.expected()

    def stored(self) -> dict[str, Any]:
        with self.database.read() as session:

            def rows(table: Any, *conditions: Any) -> list[Any]:
                return list(
                    session.scalars(select(table).where(table.workspace == self.workspace, *conditions))
                )

            return {
                "messages": {m.ts: (m.author, m.text, m.thread_ts, m.deleted) for m in rows(Message)},
                "reactions": {
                    (r.ts, r.person, r.emoji): r.event_ts for r in rows(Reaction, Reaction.standing)
                },
                "threads": {d.ts: (d.replies, d.last_ts) for d in rows(Discussion)},
                "kept": {
                    c.ts: (c.author, c.kind)
                    for c in rows(Contribution, Contribution.state == ContributionState.KEPT)
                },
                "asked": {
                    q.ts: (q.asker, q.answer_ts, q.accepted_by) for q in rows(Question, ~Question.withdrawn)
                },
                "nominated": {n.ts for n in rows(Nomination)},
                "shown": self._shown(rows(OutboxRow, OutboxRow.method.like("reactions.%"))),
            }

    @staticmethod
    def _shown(letters: list[OutboxRow]) -> set[tuple[str, str]]:
        """The app's own reactions as they stand after all letters."""
        last = {
            (row.payload["timestamp"], row.payload["name"]): row
            for row in sorted(letters, key=lambda r: r.id)
        }
        return {place for place, row in last.items() if row.method == "reactions.add"}

    def expected(self) -> dict[str, Any]:
        alive = [post for post in self.world if not post.deleted]
        tags = {post.ts: find_tag(post.text, DEFAULTS.tags) for post in alive if " " in post.text}
        kept = {post.ts: (post.author, DEFAULTS.tags[tag]) for post in alive if (tag := tags.get(post.ts))}
        asked = {
            p.ts: (p.author, *self._answer(p)) for p in alive if p.text.endswith("#ask") and p.root is None
        }
        shown = {(ts, DEFAULTS.kept_emoji) for ts in kept}
        return {
            "messages": {
                p.ts: (p.author, "" if p.deleted else p.text, p.root, p.deleted) for p in self.world
            },
            "reactions": {
                (p.ts, *who): p.marked_at[who]
                for p in self.world
                for who, stands in p.marks.items()
                if stands
            },
            "threads": {root: self._thread(root) for root in {p.root for p in self.world if p.root}},
            "kept": kept,
            "asked": asked,
            "nominated": {p.ts for p in alive if p.ts not in kept and self._nominated(p)},
            "shown": shown | {(answer, DEFAULTS.answer_emoji) for _, answer, _ in asked.values() if answer},
        }

    def _thread(self, root: str) -> tuple[int, str]:
        standing = [post.ts for post in self.world if post.root == root and not post.deleted]
        return len(standing), max(standing, default=root)

    @staticmethod
    def _nominated(post: Post) -> bool:
        return any(
            stands and emoji == DEFAULTS.nominate_emoji and person != post.author
            for (person, emoji), stands in post.marks.items()
        )

    def _answer(self, question: Post) -> tuple[str | None, str | None]:
        marks = [
            (reply.marked_at[who], reply.ts, who[0])
            for reply in self.world
            if reply.root == question.ts and not reply.deleted
            for who, stands in reply.marks.items()
            if stands and who == (question.author, DEFAULTS.yes_emoji)
        ]
        return min(marks)[1:] if marks else (None, None)


def _parse(body: dict[str, Any]) -> MessageFact | ReactionFact:
    fact = parse_reaction(body) if body["event"]["type"].startswith("reaction") else parse_message(body)
    assert isinstance(fact, MessageFact | ReactionFact)
    return fact


def test_any_order_and_repetition_ends_in_the_same_database(database: Database) -> None:
    """Twice, shuffled, interleaved with edits, deletions and reactions: the end is what people see in Slack."""
    machine = type("DeliveryHere", (Delivery,), {"database": database})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=60,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
        ),
    )
