"""Private words are sealed with their workspace's key, and nobody without it reads them."""

from datetime import UTC, datetime

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import delete

from bot.errors import CannotDecrypt
from bot.secrets import Vault
from storage.sealing import WorkspaceKey, seal, unseal
from storage.session import Database, open_database
from storage.workspaces import Workspace

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def sealed(database: Database) -> str:
    """Something that Asha wrote, sealed, in a workspace beside another."""
    with database.write() as session:
        session.add_all([Workspace(id="T1", installed_at=NOW), Workspace(id="T2", installed_at=NOW)])
        session.flush()
        words = seal(session, "T1", "I was nervous 🫣")
        seal(session, "T2", "another workspace")
        session.commit()
    return words


def test_what_was_sealed_can_be_read_again(database: Database, sealed: str) -> None:
    """Sealing hides every word and loses none."""
    assert "nervous" not in sealed
    with database.read() as session:
        assert unseal(session, "T1", sealed) == "I was nervous 🫣"


def test_another_workspace_cannot_read_it(database: Database, sealed: str) -> None:
    """Each workspace has a key of its own."""
    with database.read() as session, pytest.raises(CannotDecrypt):
        unseal(session, "T2", sealed)


def test_without_the_operators_key_nothing_is_read(database: Database, sealed: str) -> None:
    """A stolen database tells nothing, nor does the command line, which has no key."""
    for vault in (None, Vault((Fernet.generate_key().decode(),))):
        stolen = open_database(database.url, vault)
        with stolen.read() as session, pytest.raises(CannotDecrypt):
            unseal(session, "T1", sealed)
        stolen.close()


def test_without_its_key_a_workspaces_words_are_gone(database: Database, sealed: str) -> None:
    """Deleting one row makes all of it unreadable for good."""
    with database.write() as session:
        session.execute(delete(WorkspaceKey).where(WorkspaceKey.workspace == "T1"))
        session.commit()
        with pytest.raises(CannotDecrypt):
            unseal(session, "T1", sealed)
