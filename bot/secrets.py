"""What is private is sealed with the operator's keys before it is stored."""

import contextlib
import os
import tempfile
from pathlib import Path

import structlog
from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from bot.errors import CannotDecrypt, ConfigError

KEY_MODE = 0o600
log = structlog.get_logger(__name__)

BACK_IT_UP = (
    "A secret key was made. Keep a copy of this file somewhere safe, apart from the database: "
    "without it journals and tokens cannot be read again."
)
NOT_A_KEY = (
    "{place} holds something that is no key: make one with "
    "python -c 'from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())'."
)


class Vault:
    """Seals with the newest key and opens with any of them."""

    def __init__(self, keys: tuple[str, ...]) -> None:
        """Take Fernet keys, newest first, at least one."""
        self._fernet = MultiFernet([Fernet(key) for key in keys])

    def encrypt(self, plain: bytes) -> str:
        """The sealed form of `plain`, as text; different each time."""
        return self._fernet.encrypt(plain).decode("ascii")

    def decrypt(self, sealed: str) -> bytes:
        """What was sealed; raises CannotDecrypt when none of our keys fits or the text was changed."""
        try:
            return self._fernet.decrypt(sealed.encode("utf-8"))
        except InvalidToken as error:
            raise CannotDecrypt from error


def check_key(key: str, place: str = "COMMONPLACE_SECRET_KEY") -> str:
    """The key as given; raises ConfigError when it is no Fernet key."""
    try:
        Fernet(key)
    except ValueError as error:
        raise ConfigError(NOT_A_KEY.format(place=place)) from error
    return key


def key_file(database_file: Path) -> Path:
    """Where the key lies when none is given: beside the SQLite database."""
    return database_file.with_suffix(".key")


def open_vault(keys: tuple[str, ...], database_file: Path | None) -> Vault:
    """The vault of the given keys, else of the key file beside the SQLite database, made at the first run.

    Raises ConfigError without keys on PostgreSQL, and when the file cannot be read or made.
    """
    if keys:
        return Vault(keys)
    if database_file is None:
        raise ConfigError("COMMONPLACE_SECRET_KEY is not set: with PostgreSQL it must be given.")
    return Vault(read_or_make(key_file(database_file)))


def read_or_make(path: Path) -> tuple[str, ...]:
    """The keys in the file, newest first; a missing file is made, for its owner only."""
    try:
        if not path.exists() and _make(path):
            log.warning("secret key made", file=str(path), advice=BACK_IT_UP)
        keys = tuple(path.read_text("ascii").replace(",", " ").split())
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"The key file {path} cannot be used: mend its permissions, or set COMMONPLACE_SECRET_KEY."
        ) from error
    if not keys:
        raise ConfigError(NOT_A_KEY.format(place=path))
    return tuple(check_key(key, str(path)) for key in keys)


def _make(path: Path) -> bool:
    """Make the file in one step, whole or not at all; False when another process was quicker."""
    # A link never overwrites and shows the whole file at once, so of two that start together one wins
    # and the other reads the winner's key.
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            os.fchmod(file.fileno(), KEY_MODE)
            file.write(Fernet.generate_key() + b"\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
            return True
        return False
    finally:
        Path(draft).unlink()
