"""Spaces: who comes and goes, what they are called, and what the inviter is told and may ask."""

import itertools
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bot import incoming_world as heard
from bot.incoming import MessageFact
from bot.payloads import Unreadable
from bot.rules import messages, spaces
from bot.rules.roles import Duty
from storage.contributions import find_contribution
from storage.messages import find_files, find_message
from storage.outbox import find_sent
from storage.people import find_acts, find_person, has_role
from storage.session import Database, Session
from storage.spaces import Membership, Space, find_space, is_member
from tests.rules.nouns import NOW, TS, TS2, C, T, marked, said
from tests.rules.world import BOT, event, joins, leaves, letters_to, open_office, words


@pytest.fixture
def office(database: Database) -> Iterator[Session]:
    """A workspace with people, a space and an admin."""
    yield from open_office(database)


def test_who_invites_the_app_is_told_once_and_looks_after_the_space(office: Session) -> None:
    """The inviter becomes facilitator and gets one message that says what is recorded, however often it is heard."""
    for _ in range(2):
        joins(office, BOT, "CNEW", TS, inviter="UTOM")
    space = find_space(office, T, "CNEW")
    assert space is not None
    assert (space.app_is_in, space.joined_ts, space.invited_by) == (True, TS, "UTOM")
    assert has_role(office, T, "UTOM", Duty.FACILITATOR, "CNEW")
    (letter,) = letters_to(office, "UTOM")
    assert "What is recorded" in words(letter)
    assert "Leave me out" in words(letter)
    assert "Read the last 90 days" in words(letter)
    assert [act.act for act in find_acts(office, T, ["role given"])] == ["role given"]


def test_a_second_inviter_does_not_take_the_space_over(office: Session) -> None:
    """The first facilitator stays; the second inviter is still told what is recorded."""
    joins(office, BOT, "CNEW", TS, inviter="UTOM")
    leaves(office, BOT, "CNEW", TS2)
    joins(office, BOT, "CNEW", f"{TS2}1", inviter="UMARA")
    assert not has_role(office, T, "UMARA", Duty.FACILITATOR, "CNEW")
    assert len(letters_to(office, "UMARA")) == 1


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_coming_and_going_end_the_same_in_any_order(office: Session, order: tuple[int, ...]) -> None:
    """The latest event decides who is in, however they are delivered."""
    acts: list[Callable[[], object]] = [
        lambda: joins(office, "UTOM", "CNEW", "1800000001.000000"),
        lambda: leaves(office, "UTOM", "CNEW", "1800000002.000000"),
        lambda: joins(office, "UTOM", "CNEW", "1800000003.000000"),
    ]
    for nth in order:
        acts[nth]()
    assert is_member(office, T, "CNEW", "UTOM")


@pytest.mark.parametrize("backwards", [False, True])
def test_the_app_is_out_when_that_is_the_last_word(office: Session, backwards: bool) -> None:
    """Removed is removed, also when the invitation arrives after the removal."""
    removal = heard.parse_removal(event("channel_left", channel="CNEW", event_ts="1800000002.000000"))
    acts: list[Callable[[], object]] = [
        lambda: joins(office, BOT, "CNEW", "1800000001.000000", inviter="UTOM"),
        lambda: spaces.record_removal(office, removal, NOW),
    ]
    for act in reversed(acts) if backwards else acts:
        act()
    space = find_space(office, T, "CNEW")
    assert space is not None
    assert not space.app_is_in


def test_joining_oneself_after_the_app_allows_a_greeting(office: Session) -> None:
    """Who comes by themselves acted; who was brought by a colleague did not."""
    joins(office, BOT, "CNEW", TS, inviter="UASHA")
    joins(office, "UTOM", "CNEW", TS2)
    joins(office, "UMARA", "CNEW", TS2, inviter="UASHA")
    acted = {name: find_person(office, T, name).welcome_because for name in ("UTOM", "UMARA")}  # type: ignore[union-attr]
    assert acted == {"UTOM": "joined a space", "UMARA": None}


def test_names_and_archives_follow_the_latest_event(office: Session) -> None:
    """A rename heard late does not bring the old name back."""
    for name, ts in (("new", "1800000002.000000"), ("old", "1800000001.000000")):
        fact = heard.parse_rename(event("channel_rename", channel={"id": C, "name": name}, event_ts=ts))
        spaces.record_change(office, fact, NOW)
    archived = heard.parse_archiving(event("channel_archive", channel=C, event_ts="1800000003.000000"))
    spaces.record_change(office, archived, NOW)
    space = find_space(office, T, C)
    assert space is not None
    assert (space.name, space.is_archived) == ("new", True)


def test_reading_the_past_is_asked_by_who_looks_after_the_space(office: Session) -> None:
    """Only the facilitator or an admin may, twice is once, and the card says that it is under way, then done."""
    joins(office, BOT, "CNEW", TS, inviter="UTOM")
    assert spaces.ask_to_read_back(office, spaces.Asked(T, "CNEW", "UMARA"), NOW) is not None
    for _ in range(2):
        assert spaces.ask_to_read_back(office, spaces.Asked(T, "CNEW", "UTOM"), NOW) is None
    assert spaces.wishes_to_read_back(office, T) == [spaces.ReadBackWish(T, "CNEW", 90)]
    assert "Reading the last 90 days" in words(letters_to(office, "UTOM")[0])
    space = office.get_one(Space, (T, "CNEW"))
    space.read_back_days, space.read_back_at = None, NOW
    office.flush()
    spaces.record_read_back(office, spaces.ReadBackWish(T, "CNEW", 90), NOW)
    assert "I have read the last 90 days" in words(letters_to(office, "UTOM")[0])
    assert len(find_acts(office, T, ["read back"])) == 1


def _move(session: Session, old: str, new: str) -> None:
    body = event("channel_id_changed", old_channel_id=old, new_channel_id=new)
    spaces.record_move(session, heard.parse_move(body), NOW)


def test_another_id_takes_everything_along(office: Session) -> None:
    """Messages, gifts, members, roles and letters of a channel are found under its new id, and twice is once."""
    said(office, "UTOM", "#solution rebase")
    marked(office, "UMARA", "tada")
    joins(office, BOT, C, TS, inviter="UTOM")
    for _ in range(2):
        _move(office, C, "CMOVED")
    office.expire_all()
    assert find_space(office, T, C) is None
    assert find_message(office, T, "CMOVED", TS) is not None
    assert find_contribution(office, T, "CMOVED", TS) is not None
    assert is_member(office, T, "CMOVED", "UMARA")
    assert has_role(office, T, "UTOM", Duty.FACILITATOR, "CMOVED")
    assert letters_to(office, "UTOM")[0].about == "invitation:CMOVED"


def test_another_id_that_was_heard_already_is_joined(office: Session) -> None:
    """Both halves of a channel become one: nothing is lost or doubled, the later words of a message stand."""
    said(office, "UTOM", "#solution first half")
    said(office, "UTOM", "edited", TS2, version="1800000009.000000")
    office.add(Space(workspace=T, id="CMOVED", app_is_in=True))
    office.flush()

    late = [MessageFact(T, "CMOVED", TS2, author="UTOM", text="not edited")]
    messages.record(
        office, [*late, MessageFact(T, "CMOVED", "1800000010.000100", author="UMARA", text="x")], NOW
    )
    office.add(Membership(workspace=T, channel="CMOVED", person="UTOM"))
    office.flush()
    _move(office, C, "CMOVED")
    office.expire_all()
    assert find_space(office, T, C) is None
    assert find_contribution(office, T, "CMOVED", TS) is not None
    second = find_message(office, T, "CMOVED", TS2)
    assert second is not None
    assert second.text == "edited"
    assert find_message(office, T, "CMOVED", "1800000010.000100") is not None
    assert is_member(office, T, "CMOVED", "UMARA")
    assert find_files(office, T, C, TS) == []
    assert find_sent(office, T, C, TS) is None


PARSERS = (
    heard.parse_membership,
    heard.parse_removal,
    heard.parse_rename,
    heard.parse_archiving,
    heard.parse_deletion,
    heard.parse_sharing,
    heard.parse_move,
    heard.parse_profile,
    heard.parse_file_gone,
    heard.parse_home_opened,
)
NONSENSE: tuple[Any, ...] = (None, 7, [], {}, "", "\x00", {"id": None}, ["C1"], True, "x" * 100_000)


@pytest.mark.parametrize("parser", PARSERS, ids=lambda parser: parser.__name__)
def test_nonsense_is_unreadable_and_never_crashes(parser: object) -> None:
    """Whatever a payload holds, it parses or says that it cannot be read."""
    names = ("channel", "user", "file_id", "old_channel_id", "new_channel_id", "event_ts", "tokens", "team")
    for value in NONSENSE:
        for body in (
            {"team_id": T, "event": value},
            {"team_id": value},
            event("x", **dict.fromkeys(names, value)),
        ):
            with pytest.raises(Unreadable):
                parser(body)  # type: ignore[operator]
