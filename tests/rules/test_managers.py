from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.errors import BotError
from bot.rules import managers
from bot.rules.managers import Naming, Word, decide, manager_of, propose_manager, set_manager
from storage.managers import Source, find_history, find_standing
from storage.people import get_person
from storage.session import Database
from tests.rules.nouns import NOW, T, letters, open_world

LATER = NOW + timedelta(days=1)


@pytest.fixture
def world(database: Database) -> Iterator[Session]:
    """A workspace with Asha, Mara and Tom."""
    yield from open_world(database)


def told(world: Session, person: str, manager: str | None, source: Source = Source.ROSTER) -> None:
    """A source says so."""
    set_manager(world, T, person, manager, source, None, NOW)


def test_the_roster_beats_the_persons_word(world: Session) -> None:
    """Of two sources the stronger is believed, and the weaker again when the stronger says nothing."""
    told(world, "UASHA", "UMARA", Source.WORD)
    told(world, "UASHA", "UTOM", Source.ROSTER)
    assert manager_of(world, T, "UASHA") == "UTOM"
    told(world, "UASHA", None, Source.ROSTER)
    assert manager_of(world, T, "UASHA") == "UMARA"


def test_a_change_keeps_what_was(world: Session) -> None:
    """Each manager is there with since and until; saying the same twice adds nothing."""
    told(world, "UASHA", "UMARA")
    told(world, "UASHA", "UMARA")
    set_manager(world, T, "UASHA", "UTOM", Source.ROSTER, None, LATER)
    rows = find_history(world, T, "UASHA")
    assert [(row.manager, row.since, row.until) for row in rows] == [
        ("UMARA", NOW, LATER),
        ("UTOM", LATER, None),
    ]


@pytest.mark.parametrize("why", ["is_deactivated", "left_out", "is_bot"])
def test_a_manager_who_is_gone_counts_as_missing(world: Session, why: str) -> None:
    """Nobody is managed by somebody who is not there."""
    told(world, "UASHA", "UMARA")
    setattr(get_person(world, T, "UMARA"), why, True)
    assert manager_of(world, T, "UASHA") is None


@pytest.mark.parametrize(("person", "manager"), [("UASHA", "UASHA"), ("UMARA", "UASHA"), ("UTOM", "UASHA")])
def test_nobody_manages_themselves_or_in_a_circle(world: Session, person: str, manager: str) -> None:
    """Both are refused, whoever says it, and nobody is asked."""
    told(world, "UASHA", "UMARA")
    told(world, "UMARA", "UTOM")
    with pytest.raises(BotError):
        propose_manager(world, Naming(T, person, manager), NOW)
    with pytest.raises(BotError):
        told(world, person, manager)
    assert letters(world) == []


def test_a_person_of_another_organisation_cannot_be_named(world: Session) -> None:
    """Guests, apps and people elsewhere manage nobody here."""
    get_person(world, T, "UMARA").is_external = True
    with pytest.raises(managers.CannotManage):
        propose_manager(world, Naming(T, "UASHA", "UMARA"), NOW)


def ask(world: Session) -> int:
    """Asha names Mara; the id of the question."""
    propose_manager(world, Naming(T, "UASHA", "UMARA"), NOW)
    return next(row.id for row in find_standing(world, T, "UASHA") if row.source == Source.ASKED)


def test_the_persons_word_needs_a_yes(world: Session) -> None:
    """Until the one who was named agrees there is no manager; then there is, and the person hears it."""
    question = ask(world)
    ask(world)
    assert len(letters(world, to="UMARA")) == 1
    assert manager_of(world, T, "UASHA") is None
    for _ in range(2):
        decide(world, Word(T, "UMARA", question, agrees=True), NOW)
    assert manager_of(world, T, "UASHA") == "UMARA"
    assert managers.reports_of(world, T, "UMARA") == ["UASHA"]


def test_a_no_leaves_everything_as_it_was(world: Session) -> None:
    """The old manager stays, and a yes after the no is over."""
    told(world, "UASHA", "UTOM", Source.WORD)
    question = ask(world)
    decide(world, Word(T, "UMARA", question, agrees=False), NOW)
    assert manager_of(world, T, "UASHA") == "UTOM"
    with pytest.raises(managers.NotAsked):
        decide(world, Word(T, "UMARA", question, agrees=True), NOW)


def test_only_the_one_who_was_named_decides(world: Session) -> None:
    """A press by somebody else decides nothing."""
    question = ask(world)
    with pytest.raises(managers.NotAsked):
        decide(world, Word(T, "UTOM", question, agrees=True), NOW)
    assert manager_of(world, T, "UASHA") is None
