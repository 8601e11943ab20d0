"""Settings: what an operator may write, and that each refusal names the variable and the cure."""

import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from bot.config import Settings, load_settings
from bot.errors import CannotDecrypt, ConfigError
from bot.secrets import Vault, key_file, open_vault, read_or_make

OURS = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "SLACK_API_URL",
    "DATABASE_URL",
    "HOST",
    "PORT",
    "COMMONPLACE_SECRET_KEY",
    "COMMONPLACE_CLOCK_URL",
    "COMMONPLACE_LMS_SECRET",
    "LOG_LEVEL",
    "LOG_FORMAT",
)
KEY = Fernet.generate_key().decode()
GOOD = {"SLACK_BOT_TOKEN": "xoxb-1-2-abc", "SLACK_APP_TOKEN": "xapp-1-A-2-abc"}


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in OURS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


def load(monkeypatch: pytest.MonkeyPatch, **given: str) -> Settings:
    """Settings for running, of an environment that holds exactly `given`."""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return load_settings(require_slack=True)


def load_without_slack(monkeypatch: pytest.MonkeyPatch, **given: str) -> Settings:
    """Settings for a command that does not talk to Slack."""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return load_settings(require_slack=False)


def test_nothing_given_is_enough_without_slack(tmp_path: Path) -> None:
    """Import, export and stats need no variable at all: the database is a file where we are."""
    settings = load_settings(require_slack=False)
    assert settings.database_url == f"sqlite:///{tmp_path}/commonplace.db"
    assert settings.database_file == tmp_path / "commonplace.db"
    assert (settings.host, settings.port, settings.api_url) == ("127.0.0.1", 3000, "https://slack.com/api/")
    assert (settings.log_level, settings.log_format, settings.secret_keys) == ("INFO", "console", ())


BAD = [
    ({"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN is not set"),
    ({"SLACK_BOT_TOKEN": "   "}, "SLACK_BOT_TOKEN is not set"),
    ({"SLACK_BOT_TOKEN": "xapp-1-A"}, "SLACK_BOT_TOKEN does not begin with xoxb-"),
    ({"SLACK_BOT_TOKEN": "xoxp-1-A"}, "SLACK_BOT_TOKEN does not begin with xoxb-"),
    ({"SLACK_BOT_TOKEN": "hello"}, "SLACK_BOT_TOKEN does not begin with xoxb-"),
    ({"SLACK_BOT_TOKEN": "xoxb-"}, "SLACK_BOT_TOKEN is incomplete"),
    ({"SLACK_BOT_TOKEN": "xoxb-1 2"}, "SLACK_BOT_TOKEN is incomplete"),
    ({"SLACK_BOT_TOKEN": "xoxb-1…"}, "SLACK_BOT_TOKEN is incomplete"),
    ({"SLACK_APP_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN does not begin with xapp-"),
    ({"SLACK_APP_TOKEN": ""}, "SLACK_APP_TOKEN is not set"),
    ({"SLACK_SIGNING_SECRET": "xoxb-1"}, "SLACK_SIGNING_SECRET holds a token"),
    ({"SLACK_SIGNING_SECRET": "ab cd"}, "SLACK_SIGNING_SECRET has stray characters"),
    ({"SLACK_CLIENT_ID": "1.2"}, "SLACK_CLIENT_SECRET is not set"),
    ({"SLACK_CLIENT_SECRET": "abc"}, "SLACK_CLIENT_ID is not set"),
    ({"SLACK_API_URL": "slack.com/api"}, "SLACK_API_URL is not a web address"),
    ({"SLACK_API_URL": "http://example.com/api/"}, "SLACK_API_URL is not encrypted"),
    ({"SLACK_API_URL": "https://[::1/api"}, "SLACK_API_URL is not a web address"),
    ({"SLACK_API_URL": "https://example.com:99999/"}, "SLACK_API_URL is not a web address"),
    ({"COMMONPLACE_CLOCK_URL": "http://127.0.0.1:1/clock"}, "COMMONPLACE_CLOCK_URL is for the sandbox only"),
    ({"DATABASE_URL": "mysql://localhost/x"}, "DATABASE_URL does not begin with"),
    ({"DATABASE_URL": "commonplace.db"}, "DATABASE_URL does not begin with"),
    ({"DATABASE_URL": "sqlite://"}, "DATABASE_URL names no SQLite file"),
    ({"DATABASE_URL": "sqlite:///"}, "DATABASE_URL names no SQLite file"),
    ({"DATABASE_URL": "sqlite:///:memory:"}, "DATABASE_URL names no SQLite file"),
    ({"DATABASE_URL": "sqlite:///x.db?mode=ro"}, "DATABASE_URL has options"),
    ({"DATABASE_URL": "sqlite:////"}, "DATABASE_URL names"),
    ({"DATABASE_URL": "sqlite:////tmp"}, "DATABASE_URL names the folder"),
    ({"DATABASE_URL": "sqlite:///no/such/folder/x.db"}, "DATABASE_URL points into"),
    ({"DATABASE_URL": "postgres:nothing"}, "DATABASE_URL does not begin with"),
    ({"DATABASE_URL": "postgresql://localhost"}, "DATABASE_URL names no PostgreSQL database"),
    ({"DATABASE_URL": "postgresql://localhost:port/x"}, "DATABASE_URL is not a database address"),
    ({"DATABASE_URL": "postgresql://localhost/x"}, "COMMONPLACE_SECRET_KEY is not set"),
    ({"COMMONPLACE_SECRET_KEY": "short"}, "COMMONPLACE_SECRET_KEY holds something that is no key"),
    ({"COMMONPLACE_SECRET_KEY": f"{KEY},é"}, "COMMONPLACE_SECRET_KEY holds something that is no key"),
    ({"PORT": "http"}, "PORT is 'http'"),
    ({"PORT": "-1"}, "PORT is '-1'"),
    ({"PORT": "65536"}, "PORT is '65536'"),
    ({"PORT": "٣"}, "PORT is"),  # a digit, but of another script
    ({"LOG_LEVEL": "loud"}, "LOG_LEVEL is 'loud'"),
    ({"LOG_FORMAT": "xml"}, "LOG_FORMAT is 'xml'"),
]


@pytest.mark.parametrize(("given", "complaint"), BAD)
def test_every_bad_value_is_named_with_its_cure(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str], complaint: str
) -> None:
    """A bad value gets one sentence that begins with its variable and goes on to the cure."""
    with pytest.raises(ConfigError) as caught:
        load(monkeypatch, **{**GOOD, **given})
    sentence = str(caught.value)
    assert complaint in sentence
    assert sentence.endswith(".")
    assert ":" in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize("given", [{"SLACK_BOT_TOKEN": "xapp-1"}, {"SLACK_CLIENT_ID": "1"}])
def test_slack_variables_do_not_matter_to_commands_without_slack(
    monkeypatch: pytest.MonkeyPatch, given: dict[str, str]
) -> None:
    """Import and stats run although a token is wrong."""
    assert load_without_slack(monkeypatch, **given).port == 3000


@pytest.mark.parametrize("secret", ["xoxb-1-very-secret nonsense", "xoxp-very-secret"])
def test_complaints_do_not_repeat_a_token(monkeypatch: pytest.MonkeyPatch, secret: str) -> None:
    """A token that is refused does not end up in a terminal or a log."""
    with pytest.raises(ConfigError) as caught:
        load(monkeypatch, **{**GOOD, "SLACK_BOT_TOKEN": secret})
    assert "very-secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("given", "url", "shown"),
    [
        ("postgres://u:pw@db/x", "postgresql+psycopg://u:pw@db/x", "postgresql://u@db/x"),
        ("postgresql://u:pw@db:5433/x", "postgresql+psycopg://u:pw@db:5433/x", "postgresql://u@db:5433/x"),
        (
            "postgresql+psycopg:///x?host=/run&password=pw",
            "postgresql+psycopg:///x?host=/run&password=pw",
            "postgresql:///x",
        ),
    ],
)
def test_postgresql_addresses_become_one_form(
    monkeypatch: pytest.MonkeyPatch, given: str, url: str, shown: str
) -> None:
    """Every usual spelling reaches the driver; what is shown has no password."""
    settings = load(monkeypatch, DATABASE_URL=given, COMMONPLACE_SECRET_KEY=KEY, **GOOD)
    assert settings.database_url == url
    assert settings.database_shown == shown
    assert settings.database_file is None


def test_sqlite_addresses_become_full_paths(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The file stays the same one wherever a command changes to; full paths are kept."""
    relative = load_without_slack(monkeypatch, DATABASE_URL="sqlite:///life.db")
    assert relative.database_url == f"sqlite:///{tmp_path}/life.db"
    full = load_without_slack(monkeypatch, DATABASE_URL=f"sqlite:///{tmp_path}/other.db")
    assert full.database_file == tmp_path / "other.db"


def test_sandbox_may_serve_the_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """With Slack's address on this machine, the clock's address is taken."""
    given = {
        "SLACK_API_URL": "http://127.0.0.1:8765/api",
        "COMMONPLACE_CLOCK_URL": "http://localhost:8765/clock",
    }
    settings = load(monkeypatch, **GOOD, **given)
    assert settings.api_url == "http://127.0.0.1:8765/api/"
    assert settings.clock_url == "http://localhost:8765/clock"


def test_env_file_fills_in_what_the_environment_leaves_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """The environment wins over .env."""
    (tmp_path / ".env").write_text("SLACK_BOT_TOKEN=xoxb-from-file\nPORT=4000\n")
    settings = load(monkeypatch, SLACK_APP_TOKEN="xapp-1", PORT="5000")
    assert (settings.bot_token, settings.port) == ("xoxb-from-file", 5000)


def test_unreadable_env_file_is_named(tmp_path: Path) -> None:
    """A binary .env gets a sentence instead of a traceback."""
    (tmp_path / ".env").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match=r"^\.env cannot be read: "):
        load_settings(require_slack=False)


def test_repr_keeps_every_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings may be printed: tokens, secrets, keys and the database's password are left out."""
    settings = load(
        monkeypatch,
        SLACK_BOT_TOKEN="xoxb-hush",
        SLACK_APP_TOKEN="xapp-hush",
        SLACK_SIGNING_SECRET="hush1",
        SLACK_CLIENT_ID="1.2",
        SLACK_CLIENT_SECRET="hush2",
        DATABASE_URL="postgresql://u:hush3@db/x",
        COMMONPLACE_SECRET_KEY=KEY,
    )
    assert "hush" not in repr(settings)
    assert KEY not in repr(settings)
    assert set(settings.secrets) == {"xoxb-hush", "xapp-hush", "hush1", "hush2", KEY}


def test_installing_by_oauth_needs_the_signing_secret_only_where_events_come_by_http(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A browser brings no signature of Slack's: with an app token, client and its secret are enough."""
    settings = load(monkeypatch, SLACK_APP_TOKEN="xapp-1-A", SLACK_CLIENT_ID="1.2", SLACK_CLIENT_SECRET="abc")
    assert settings.transport() == "socket"
    with pytest.raises(ConfigError, match="SLACK_SIGNING_SECRET is not set"):
        settings.transport("http")
    monkeypatch.delenv("SLACK_APP_TOKEN")
    with pytest.raises(ConfigError, match=r"SLACK_SIGNING_SECRET for HTTP"):
        load(monkeypatch)


def test_transport_is_socket_mode_unless_http_is_asked_for() -> None:
    """With both, Socket Mode; each can be chosen; what is missing is named."""
    both = Settings(app_token="xapp-1", signing_secret="s")
    assert both.transport() == "socket"
    assert both.transport("http") == "http"
    assert Settings(signing_secret="s").transport() == "http"
    with pytest.raises(ConfigError, match="SLACK_SIGNING_SECRET is not set"):
        Settings(app_token="xapp-1").transport("http")
    with pytest.raises(ConfigError, match="SLACK_APP_TOKEN is not set"):
        Settings(signing_secret="s").transport("socket")
    with pytest.raises(ConfigError, match="SLACK_APP_TOKEN is not set"):
        Settings().transport()


def test_vault_opens_what_older_keys_sealed() -> None:
    """A new key in front seals from now on; what the old one sealed still opens."""
    old, new = KEY, Fernet.generate_key().decode()
    sealed = Vault((old,)).encrypt("Über mich".encode())
    assert Vault((new, old)).decrypt(sealed).decode() == "Über mich"
    with pytest.raises(CannotDecrypt, match="COMMONPLACE_SECRET_KEY"):
        Vault((new,)).decrypt(sealed)
    with pytest.raises(CannotDecrypt):
        Vault((new,)).decrypt("é not sealed")


def test_key_file_is_made_once_for_its_owner(tmp_path: Path) -> None:
    """The first run makes the key beside the database, mode 0600; the next run reads the same."""
    database = tmp_path / "commonplace.db"
    sealed = open_vault((), database).encrypt(b"mine")
    assert stat.S_IMODE(key_file(database).stat().st_mode) == 0o600
    assert open_vault((), database).decrypt(sealed) == b"mine"
    assert [path.name for path in tmp_path.iterdir()] == ["commonplace.key"]


def test_two_that_start_together_share_one_key(tmp_path: Path) -> None:
    """Processes that all find no key file end up with the same key, and leave nothing else behind."""
    path = tmp_path / "commonplace.key"
    code = (
        "import sys; from pathlib import Path; from bot.secrets import read_or_make; "
        "print(read_or_make(Path(sys.argv[1])))"
    )
    root = str(Path(__file__).parent.parent)
    started = [
        subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True, cwd=root)
        for _ in range(4)
    ]
    found = {process.communicate()[0].splitlines()[-1] for process in started}
    assert found == {str(read_or_make(path))}
    assert [file.name for file in tmp_path.iterdir()] == ["commonplace.key"]


@pytest.mark.parametrize("content", [b"", b"\n", b"not a key", b"\xff\xff"])
def test_spoiled_key_file_is_named(tmp_path: Path, content: bytes) -> None:
    """A key file that holds no key is never overwritten, and the sentence says where it lies."""
    path = tmp_path / "commonplace.key"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"commonplace\.key"):
        open_vault((), tmp_path / "commonplace.db")
    assert path.read_bytes() == content


def test_key_file_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    """Where no file can be made, the sentence offers the variable instead."""
    with pytest.raises(ConfigError, match="set COMMONPLACE_SECRET_KEY"):
        read_or_make(tmp_path / "missing" / "commonplace.key")


def test_postgresql_needs_a_given_key() -> None:
    """Replicas share no folder, so PostgreSQL gets no key file."""
    with pytest.raises(ConfigError, match="COMMONPLACE_SECRET_KEY is not set"):
        open_vault((), None)


def test_example_names_every_variable() -> None:
    """.env.example shows exactly the variables that are read."""
    example = (Path(__file__).parent.parent / ".env.example").read_text()
    assert set(re.findall(r"^#?([A-Z_]+)=", example, re.MULTILINE)) == set(OURS)
