"""Leaving: whoever asks to be left out keeps ids here and nothing else, until they ask to be taken in again."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from bot.incoming import MessageFact
from bot.incoming_world import ProfileFact
from bot.poison import note_failure, store_failure, unpack
from bot.profiles import PersonFact
from bot.rules import leaving, messages, people, role_changes, roles
from bot.rules.attention import Started, may_write
from bot.rules.leaving import Wish
from bot.rules.role_changes import RoleChange
from bot.rules.roles import Duty, RoleKey
from bot.secrets import Vault
from storage.contributions import NominationState, find_contribution, find_nomination
from storage.discussions import find_question
from storage.inbox import find_failed
from storage.messages import find_message
from storage.outbox import OutboxRow, enqueue, post_to_person, rewrite
from storage.outbox_claims import Sending, claim, mark_sent, mark_unsure, put_back
from storage.outbox_doubts import give_up_lost, store_heard, take_doubtful
from storage.outbox_due import find_due
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
    role_changes.give(office, RoleChange(T, "UASHA", RoleKey("UTOM", Duty.FACILITATOR, C)), NOW)
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


def _letter(session: Session, **more: Any) -> int:
    letter = post_to_person(T, "UTOM", {"text": SECRET, "blocks": [SECRET]}, dm="DTOM", **more)
    row = enqueue(session, letter, NOW)
    assert row is not None
    return row


def _take(session: Session, row: int, lease: timedelta = timedelta(seconds=90)) -> Sending:
    (letter,) = claim(session, [row], lease, NOW)
    return Sending(T, letter.id, letter.attempt)


def _row(session: Session, row: int) -> OutboxRow:
    session.flush()
    return session.get_one(OutboxRow, row, populate_existing=True)


OVER = timedelta(seconds=-1)


def test_a_letter_in_flight_loses_its_words_and_does_not_go_again(office: Session) -> None:
    """The call that runs may end; when it did not reach Slack the letter is given up."""
    row = _letter(office)
    sending = _take(office, row)
    leaving.leave_out(office, Wish(T, "UTOM"), NOW)
    assert SECRET not in everything(office)
    assert put_back(office, sending, "ratelimited", 1.0)
    assert (_row(office, row).state, _row(office, row).recheck_at) == ("failed", None)


def test_a_letter_in_flight_may_still_arrive(office: Session) -> None:
    """What was sent was sent: its place is known, so that it can be taken away."""
    row = _letter(office)
    sending = _take(office, row)
    leaving.leave_out(office, Wish(T, "UTOM"), NOW)
    assert mark_sent(office, sending, "DTOM", "50.0", NOW) is not None
    assert (_row(office, row).state, _row(office, row).ts) == ("sent", "50.0")


@pytest.mark.parametrize("looked", [False, True])
def test_a_letter_in_doubt_loses_its_words_and_never_doubles(office: Session, looked: bool) -> None:
    """Nobody knows whether it arrived: it is looked for as ever, and not sent again when it is not found."""
    row = _letter(office)
    mark_unsure(office, _take(office, row, OVER), "timeout")
    if looked:  # not found, so it waits for its second try
        (doubtful,) = take_doubtful(office, T, OVER)
        give_up_lost(office, doubtful)
        assert _row(office, row).state == "waiting"
    leaving.leave_out(office, Wish(T, "UTOM"), NOW)
    assert SECRET not in everything(office)
    for doubtful in take_doubtful(office, T, OVER):
        assert (doubtful.key, doubtful.channel) == (_row(office, row).key, "DTOM")
        give_up_lost(office, doubtful)
    given_up = _row(office, row)
    assert given_up.state == "failed"
    assert given_up.recheck_at is not None
    assert [due.id for due in find_due(office, NOW) if due.id == row] == []
    store_heard(office, T, {given_up.key: ("DTOM", "51.0")}, NOW)
    assert (_row(office, row).state, _row(office, row).ts) == ("sent", "51.0")


def test_a_drawing_in_flight_is_not_repeated(office: Session) -> None:
    """A card that was being redrawn when somebody left is left as it is."""
    card = _letter(office)
    mark_sent(office, _take(office, card), "DTOM", "52.0", NOW)
    drawing = enqueue(office, replace(rewrite(T, card, "DTOM", {"text": SECRET}), recipient="UTOM"), NOW)
    assert drawing is not None
    _take(office, drawing, OVER)
    leaving.leave_out(office, Wish(T, "UTOM"), NOW)
    assert SECRET not in everything(office)
    assert take_doubtful(office, T, OVER) == []
    assert _row(office, drawing).state == "failed"


def test_what_failed_of_theirs_keeps_ids_only(office: Session) -> None:
    """A fact that is set aside loses its words too, whether it failed before somebody left or after; others stay."""
    vault = Vault((Fernet.generate_key().decode(),))
    office.execute(text("DELETE FROM failed_facts"))

    def fails(author: str, ts: str) -> None:
        fact = MessageFact(T, C, ts, author=author, text=SECRET, version=ts)
        store_failure(office, note_failure(messages.record, fact, vault, KeyError()), NOW)

    fails("UTOM", TS)
    fails("UMARA", TS2)
    leaving.leave_out(office, Wish(T, "UTOM"), NOW)
    fails("UTOM", TS3)
    office.flush()
    office.expire_all()
    kept = [unpack(failed.fact, vault).fact for failed in find_failed(office)]
    assert [(fact.author, fact.ts, fact.text) for fact in kept] == [
        ("UTOM", TS, ""),
        ("UMARA", TS2, SECRET),
        ("UTOM", TS3, ""),
    ]
    assert [failed.wordless is None for failed in find_failed(office)] == [True, False, True]


def test_a_name_that_failed_is_forgotten_too(office: Session) -> None:
    """A profile that could not be taken in holds a name; of somebody left out it does not."""
    vault = Vault((Fernet.generate_key().decode(),))
    known = PersonFact(T, "UTOM", SECRET, "Asia/Tokyo", "ja", False, False, False, False, False)
    note = note_failure(people.record_profile, ProfileFact(T, known, TS), vault, KeyError(), grouped=False)
    store_failure(office, note, NOW)
    leaving.leave_out(office, Wish(T, "UTOM"), NOW)
    (failed,) = find_failed(office)
    assert unpack(failed.fact, vault).fact.person.name == ""
