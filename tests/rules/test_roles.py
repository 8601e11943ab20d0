"""Roles: who may give which, who is asked first, and that somebody can always change them."""

from collections.abc import Iterator
from typing import Any

import pytest

from bot.errors import BotError
from bot.interactions import CommandUse, Submission
from bot.rules import role_changes, role_forms, roles, welcome
from bot.rules.role_changes import CannotAsk, NotYours, RoleChange
from bot.rules.roles import Duty, LastAdmin, RoleKey
from storage.people import Person, find_active_admins, find_acts, has_role
from storage.session import Database, Session
from storage.spaces import Space
from storage.workspaces import get_workspace
from tests.rules.nouns import NOW, C, T
from tests.rules.world import letters_to, open_office, words


@pytest.fixture
def office(database: Database) -> Iterator[Session]:
    """A workspace with people, a space and an admin."""
    yield from open_office(database)


def gives(session: Session, by: str, person: str, duty: Duty, scope: str = "") -> None:
    role_changes.give(session, RoleChange(T, by, RoleKey(person, duty, scope)), NOW)


def test_a_proposed_expert_is_one_only_after_saying_yes(office: Session) -> None:
    """The person is asked by name; their yes makes them expert, is logged, and told to who asked."""
    gives(office, "UASHA", "UTOM", Duty.EXPERT, "git")
    assert not has_role(office, T, "UTOM", Duty.EXPERT, "git")
    assert "Asha would like you to be an expert on git" in words(letters_to(office, "UTOM")[0])
    change = RoleChange(T, "UTOM", RoleKey("UTOM", Duty.EXPERT, "git"))
    for _ in range(2):
        role_changes.accept(office, change, NOW)
    assert has_role(office, T, "UTOM", Duty.EXPERT, "git")
    assert "You are an expert on git now" in words(letters_to(office, "UTOM")[0])
    assert ["said yes" in words(row) for row in letters_to(office, "UASHA")] == [True]
    assert [act.act for act in find_acts(office, T)] == ["role proposed", "role accepted"]


def test_a_no_leaves_nothing(office: Session) -> None:
    """Who declines has no role, and nobody else can decide for them."""
    gives(office, "UASHA", "UTOM", Duty.SPONSOR, C)
    key = RoleKey("UTOM", Duty.SPONSOR, C)
    with pytest.raises(NotYours):
        role_changes.accept(office, RoleChange(T, "UMARA", key), NOW)
    role_changes.decline(office, RoleChange(T, "UTOM", key), NOW)
    assert not has_role(office, T, "UTOM", Duty.SPONSOR, C)
    with pytest.raises(role_changes.RoleGone):
        role_changes.accept(office, RoleChange(T, "UTOM", key), NOW)


def test_facilitators_give_roles_in_their_own_space_only(office: Session) -> None:
    """A facilitator appoints another one there, not elsewhere, and neither moderators nor admins."""
    gives(office, "UASHA", "UMARA", Duty.FACILITATOR, C)
    gives(office, "UMARA", "UTOM", Duty.FACILITATOR, C)
    assert has_role(office, T, "UTOM", Duty.FACILITATOR, C)
    for duty, scope in ((Duty.FACILITATOR, "CPRIV"), (Duty.ADMIN, ""), (Duty.MODERATOR, "")):
        with pytest.raises(NotYours):
            gives(office, "UMARA", "UTOM", duty, scope)


def test_the_last_admin_stays(office: Session) -> None:
    """The only admin cannot go; with a second one they can, and the second one is told by name."""
    ends = RoleChange(T, "UASHA", RoleKey("UASHA", Duty.ADMIN))
    with pytest.raises(LastAdmin):
        role_changes.end(office, ends, NOW)
    gives(office, "UASHA", "UTOM", Duty.ADMIN)
    assert "Asha made you admin" in words(letters_to(office, "UTOM")[0])
    role_changes.end(office, ends, NOW)
    assert find_active_admins(office, T) == ["UTOM"]


@pytest.mark.parametrize(("duty", "scope"), [(Duty.EXPERT, "git"), (Duty.SPONSOR, C)])
def test_guests_are_not_proposed(office: Session, duty: Duty, scope: str) -> None:
    """Who proposes a guest reads a sentence; nothing is stored and the guest is not written to."""
    office.get_one(Person, (T, "UTOM")).is_guest = True
    office.flush()
    with pytest.raises(role_changes.GuestsAreNotProposed):
        gives(office, "UASHA", "UTOM", duty, scope)
    assert not find_acts(office, T)
    assert not list(letters_to(office, "UTOM"))


@pytest.mark.parametrize("reason", ["is_external", "is_deactivated", "left_out", "is_bot"])
def test_who_must_not_be_written_to_is_not_proposed(office: Session, reason: str) -> None:
    """Externals, left-out people, bots and those who are gone cannot be asked, and nothing is stored."""
    setattr(office.get_one(Person, (T, "UTOM")), reason, True)
    office.flush()
    with pytest.raises(CannotAsk):
        gives(office, "UASHA", "UTOM", Duty.EXPERT, "git")
    assert letters_to(office, "UTOM") == []
    assert find_acts(office, T) == []


def use(person: str, text: str = "") -> CommandUse:
    return CommandUse(T, person, C, text, "t1")


def test_the_first_owner_who_comes_is_admin_while_there_is_none(office: Session) -> None:
    """Nobody else becomes admin by coming, and only the first owner does."""
    roles_before = office.get_one(Person, (T, "UASHA"))
    roles_before.is_deactivated = True
    office.get_one(Person, (T, "UMARA")).is_slack_admin = True
    office.flush()
    assert not welcome.record_visit(office, use("UTOM"), NOW).became_admin
    assert welcome.record_visit(office, use("UMARA"), NOW).became_admin
    assert find_active_admins(office, T) == ["UMARA"]
    assert not welcome.record_visit(office, use("UMARA"), NOW).became_admin


def test_the_installer_is_admin_and_walked_through(office: Session) -> None:
    """Installing makes the first admin, once, with the first steps as the answer."""
    office.get_one(Person, (T, "UASHA")).is_deactivated = True
    get_workspace(office, T).installed_by = "UTOM"
    office.flush()
    for _ in range(2):
        welcome.record_installer(office, welcome.Installed(T), NOW)
    assert find_active_admins(office, T) == ["UTOM"]
    (letter,) = letters_to(office, "UTOM")
    assert "Invite me to a channel" in words(letter)


def sends(session: Session, by: str, **values: Any) -> object:
    return role_forms.add(session, Submission(T, by, "role", "V1", values, {}), NOW)


def test_the_form_says_what_is_missing(office: Session) -> None:
    """Each mistake gets its sentence under its block; the rights are checked whatever was offered."""
    assert sends(office, "UASHA", duty="admin") == role_forms.Wrong({"person": "Choose the person."})
    wrong = sends(office, "UASHA", person="UTOM", duty="expert")
    assert isinstance(wrong, role_forms.Wrong)
    assert set(wrong.by_block) == {"subject"}
    wrong = sends(office, "UASHA", person="UTOM", duty="facilitator")
    assert isinstance(wrong, role_forms.Wrong)
    assert set(wrong.by_block) == {"space"}
    wrong = sends(office, "UTOM", person="UTOM", duty="admin")
    assert isinstance(wrong, role_forms.Wrong)
    assert "You cannot change this role" in wrong.by_block["person"]
    assert not isinstance(sends(office, "UASHA", person="UTOM", duty="moderator"), role_forms.Wrong)
    assert has_role(office, T, "UTOM", Duty.MODERATOR)


def test_a_button_with_nonsense_names_no_role() -> None:
    """What comes back from outside is not trusted."""
    for value in ("", "U1", "U1|emperor|", "|admin|"):
        assert roles.read_key(value) is None
    assert issubclass(NotYours, BotError)


def test_the_list_goes_space_by_space(office: Session) -> None:
    """What belongs together stands together: the workspace's roles, each space, each subject; then by name."""
    office.add(Space(workspace=T, id="C2", name="bakery", app_is_in=True))
    office.flush()
    for person, duty, scope in (
        ("UTOM", Duty.EXPERT, "yeast"),
        ("UTOM", Duty.FACILITATOR, C),
        ("UMARA", Duty.FACILITATOR, "C2"),
        ("UMARA", Duty.FACILITATOR, C),
        ("UMARA", Duty.EXPERT, "calibration"),
        ("UMARA", Duty.MODERATOR, ""),
    ):
        gives(office, "UASHA", person, duty, scope)
    view: Any = role_forms.open_list(office, T, "UASHA").view()
    shown = [
        block["text"]["text"] for block in view["blocks"] if str(block.get("block_id")).startswith("role:")
    ]
    assert shown == [
        "*Asha* is admin",
        "*Mara* is moderator",
        "*Mara* is facilitator of #bakery",
        "*Mara* is facilitator of #kitchen",
        "*Tom* is facilitator of #kitchen",
        "*Mara* was asked to be an expert on calibration, and has not answered yet",
        "*Tom* was asked to be an expert on yeast, and has not answered yet",
    ]
