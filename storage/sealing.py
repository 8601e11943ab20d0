"""Sealing: private words are stored encrypted with a key of their workspace, which is itself kept sealed.

Each workspace has one key, made when it is first needed and encrypted with the operator's keys. Deleting that row
makes everything sealed with it unreadable, also in old copies of the database.
"""

from cryptography.fernet import Fernet, InvalidToken
from sqlalchemy import PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.errors import CannotDecrypt
from bot.secrets import Vault
from storage.base import Base, SlackId, Words, in_workspace
from storage.bulk import insert_or_ignore
from storage.session import VAULT


class WorkspaceKey(Base):
    """The key with which a workspace's private words are sealed, itself sealed with the operator's."""

    __tablename__ = "workspace_keys"
    __table_args__ = (PrimaryKeyConstraint("workspace"), in_workspace())

    workspace: Mapped[SlackId]
    sealed_key: Mapped[Words] = mapped_column()


def seal(session: Session, workspace: str, words: str) -> str:
    """The words as they may be stored; the workspace's key is made now if it has none. Raises CannotDecrypt."""
    return _key(session, workspace, make=True).encrypt(words.encode("utf-8", "replace")).decode("ascii")


def unseal(session: Session, workspace: str, sealed: str) -> str:
    """The words that were sealed; raises CannotDecrypt when the key is gone or another."""
    try:
        return _key(session, workspace, make=False).decrypt(sealed.encode("ascii", "replace")).decode("utf-8")
    except InvalidToken as error:
        raise CannotDecrypt from error


def _key(session: Session, workspace: str, *, make: bool) -> Fernet:
    vault = session.info.get(VAULT)
    if not isinstance(vault, Vault):
        raise CannotDecrypt
    kept = session.get(WorkspaceKey, workspace)
    if kept is None and make:
        made = vault.encrypt(Fernet.generate_key())
        # Two replicas may make one at the same moment: the first that commits wins, and both use it.
        session.execute(insert_or_ignore(session, WorkspaceKey).values(workspace=workspace, sealed_key=made))
        kept = session.get_one(WorkspaceKey, workspace)
    if kept is None:
        raise CannotDecrypt
    return Fernet(vault.decrypt(kept.sealed_key))
