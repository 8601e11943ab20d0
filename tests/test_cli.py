"""The command line: what it prints, how it leaves, and that a mistake gets one sentence with its cure."""

import json
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from bot.secrets import read_or_make

ROOT = Path(__file__).parent.parent
DEADLINE = 60  # seconds; only so that a command that hangs fails the test
TOKENS = {"SLACK_BOT_TOKEN": "xoxb-1-2-abc", "SLACK_APP_TOKEN": "xapp-1-A-2-abc"}
NOBODY = "http://127.0.0.1:9/api/"  # the discard port: nothing listens there


class Terminal:
    """A terminal in an empty folder, with an environment that holds only what is given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
        """Run `python -m bot` with these arguments and variables."""
        environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "COLUMNS": "110", **variables}
        return subprocess.run(
            [sys.executable, "-m", "bot", *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=DEADLINE,
            check=False,
        )


@pytest.fixture
def terminal(tmp_path: Path) -> Terminal:
    """A terminal in an empty folder."""
    return Terminal(tmp_path)


def assert_one_sentence(done: subprocess.CompletedProcess[str], code: int, words: str) -> None:
    """It left with this code, and said one sentence with these words on standard error."""
    assert words in done.stderr
    assert len(done.stderr.splitlines()) == 1, done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert done.returncode == code


WRONG_USAGE = [
    (["nope"], "No such command 'nope'"),
    (["run", "--http", "--socket"], "choose one of --http and --socket"),
    (["run", "extra"], "extra"),
    (["stats", "--loud"], "No such option"),
    (["import"], "Missing argument"),
    (
        ["import", "missing.zip"],
        "'missing.zip': nothing is there; give the zip that Slack made, or the folder",
    ),
    (["export"], "Missing argument"),
    (["export", "out", "--format", "xml"], "Invalid value for '--format': 'xml' is not one of 'csv', 'json'"),
    (["sandbox", "--port", "99999"], "--port"),
    (["sandbox", "--port", "http"], "--port"),
    (["check", "--manifest", "ftp"], "--manifest"),
    (["check", "--address", "https://commonplace.example.com"], "--address goes with --manifest http"),
    (["db", "downgrade"], "No such command"),
]


@pytest.mark.parametrize(("arguments", "words"), WRONG_USAGE)
def test_wrong_usage_gets_one_sentence_and_exit_2(
    terminal: Terminal, arguments: list[str], words: str
) -> None:
    """A mistyped command says what was wrong and where to look, and changes nothing."""
    assert_one_sentence(terminal(*arguments), 2, words)
    assert list(terminal.folder.iterdir()) == []


FAILURES = [
    (["run"], {}, "SLACK_BOT_TOKEN is not set"),
    (["run"], {"SLACK_BOT_TOKEN": "xoxb-1"}, "SLACK_APP_TOKEN is not set"),
    (["run"], {**TOKENS, "SLACK_BOT_TOKEN": "xapp-1"}, "SLACK_BOT_TOKEN does not begin with xoxb-"),
    (["run", "--http"], TOKENS, "SLACK_SIGNING_SECRET is not set"),
    (
        ["run", "--socket"],
        {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_SIGNING_SECRET": "s"},
        "SLACK_APP_TOKEN is not set",
    ),
    (["run"], {**TOKENS, "DATABASE_URL": "mysql://x/y"}, "DATABASE_URL does not begin with"),
    (["run"], {**TOKENS, "DATABASE_URL": "postgresql://127.0.0.1:9/x"}, "COMMONPLACE_SECRET_KEY is not set"),
    (["run"], {**TOKENS, "PORT": "http"}, "PORT is 'http'"),
    (["stats"], {}, "There is no database at"),
    (["stats"], {"DATABASE_URL": "postgresql://u:hush@127.0.0.1:9/x"}, "start PostgreSQL or correct"),
    (["stats"], {"DATABASE_URL": "sqlite:////proc"}, "DATABASE_URL names the folder"),
    (["export", "out"], {}, "There is no database at"),
    (["replay"], {}, "There is no database at"),
    (["db", "backup"], {}, "There is no database at"),
    (["db", "backup"], {"DATABASE_URL": "postgresql://u:hush@h/x"}, "pg_dump"),
    (["db", "upgrade"], {"DATABASE_URL": "sqlite:////proc/nothing/x.db"}, "DATABASE_URL points into"),
    (
        ["db", "upgrade"],
        {"DATABASE_URL": "sqlite:////proc/x.db"},
        "DATABASE_URL names a file that cannot be opened",
    ),
    (["check", "--manifest", "http", "--address", "http://a"], {}, "--address must be"),
]


@pytest.mark.parametrize(("arguments", "variables", "words"), FAILURES)
def test_failure_gets_one_sentence_and_exit_1(
    terminal: Terminal, arguments: list[str], variables: dict[str, str], words: str
) -> None:
    """A setting that is missing or wrong is named with its cure, and no password is shown."""
    done = terminal(*arguments, **variables)
    assert_one_sentence(done, 1, words)
    assert "hush" not in done.stderr


def test_file_that_is_no_database_is_named(terminal: Terminal) -> None:
    """Any file under DATABASE_URL's name is refused and left as it is."""
    (terminal.folder / "commonplace.db").write_text("a shopping list, long enough to have a header " * 40)
    assert_one_sentence(terminal("stats"), 1, "is no SQLite database")
    assert_one_sentence(terminal("db", "upgrade"), 1, "is no SQLite database")


def test_database_of_another_version_says_how_to_upgrade(terminal: Terminal) -> None:
    """An empty or older database is not read half-right."""
    (terminal.folder / "commonplace.db").touch()
    assert_one_sentence(terminal("stats"), 1, "run python -m bot db upgrade")


def test_sandbox_names_a_port_that_is_in_use(terminal: Terminal) -> None:
    """The sandbox says which port is taken and how to choose another."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert_one_sentence(terminal("sandbox", "--port", port, "--no-browser"), 1, f"Port {port} is in use")


def test_help_lists_every_command(terminal: Terminal) -> None:
    """--help is where a lost person looks; so is the command without anything."""
    done = terminal("--help")
    assert done.returncode == 0
    for command in ("run", "sandbox", "check", "import", "export", "stats", "replay", "db"):
        assert f" {command} " in done.stdout
    assert terminal().stdout.strip() == done.stdout.strip()


def test_upgrade_makes_a_database_that_can_be_counted_and_copied(terminal: Terminal) -> None:
    """Db upgrade, stats and db backup work without Slack, and upgrading twice is as good as once."""
    assert terminal("db", "upgrade").returncode == 0
    assert terminal("db", "upgrade").returncode == 0
    counts = json.loads(terminal("stats", "--json").stdout)
    assert (counts["messages"], counts["outbox"]["failed"], counts["inbox"]["failed"]) == (0, 0, 0)
    assert "messages" in terminal("stats").stdout
    assert terminal("db", "backup", "copy.db").returncode == 0
    copied = terminal("stats", "--json", DATABASE_URL="sqlite:///copy.db")
    assert json.loads(copied.stdout) == counts
    assert_one_sentence(terminal("db", "backup", "copy.db"), 1, "exists already")


@pytest.mark.parametrize("style", ["http", "socket"])
def test_check_prints_a_manifest_to_paste(terminal: Terminal, style: str) -> None:
    """Check --manifest needs no settings and prints YAML and nothing else."""
    done = terminal("check", "--manifest", style)
    assert (done.returncode, done.stderr) == (0, "")
    assert yaml.safe_load(done.stdout)["settings"]["socket_mode_enabled"] is (style == "socket")


def test_check_goes_on_after_the_first_mistake(terminal: Terminal) -> None:
    """Check shows every mistake at once, each with its cure, and leaves with 1."""
    terminal("db", "upgrade")
    (terminal.folder / "commonplace.key").write_text("no key")
    done = terminal("check")
    assert done.returncode == 1
    assert "✗ SLACK_BOT_TOKEN is not set" in done.stdout
    assert "commonplace.key holds something that is no key" in done.stdout
    assert "✓ All migrations are applied." in done.stdout


def test_check_names_a_slack_that_does_not_answer(terminal: Terminal) -> None:
    """Without a network, check says so for both tokens instead of failing itself."""
    done = terminal("check", SLACK_API_URL=NOBODY, **TOKENS)
    assert done.returncode == 1
    assert done.stdout.count("✗ Slack cannot be reached") == 2
    assert "Traceback" not in done.stderr


def test_check_names_a_key_that_others_can_read(terminal: Terminal) -> None:
    """A key file with loose permissions is shown with the command that mends it."""
    key = terminal.folder / "commonplace.key"
    read_or_make(key)
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    key.chmod(0o644)
    assert f"chmod 600 {key}" in terminal("check").stdout
