from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import text

from bot import poison
from bot.config import Settings
from bot.errors import CannotDecrypt
from bot.incoming import DirectMessage, FileFact, MessageFact, ReactionFact, Source
from bot.incoming_world import ProfileFact, SpaceChange
from bot.poison import FailedFactNote, NotReplayable, describe, name_of_rule, pack, store_failure, unpack
from bot.profiles import PersonFact
from bot.replay import ReplayResult, replay
from bot.rules import letters, messages, people, reactions, spaces
from bot.secrets import Vault
from storage.session import Database, Session
from storage.stats import read_stats
from storage.workspaces import Workspace

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
MARK = "a sentence that nobody else writes"
CLIP = FileFact("F1", "a.mp4", "video/mp4", 9, 61_000)
MESSAGE = MessageFact(
    "T1", "C1", "2.0", "1.0", "U1", text=MARK, version="3.0", files=(CLIP,), source=Source.CAUGHT_UP
)
REACTION = ReactionFact("T1", "C1", "2.0", "U2", "bulb", standing=True, event_ts="4.0")
PERSON = PersonFact("T1", "U1", "Asha", "Asia/Tokyo", "ja", False, True, False, False, True)
HEARD = letters.Heard("T1", "key", "C1", "2.0")


@pytest.fixture
def key() -> str:
    """A fresh key."""
    return Fernet.generate_key().decode()


@pytest.mark.parametrize(
    ("rule", "fact"),
    [
        (messages.record, MESSAGE),
        (reactions.record, REACTION),
        (letters.record_heard, HEARD),
        (spaces.record_change, SpaceChange("T1", "C1", "archived", True, "5.0", private=False)),
        (people.record_profile, ProfileFact("T1", PERSON, "6.0")),
    ],
)
def test_a_fact_comes_back_as_it_was(rule: Callable[..., Any], fact: Any, key: str) -> None:
    """Packed and unpacked, nothing of a fact is lost, and none of its words can be read meanwhile."""
    vault = Vault((key,))
    sealed = pack(rule, fact, vault)
    assert MARK not in sealed
    kept = unpack(sealed, vault)
    assert (kept.rule, kept.fact, kept.grouped) == (rule, fact, True)


def test_only_rules_of_the_table_run_again(key: str) -> None:
    """What people write to the app is never kept, and no name that is stored is ever imported."""
    vault = Vault((key,))
    direct = DirectMessage("T1", "D1", "1.0", "U1", None, MARK)
    with pytest.raises(NotReplayable):
        pack(messages.record, direct, vault)
    with pytest.raises(NotReplayable):
        pack(print, MESSAGE, vault)
    evil = vault.encrypt(b'{"rule": "os.system", "grouped": false, "type": "str", "fact": "true"}')
    with pytest.raises(NotReplayable):
        unpack(evil, vault)
    for nonsense in (
        b"[]",
        b"{}",
        b"x",
        b'{"rule": "bot.rules.messages.record", "type": "MessageFact", "fact": 1}',
    ):
        with pytest.raises(NotReplayable):
            unpack(vault.encrypt(nonsense), vault)
    with pytest.raises(CannotDecrypt):
        unpack(pack(messages.record, MESSAGE, vault), Vault((Fernet.generate_key().decode(),)))


def _fail() -> None:
    raise ValueError(MARK)


def test_what_is_noted_about_an_error_holds_none_of_its_words() -> None:
    """An error may quote somebody; only its kind and its place are kept."""
    with pytest.raises(ValueError, match=MARK) as caught:
        _fail()
    noted = describe(caught.value)
    assert noted.startswith("ValueError in _fail, line")
    assert MARK not in noted


def _store(database: Database, vault: Vault, *facts: tuple[Callable[..., Any], Any]) -> None:
    with database.write() as session:
        if session.get(Workspace, "T1") is None:
            session.add(Workspace(id="T1"))
            session.flush()
        for rule, fact in facts:
            sealed = pack(rule, fact, vault)
            store_failure(session, FailedFactNote("T1", name_of_rule(rule), sealed, "KeyError"), NOW)
        session.commit()


def test_failed_facts_run_again_and_are_forgotten(database: Database, database_url: str, key: str) -> None:
    """What failed is taken in after all, once, in the order in which it failed."""
    _store(database, Vault((key,)), (messages.record, MESSAGE), (reactions.record, REACTION))
    settings = Settings(database_url=database_url, secret_keys=(key,))
    with database.read() as session:
        assert read_stats(session)["inbox"]["failed"] == 2
    assert replay(settings) == ReplayResult(mended=2, failing=0)
    with database.read() as session:
        stats = read_stats(session)
    assert (stats["messages"], stats["reactions"], stats["inbox"]["failed"]) == (1, 1, 0)
    assert replay(settings) == ReplayResult(mended=0, failing=0)


def test_what_still_fails_is_kept(
    database: Database, database_url: str, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that fails again, or that we cannot open, stays and keeps nobody else from being mended."""

    def broken(_session: Session, _facts: Sequence[Any], _now: datetime) -> None:
        raise KeyError(MARK)

    broken.__module__, broken.__qualname__ = reactions.record.__module__, reactions.record.__qualname__
    table = {**poison.REPLAYABLE, name_of_rule(broken): (broken, ReactionFact)}
    monkeypatch.setattr(poison, "REPLAYABLE", table)
    _store(database, Vault((key,)), (reactions.record, REACTION), (messages.record, MESSAGE))
    _store(database, Vault((Fernet.generate_key().decode(),)), (messages.record, MESSAGE))
    settings = Settings(database_url=database_url, secret_keys=(key,))
    assert replay(settings) == ReplayResult(mended=1, failing=2)
    with database.read() as session:
        assert session.execute(text("SELECT count(*) FROM failed_facts")).scalar() == 2
        assert read_stats(session)["messages"] == 1
