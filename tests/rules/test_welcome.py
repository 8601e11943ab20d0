"""Welcome, help and Home: what somebody sees who comes, by what they are, and nothing they may not see."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot import incoming_world as heard
from bot.incoming import FileFact, MessageFact
from bot.interactions import CommandUse
from bot.payloads import text
from bot.rules import help as help_
from bot.rules import home, leaving, messages, people, role_changes, welcome
from bot.rules.role_changes import RoleChange
from bot.rules.roles import Duty, RoleKey
from bot.sandbox.block_kit import check_blocks
from bot.sandbox.block_kit_views import check_view
from storage.messages import find_files
from storage.outbox import OutboxRow
from storage.people import Person, find_person, get_person
from storage.session import Database, Session
from storage.spaces import Membership, Space
from storage.workspaces import get_workspace
from tests.rules.nouns import HOSTILE, NOW, TS, TS2, TS3, C, T, said
from tests.rules.world import event, open_office, profile

WORDS = ["share", "ask", "find", "settings", "help"]


@pytest.fixture
def office(database: Database) -> Iterator[Session]:
    """A workspace with people, a space and an admin."""
    for session in open_office(database):
        for person in ("UASHA", "UMARA", "UTOM"):
            session.get_one(Person, (T, person)).known_at = NOW
        for channel in (C, "CPRIV"):
            session.get_one(Space, (T, channel)).known_at = NOW
        session.flush()
        yield session


def menu(session: Session, person: str) -> dict[str, Any]:
    visit = welcome.record_visit(session, CommandUse(T, person, C, "", "t"), NOW)
    shown = welcome.menu(session, T, person, visit, WORDS).payload()
    check_blocks(shown["blocks"], "message")
    return shown


def test_the_first_menu_greets_and_the_second_does_not(office: Session) -> None:
    """A welcome comes once; using the command allows us to write."""
    assert "Hello" in str(menu(office, "UTOM"))
    assert "Hello" not in str(menu(office, "UTOM"))
    known = find_person(office, T, "UTOM")
    assert known is not None
    assert known.welcome_because == "used a command"


def test_only_an_admin_is_offered_the_first_steps(office: Session) -> None:
    """The steps are for who can take them, until they are taken."""
    assert "First steps" in str(menu(office, "UASHA"))
    assert "First steps" not in str(menu(office, "UTOM"))


def test_steps_are_ticked_off_from_what_happened(office: Session) -> None:
    """A step is done when it happened, whoever did it and however."""
    before = [step.done for step in welcome.first_steps(office, T, "UASHA")]
    said(office, "UMARA", "#solution knead it twice")
    office.get_one(Space, (T, C)).read_back_at = NOW
    office.flush()
    after = [step.done for step in welcome.first_steps(office, T, "UASHA")]
    assert (before, after) == ([True, False, False, False], [True, True, True, False])
    role_changes.give(office, RoleChange(T, "UASHA", RoleKey("UTOM", Duty.ADMIN)), NOW)
    assert welcome.first_steps(office, T, "UASHA") == []
    shown = welcome.walk_through(office, T).payload()
    check_blocks(shown["blocks"], "message")
    assert "All done" in str(shown)


def test_help_knows_the_role(office: Session) -> None:
    """Everybody reads what they can do, admins and facilitators a little more, about nothing that does not exist."""
    plain = str(help_.help_for(office, T, "UTOM", WORDS).payload())
    assert "As an admin" not in plain
    assert "/learn who" not in plain
    assert "As an admin" in str(help_.help_for(office, T, "UASHA", WORDS).payload())
    role_changes.give(office, RoleChange(T, "UASHA", RoleKey("UTOM", Duty.FACILITATOR, C)), NOW)
    page = help_.help_for(office, T, "UTOM", WORDS).payload()
    check_blocks(page["blocks"], "message")
    assert "As a facilitator" in str(page)


def drawn(session: Session, person: str) -> str:
    session.flush()
    view = home.render_home(session, T, person, NOW)
    check_view(view, "home")
    return str(view)


def test_home_is_useful_for_somebody_who_has_nothing(office: Session) -> None:
    """Even a stranger's Home says what this is and what to do first."""
    page = drawn(office, "USTRANGER")
    assert "where we keep what we learn" in page
    assert "open_share" in page
    assert "You are in none of my spaces yet" in page


def test_the_home_of_somebody_from_another_company_offers_only_what_they_can_use(office: Session) -> None:
    """Slack gives them no commands of ours, and programmes are not for them: what they gave, and settings, are."""
    get_person(office, T, "USTRANGER").is_external = True
    said(office, "USTRANGER", "#solution proof it overnight", TS)
    page = drawn(office, "USTRANGER")
    assert "proof it overnight" in page
    assert "open_settings" in page
    for beyond in ("/learn", "/invite", "open_share", "open_ask", "open_find", "write_entry"):
        assert beyond not in page, beyond


def test_home_shows_mine_and_what_others_gave(office: Session) -> None:
    """My gifts with their number, my open questions, my spaces, and what colleagues gave where I may look."""
    said(office, "UTOM", "#solution proof it overnight", TS)
    said(office, "UTOM", "why is it dense? #ask", TS2)
    said(office, "UMARA", "#insight salt slows yeast", TS3)
    page = drawn(office, "UTOM")
    for words in (
        "proof it overnight",
        "One contribution of yours",
        "why is it dense?",
        f"<#{C}>",
        "salt slows yeast",
    ):
        assert words in page


def test_home_shows_nothing_from_a_private_space_to_others(office: Session) -> None:
    """What was given in a private channel is on the Home of its members only, and guests see their spaces only."""
    said(office, "UMARA", "#solution knead it twice", TS)
    secret = MessageFact(T, "CPRIV", TS2, author="UMARA", text="#solution the secret sauce", private=True)
    messages.record(office, [secret], NOW)
    office.add(Membership(workspace=T, channel="CPRIV", person="UASHA"))
    assert "secret sauce" in drawn(office, "UASHA")
    assert "secret sauce" not in drawn(office, "UTOM")
    office.add(Person(workspace=T, id="UGUEST", is_guest=True, known_at=NOW))
    assert "knead it twice" not in drawn(office, "UGUEST")


def test_home_of_somebody_left_out_says_only_that(office: Session) -> None:
    """No figures, no lists: the way back and nothing else."""
    said(office, "UMARA", "#insight salt slows yeast", TS)
    leaving.leave_out(office, leaving.Wish(T, "UTOM"), NOW)
    page = drawn(office, "UTOM")
    assert "You are left out" in page
    assert "salt" not in page


def test_home_bears_hostile_words_and_names(office: Session) -> None:
    """Whatever people write or are called, the page stays valid and pings nobody."""
    office.get_one(Person, (T, "UMARA")).name = "<!channel> & co"
    words = text(f"#solution {HOSTILE}")
    said(office, "UMARA", words, TS)
    said(office, "UTOM", words, TS2)
    assert "<!channel>" not in drawn(office, "UTOM")


def test_opening_home_draws_it_once_and_is_no_act(office: Session) -> None:
    """Looking puts one drawing in the outbox however often it is heard, and does not allow us to write."""
    body = event("app_home_opened", user="UTOM", channel="D1", tab="home", event_ts=TS)
    for _ in range(2):
        home.record_opened(office, heard.parse_home_opened(body), NOW)
    office.flush()
    waiting = office.query(OutboxRow).filter(OutboxRow.recipient == "UTOM").all()
    assert [row.method for row in waiting] == ["views.publish"]
    known = find_person(office, T, "UTOM")
    assert known is not None
    assert (known.dm, known.welcome_because) == ("D1", None)


def test_profiles_follow_the_latest_event(office: Session) -> None:
    """An older profile changes nothing; a deactivated person keeps their zone and gets nothing more."""
    user = {"id": "UTOM", "profile": {"display_name": "Tommy"}, "tz": "Asia/Tokyo", "is_admin": True}
    profile(office, user, "1800000002.000000")
    profile(office, {"id": "UTOM", "profile": {"display_name": "Old"}}, "1800000001.000000")
    profile(office, {"id": "UTOM", "deleted": True, "team_id": T}, "1800000003.000000")
    known = find_person(office, T, "UTOM")
    assert known is not None
    assert (known.name, known.tz, known.is_deactivated) == ("Tommy", "Asia/Tokyo", True)


@pytest.mark.parametrize(
    ("user", "field"),
    [
        ({"is_restricted": True}, "is_guest"),
        ({"is_ultra_restricted": True}, "is_guest"),
        ({"is_stranger": True}, "is_external"),
        ({"team_id": "T999"}, "is_external"),
        ({"is_bot": True}, "is_bot"),
        ({"is_owner": True}, "is_slack_admin"),
    ],
)
def test_what_somebody_is_comes_from_their_profile(office: Session, user: dict[str, Any], field: str) -> None:
    """Guests, externals, bots and owners are known as such."""
    profile(office, {"id": "UNEW", "name": "new", **user}, TS)
    assert getattr(find_person(office, T, "UNEW"), field) is True


def test_a_deleted_file_leaves_nothing(office: Session) -> None:
    """When Slack says that a file is gone, its row goes, also the second time."""
    said(office, "UTOM", "see", files=(FileFact("F1", "a.mp4", "video/mp4", 3, 4000),))
    assert len(find_files(office, T, C, TS)) == 1
    for _ in range(2):
        people.record_file_gone(office, heard.parse_file_gone(event("file_deleted", file_id="F1")), NOW)
    assert find_files(office, T, C, TS) == []


def test_uninstalling_drops_the_token_at_once(office: Session) -> None:
    """Both events end it, in any order; the token of a person does not."""
    get_workspace(office, T).token = "sealed"
    assert heard.parse_uninstall(event("tokens_revoked", tokens={"oauth": ["U1"]})) is None
    for kind in (event("tokens_revoked", tokens={"bot": ["UAPP"]}), event("app_uninstalled")):
        fact = heard.parse_uninstall(kind)
        assert fact is not None
        people.record_uninstall(office, fact, NOW)
    known = get_workspace(office, T)
    assert (known.token, known.uninstalled_at) == (None, NOW)
