"""Leaving: whoever asks to be left out keeps ids here and nothing else, until they ask to be taken in again."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text

from bot.rules import leaving, roles
from bot.rules.attention import Started, may_write
from bot.rules.leaving import Wish
from bot.rules.roles import Duty, RoleChange, RoleKey
from storage.contributions import NominationState, find_contribution, find_nomination
from storage.discussions import find_question
from storage.messages import find_message
from storage.people import find_person, has_role, is_left_out
from storage.profiles import store_people
from storage.session import Database, Session
from tests.rules.nouns import NOW, TS, TS2, TS3, C, T, marked, said
from tests.rules.world import letters_to, open_office, profile


@pytest.fixture
def office(database: Database) -> Iterator[Session]:
    """A workspace with people, a space and an admin."""
    yield from open_office(database)


SECRET = "zanzibar"
TABLES = ("messages", "files", "contributions", "contribution_subjects", "questions", "nominations", "outbox")


def everything(session: Session) -> str:
    """All that is stored about what people said."""
    return " ".join(
        str([tuple(row) for row in session.execute(text(f"SELECT * FROM {table}"))])  # noqa: S608  our own names
        for table in TABLES
    )


def test_words_gifts_questions_and_roles_are_gone(office: Session) -> None:
    """No word of theirs is in any table, what they gave is withdrawn, their roles and waiting letters end."""
    said(office, "UTOM", f"#solution {SECRET}")
    said(office, "UTOM", f"{SECRET}? #ask", TS2)
    said(office, "UTOM", f"about {SECRET}", TS3)
    marked(office, "UMARA", "bulb", TS3)
    roles.give(office, RoleChange(T, "UASHA", RoleKey("UTOM", Duty.FACILITATOR, C)), NOW)
    assert SECRET in everything(office)
    for _ in range(2):
        leaving.leave_out(office, Wish(T, "UTOM"), NOW)
    office.flush()
    office.expire_all()
    assert SECRET not in everything(office)
    given, asked = find_contribution(office, T, C, TS), find_question(office, T, C, TS2)
    assert given is not None
    assert asked is not None
    assert (given.state, asked.withdrawn) == ("withdrawn", True)
    nominated = find_nomination(office, T, C, TS3)
    assert nominated is None or nominated.state == NominationState.VOID
    assert letters_to(office, "UTOM") == []
    assert not has_role(office, T, "UTOM", Duty.FACILITATOR, C)
    assert not may_write(office, T, "UTOM", Started.NOMINATION, asked_by="UMARA")


def test_of_somebody_left_out_not_even_the_name_is_kept(office: Session) -> None:
    """Neither an event nor the list of people brings the name back before they do."""
    leaving.leave_out(office, Wish(T, "UTOM"), NOW)
    profile(office, {"id": "UTOM", "name": "Tom", "tz": "Asia/Tokyo"}, TS)
    store_people(office, [{"workspace": T, "id": "UTOM", "name": "Tom", "tz": "Asia/Tokyo"}], NOW)
    office.expire_all()
    known = find_person(office, T, "UTOM")
    assert known is not None
    assert (known.name, known.tz) == ("", "")
    leaving.take_in(office, Wish(T, "UTOM"), NOW)
    profile(office, {"id": "UTOM", "name": "Tom", "tz": "Asia/Tokyo"}, TS2)
    assert known.name == "Tom"


def test_what_they_say_later_is_not_kept_until_they_come_back(office: Session) -> None:
    """Ids only while left out; from the return on words are kept, the old ones stay forgotten."""
    said(office, "UTOM", SECRET)
    leaving.leave_out(office, Wish(T, "UTOM"), NOW)
    said(office, "UTOM", f"#solution {SECRET}", TS2)
    assert SECRET not in everything(office)
    assert find_contribution(office, T, C, TS2) is None
    leaving.take_in(office, Wish(T, "UTOM"), NOW)
    said(office, "UTOM", "here again", TS3)
    office.expire_all()
    kept = [find_message(office, T, C, ts) for ts in (TS, TS2, TS3)]
    assert [message.text for message in kept if message is not None] == ["", "", "here again"]
    assert may_write(office, T, "UTOM", Started.NOMINATION)


def test_the_last_admin_is_told_why_not(office: Session) -> None:
    """The only admin keeps everything and hears what to do first."""
    with pytest.raises(roles.LastAdmin, match="only admin"):
        leaving.leave_out(office, Wish(T, "UASHA"), NOW)
    assert not is_left_out(office, T, "UASHA")


def test_other_people_keep_theirs(office: Session) -> None:
    """Somebody leaving changes nothing of anybody else's."""
    said(office, "UMARA", "#solution knead it twice")
    leaving.leave_out(office, Wish(T, "UTOM"), NOW)
    office.expire_all()
    given, message = find_contribution(office, T, C, TS), find_message(office, T, C, TS)
    assert given is not None
    assert message is not None
    assert (given.state, message.text) == ("kept", "#solution knead it twice")
