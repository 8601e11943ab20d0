import contextlib
import json
import os
import random
import signal
import stat
import struct
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot import chunks
from bot.config import Settings
from bot.errors import CommandFailed
from bot.importing import ImportResult, import_export
from bot.imports import archive, json_stream
from storage.session import Database
from storage.stats import read_stats
from tests import exports
from tests.exports import (
    ASHA,
    BEN,
    GENERAL,
    SECRET,
    TEAM,
    as_folder,
    as_zip,
    channel,
    person,
    said,
    small_export,
    ts,
)

# What differs between two runs without being a difference: row numbers, and when we looked.
_UNIMPORTANT = {"id", "known_at", "contribution", "heard_at", "installed_at", "asked_at", "accepted_at"}
_TABLES = (
    *("workspaces", "people", "spaces", "memberships", "messages", "files", "reactions"),
    *("discussions", "contributions", "questions", "nominations", "outbox", "roles", "settings", "inbox"),
)


@pytest.fixture
def take_in(database_url: str, tmp_path: Path) -> Callable[..., ImportResult]:
    """Imports these files as a zip."""

    def take(files: dict[str, Any], **more: Any) -> ImportResult:
        return import_export(Settings(database_url=database_url), as_zip(tmp_path / "e.zip", files), **more)

    return take


def content(database: Database) -> dict[str, list[str]]:
    """Every row of every table, without what may differ."""
    with database.read() as session:
        return {
            table: sorted(
                str(
                    {
                        key: value
                        for key, value in row.items()
                        if key not in _UNIMPORTANT or (table == "people" and key == "id")
                    }
                )
                for row in session.execute(text(f"SELECT * FROM {table}")).mappings()  # noqa: S608  our own names
            )
            for table in _TABLES
        }


def rows(database: Database, query: str) -> list[tuple[Any, ...]]:
    """What a query finds."""
    with database.read() as session:
        return [tuple(row) for row in session.execute(text(query))]


def test_an_export_becomes_records_and_not_one_letter(
    take_in: Callable[..., ImportResult], database: Database
) -> None:
    """Messages, replies, reactions, files, people and tags arrive; nobody is written to."""
    result = take_in(small_export())
    assert (result.workspace, result.messages, result.replies, result.other_lines) == (TEAM, 5, 1, 1)
    with database.read() as session:
        stats = read_stats(session)
    assert (stats["people"], stats["spaces"], stats["messages"], stats["replies"]) == (3, 1, 5, 1)
    assert (stats["discussions"], stats["contributions"], stats["reactions"]) == (1, 1, 1)
    assert set(stats["outbox"].values()) == {0}
    assert rows(database, "SELECT state FROM discussions") == [("closed",)]
    assert rows(database, "SELECT id, mimetype FROM files") == [("F1", "video/mp4")]
    assert rows(database, "SELECT count(*) FROM nominations") == [(0,)]
    assert rows(database, "SELECT text, version FROM messages WHERE version <> ''") == [("edited", ts(9))]


def test_a_second_run_changes_nothing(take_in: Callable[..., ImportResult], database: Database) -> None:
    """Importing twice is importing once."""
    take_in(small_export())
    before = content(database)
    again = take_in(small_export())
    assert content(database) == before
    assert set(again.new.values()) == {0}


def test_a_folder_is_as_good_as_a_zip(database_url: str, database: Database, tmp_path: Path) -> None:
    """An export that was unpacked, even inside another folder, is read the same."""
    folder = as_folder(tmp_path / "unpacked" / "my export", small_export())
    result = import_export(Settings(database_url=database_url), folder.parent)
    assert (result.messages, result.people) == (5, 3)
    assert rows(database, "SELECT count(*) FROM messages") == [(5,)]


def test_private_channels_come_only_when_named_and_directs_never(
    take_in: Callable[..., ImportResult], database: Database
) -> None:
    """Nobody gets to see more than before: private ones keep their members, direct conversations stay out."""
    files = small_export() | {
        "groups.json": [channel(SECRET, "secret", [BEN])],
        "dms.json": [{"id": "D0AAAAAA", "members": [ASHA, BEN]}],
        "mpims.json": [channel("G0MPIM", "mpdm-a--b-1")],
        "secret/2020-09-13.json": [said(10, BEN, "hush")],
        "D0AAAAAA/2020-09-13.json": b"not even JSON",
        "mpdm-a--b-1/2020-09-13.json": b"not even JSON",
    }
    assert take_in(files).channels == 1
    assert rows(database, "SELECT id FROM spaces") == [(GENERAL,)]
    assert take_in(files, channels=("secret",)).messages == 1
    assert [bool(*row) for row in rows(database, "SELECT is_private FROM spaces WHERE id = 'G0SECRET'")] == [
        True
    ]
    assert rows(database, "SELECT person FROM memberships WHERE channel = 'G0SECRET'") == [(BEN,)]
    with pytest.raises(CommandFailed, match="few people"):
        take_in(files, channels=("mpdm-a--b-1",))


def test_people_are_known_as_the_export_describes_them(
    take_in: Callable[..., ImportResult], database: Database
) -> None:
    """Name, time zone, bots, guests, externals and who left come from users.json."""
    strange = person("U0STRANGE", team_id="T0OTHER", is_restricted=True, deleted=True)
    take_in(small_export() | {"users.json": [person(ASHA), person(BEN, is_bot=True), strange]})
    found = rows(
        database, "SELECT id, name, tz, is_bot, is_guest, is_external, is_deactivated FROM people ORDER BY id"
    )
    assert [tuple(map(bool, row[3:])) for row in found] == [
        (False, False, False, False),
        (True, False, False, False),
        (False, True, True, True),
    ]
    assert found[0][:3] == (ASHA, "Asha", "Europe/Berlin")


def test_what_slack_told_us_is_kept(take_in: Callable[..., ImportResult], database: Database) -> None:
    """An old export changes no name, no membership and no deletion that we heard live."""
    take_in(small_export())
    with database.write() as session:
        session.execute(text("UPDATE people SET name = 'Asha now' WHERE id = 'U0ASHA'"))
        session.execute(text("UPDATE spaces SET app_is_in = :yes"), {"yes": True})
        session.execute(text("DELETE FROM memberships WHERE person = 'U0BEN'"))
        session.execute(
            text("UPDATE messages SET deleted = :yes, text = '' WHERE ts = :ts"), {"yes": True, "ts": ts(0)}
        )
        session.commit()
    take_in(small_export())
    assert rows(database, "SELECT name FROM people WHERE id = 'U0ASHA'") == [("Asha now",)]
    assert rows(database, "SELECT person FROM memberships") == [(ASHA,)]
    assert rows(database, "SELECT text FROM messages WHERE deleted") == [("",)]


def test_what_exports_lack_is_no_obstacle(take_in: Callable[..., ImportResult], database: Database) -> None:
    """Unknown people, bots without a user, tombstones, odd folders and odd names are all taken as they are."""
    files = small_export() | {
        "channels.json": [
            channel(GENERAL, "general"),
            channel("C0CAFE", "cafe\u0301"),
            channel("C0NEW", "new", previous_names=["old"]),
            channel("C0EMPTY", "empty", members=[]),
            {"id": 5, "name": None},
        ],
        "caf\u00e9/2020-09-13.json": [
            said(20, "U0NOBODY", "hi \ud83d", files=[{"id": "F9", "mode": "tombstone"}])
        ],
        "old/2020-09-13.json": [
            said(30, None, "beep", subtype="bot_message", bot_id="B1"),  # type: ignore[arg-type]
            said(31, subtype="tombstone"),
            {"type": "message"},
            said(
                32, reactions=[{"name": None}, "x", {"name": "a::skin-tone-2", "users": [ASHA, None, ASHA]}]
            ),
            7,
            said(33, team=None, user_team=None),
        ],
    }
    take_in(files)
    found = dict(rows(database, "SELECT channel, count(*) FROM messages WHERE NOT deleted GROUP BY channel"))
    assert found == {GENERAL: 5, "C0CAFE": 1, "C0NEW": 3}
    assert rows(database, "SELECT count(*) FROM people WHERE id = 'U0NOBODY'") == [(1,)]
    assert rows(database, "SELECT emoji FROM reactions WHERE channel = 'C0NEW'") == [("a",)]


def test_the_workspace_is_the_one_given_else_the_exports_else_the_only_one(
    take_in: Callable[..., ImportResult],
) -> None:
    """Nothing goes to a workspace by accident."""
    bare = small_export() | {"users.json": [{"id": ASHA}, {"id": BEN}]}
    bare["general/2020-09-13.json"] = [{key: v for key, v in said(0).items() if key != "team"}]
    del bare["general/2020-09-14.json"]
    with pytest.raises(CommandFailed, match="--workspace"):
        take_in(bare)
    assert take_in(small_export(), workspace="T0OTHER").workspace == "T0OTHER"
    assert take_in(bare).workspace == "T0OTHER"
    assert take_in(small_export()).workspace == TEAM
    with pytest.raises(CommandFailed, match="begins with T"):
        take_in(bare, workspace="my team")


def _link(path: Path) -> None:
    info = zipfile.ZipInfo("general/2020-09-15.json")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as file:
        file.writestr(info, "/etc/passwd")


def _climb(name: str) -> Callable[[Path], None]:
    def add(path: Path) -> None:
        with zipfile.ZipFile(path, "a") as file:
            file.writestr(name, "[]")

    return add


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size * 2 // 3])


def _damage(path: Path) -> None:
    data = bytearray(path.read_bytes())
    at = data.rindex(b"general/2020-09-14.json", 0, data.index(b"PK\x01\x02")) + 26
    data[at] ^= 0xFF
    path.write_bytes(bytes(data))


def _encrypt(path: Path) -> None:
    data = bytearray(path.read_bytes())
    at = -1
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 8] |= 1
    path.write_bytes(bytes(data))


def _lie_about_contents(path: Path) -> None:
    data = bytearray(path.read_bytes())
    struct.pack_into("<L", data, data.rindex(b"PK\x05\x06") + 12, 1 << 30)
    path.write_bytes(bytes(data))


@pytest.mark.parametrize(
    ("spoil", "complaint"),
    [
        pytest.param(_truncate, "only a part", id="truncated"),
        pytest.param(lambda path: path.write_bytes(b"hello " * 100), "no zip file", id="no zip"),
        pytest.param(lambda path: path.write_bytes(b""), "no zip file", id="empty"),
        pytest.param(_damage, r"damaged at general/2020-09-14.json|cut off|broken", id="checksum"),
        pytest.param(_encrypt, "password", id="encrypted"),
        pytest.param(_link, "link", id="symlink"),
        pytest.param(_climb("../../evil.json"), "outside", id="climbs"),
        pytest.param(_climb("general/../../evil.json"), "outside", id="climbs from inside"),
        pytest.param(_climb("/etc/evil.json"), "outside", id="absolute"),
        pytest.param(_climb("C:\\evil.json"), "outside", id="drive"),
        pytest.param(_climb("..\\evil.json"), "outside", id="backslash"),
        pytest.param(_lie_about_contents, "too many files", id="endless contents"),
    ],
)
def test_a_zip_that_is_damaged_or_means_harm_is_refused_before_anything_is_written(
    spoil: Callable[[Path], None], complaint: str, tmp_path: Path
) -> None:
    """One sentence with the reason, and not even a database is made."""
    path = as_zip(tmp_path / "bad.zip", small_export())
    spoil(path)
    _refuses(path, complaint)


@pytest.mark.parametrize(
    ("name", "content", "complaint"),
    [
        ("general/2020-09-14.json", b"{}", "general/2020-09-14.json is not a list"),
        ("general/2020-09-14.json", b"[{}", "general/2020-09-14.json is cut off"),
        ("general/2020-09-14.json", b'[{"a":', "general/2020-09-14.json is broken or cut off"),
        ("general/2020-09-14.json", b"[{}] x", "goes on after its end"),
        ("general/2020-09-14.json", b"", "is cut off"),
        ("general/2020-09-14.json", b"[" * 100_000, "nested too deep"),
        ("general/2020-09-14.json", b'[{"a":' * 100_000, "nested too deep"),
        ("users.json", b"<html>", "users.json is not a list"),
        ("channels.json", b"nonsense", "channels.json is not a list"),
    ],
)
def test_wrong_json_is_named_and_refused(name: str, content: bytes, complaint: str, tmp_path: Path) -> None:
    """The file's name is in the sentence, and nothing is written, though other files were fine."""
    _refuses(as_zip(tmp_path / "bad.zip", small_export() | {name: content}), complaint)


@pytest.mark.parametrize("missing", ["users.json", "channels.json"])
def test_what_is_no_slack_export_is_refused(missing: str, tmp_path: Path) -> None:
    """A zip or folder without people or channels is something else."""
    files = {name: content for name, content in small_export().items() if name != missing}
    _refuses(as_zip(tmp_path / "photos.zip", files), f"is not a Slack export: it has no {missing}")
    _refuses(as_folder(tmp_path / "photos", files), f"is not a Slack export: it has no {missing}")


def test_a_zip_bomb_is_refused(tmp_path: Path) -> None:
    """A few bytes that unpack to very many are recognised without unpacking them."""
    bomb = as_zip(tmp_path / "bomb.zip", small_export() | {"general/2020-09-15.json": b" " * (60 << 20)})
    _refuses(bomb, "far more than its size")


def test_more_than_any_export_holds_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Too many files, too large a file and too much in all are refused, packed or not."""
    zipped, folder = as_zip(tmp_path / "a.zip", small_export()), as_folder(tmp_path / "a", small_export())
    for limit, complaint in (
        ("MOST_FILES", "more than 3 files"),
        ("LARGEST_FILE", "far more"),
        ("MOST_BYTES", "far more"),
    ):
        with monkeypatch.context() as limited:
            limited.setattr(archive, limit, 3)
            _refuses(zipped, complaint)
            _refuses(folder, complaint)


def test_an_endless_entry_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One entry that would fill the memory is not read to its end."""
    monkeypatch.setattr(json_stream, "LONGEST_ELEMENT", 1_000_000)
    path = as_zip(tmp_path / "a.zip", small_export() | {"users.json": [{"id": "x" * 3_000_000}]})
    _refuses(path, "far too long")


def test_whatever_bytes_are_flipped_the_answer_is_a_sentence(tmp_path: Path) -> None:
    """A damaged zip is refused in words or, where the damage is in nothing that matters, read."""
    whole = as_zip(tmp_path / "whole.zip", small_export()).read_bytes()
    chance, settings = random.Random(5), Settings(database_url=f"sqlite:///{tmp_path / 'a.db'}")
    refused = 0
    for _ in range(300):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 2, 8))):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path = tmp_path / "flipped.zip"
        path.write_bytes(data)
        try:
            import_export(settings, path)
        except CommandFailed:
            refused += 1
    assert refused > 200


def _junk(chance: random.Random, depth: int = 0) -> Any:
    """Any JSON, with names that mean something where they do not belong."""
    kind = chance.randrange(9) if depth < 4 else 8
    if kind < 2:
        return [_junk(chance, depth + 1) for _ in range(chance.randrange(4))]
    if kind < 5:
        names = "id ts user text reactions files subtype name users thread_ts edited profile team_id members"
        more = [
            "previous_names",
            "message",
            "is_private",
            "bot_id",
            "metadata",
            "file",
            "deleted_ts",
            "count",
        ]
        keys = chance.choices(names.split() + more, k=chance.randrange(6))
        return {key: _junk(chance, depth + 1) for key in keys}
    plain = (None, True, 0, -1, 1e300, 10**30, "", "x", "U1", "1.5", ts(5), "file_share", "message_deleted")
    return chance.choice((*plain, "\ud800", "\x00", "\u202e", "<!channel>", "x" * 50_000))


def test_nonsense_in_the_right_places_is_left_out(
    take_in: Callable[..., ImportResult], database: Database
) -> None:
    """Fields that are missing or of any other type cost no import and leave a database that holds together."""
    chance = random.Random(3)
    fields = ("user", "text", "reactions", "files", "thread_ts", "edited", "bot_id", "metadata", "user_team")
    lines = [{"ts": ts(n), **{name: _junk(chance) for name in fields}} for n in range(300)]
    files = {
        "users.json": [person(ASHA), *(_junk(chance) for _ in range(50))],
        "channels.json": [channel(GENERAL, "general"), *(_junk(chance) for _ in range(50))],
        "general/2020-09-13.json": [*lines, *(_junk(chance) for _ in range(100))],
    }
    take_in(files)
    found = rows(database, "SELECT count(*) FROM messages WHERE channel = 'C0GENERAL'")
    assert found[0][0] == len(lines)


def test_links_in_a_folder_are_refused(tmp_path: Path) -> None:
    """An unpacked export does not lead anywhere else."""
    folder = as_folder(tmp_path / "a", small_export())
    (folder / "general" / "2020-09-15.json").symlink_to("/etc/passwd")
    _refuses(folder, "link")


def test_a_missing_file_and_an_unknown_channel_are_named(tmp_path: Path) -> None:
    """What was typed wrongly is said, with what there is instead."""
    _refuses(tmp_path / "nothing.zip", "is not there")
    path = as_zip(tmp_path / "a.zip", small_export())
    with pytest.raises(CommandFailed, match="no channel nowhere in this export; it has general"):
        import_export(_settings(tmp_path), path, channels=("nowhere",))


def _settings(folder: Path) -> Settings:
    return Settings(database_url=f"sqlite:///{folder / 'untouched.db'}")


def _refuses(path: Path, complaint: str) -> None:
    settings = _settings(path.parent)
    with pytest.raises(CommandFailed, match=complaint):
        import_export(settings, path)
    assert settings.database_file is not None
    assert not settings.database_file.exists()


def test_progress_goes_from_nothing_to_all(take_in: Callable[..., ImportResult], backend: str) -> None:
    """Progress only grows and ends at its end."""
    seen: list[tuple[int, int]] = []
    take_in(small_export(), progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[0][0] == 0
    assert seen[-1][0] == seen[-1][1]
    assert backend


def test_beside_a_running_app_chunks_are_small_and_pause(
    take_in: Callable[..., ImportResult], database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While an app listens on the same database, each chunk is at most 200 rows and rests as long as it took."""
    sizes: list[int] = []
    rests: list[float] = []
    commit = chunks.ChunkWriter._commit

    def noted(self: Any, work: Any, chunk: Any, workspace: str) -> None:
        sizes.append(len(chunk))
        commit(self, work, chunk, workspace)

    monkeypatch.setattr(chunks.ChunkWriter, "_commit", noted)
    monkeypatch.setattr("bot.chunks.time.sleep", rests.append)
    take_in(exports.large_export(900, days=1))
    assert max(sizes) > chunks.ROWS_BESIDE_AN_APP
    assert rests == []
    _set_heartbeat(database, datetime.now(UTC) - timedelta(minutes=1))
    sizes.clear()
    take_in(exports.large_export(900, days=1))
    assert max(sizes) <= chunks.ROWS_BESIDE_AN_APP
    assert len(rests) == len(sizes)
    _set_heartbeat(database, datetime.now(UTC) - timedelta(minutes=3))
    rests.clear()
    take_in(small_export())
    assert rests == []


def _set_heartbeat(database: Database, at: datetime) -> None:
    from storage.workspaces import remember_listening

    with database.write() as session:
        remember_listening(session, TEAM, at)
        session.commit()


def test_killed_half_way_and_run_again_ends_the_same(
    database_url: str, database: Database, tmp_path: Path
) -> None:
    """Kill -9 at random points, several times, then one whole run: the database of a clean import."""
    path = as_zip(tmp_path / "large.zip", exports.large_export())
    clean = tmp_path / "clean.db"
    import_export(Settings(database_url=f"sqlite:///{clean}"), path)
    chance = random.Random(6)
    for _ in range(4):
        _import_and_kill(database_url, path, chance)
    import_export(Settings(database_url=database_url), path)
    from storage.session import open_database

    expected = open_database(f"sqlite:///{clean}")
    try:
        assert _plain(content(database)) == _plain(content(expected))
    finally:
        expected.close()


def _plain(tables: dict[str, list[str]]) -> dict[str, list[str]]:
    """The two databases write yes, no and instants differently."""
    return {
        name: sorted(_without_dialect(row) for row in found)
        for name, found in tables.items()
        if name != "contributions"
    } | {"contributions": [str(len(tables["contributions"]))]}


def _without_dialect(row: str) -> str:
    kept = {
        key: int(value) if isinstance(value, bool) else value
        for key, value in eval(row, {"datetime": __import__("datetime")}).items()  # noqa: S307  our own repr
        if key not in ("search", "heard", "reading", "app_is_in")
    }
    return json.dumps(kept, sort_keys=True, default=str)


def _import_and_kill(database_url: str, path: Path, chance: random.Random) -> None:
    """Start an import and kill it once it has begun to write, or a moment later."""
    code = (
        "import sys; from pathlib import Path; from bot.config import Settings;"
        "from bot.importing import import_export;"
        "import_export(Settings(database_url=sys.argv[1]), Path(sys.argv[2]),"
        " progress=lambda done, total: print(100 * done // total, flush=True))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, database_url, str(path)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
    )
    assert process.stdout is not None
    goal = chance.randint(50, 95)  # percent; the second half is the writing
    for line in process.stdout:
        if int(line) >= goal:
            break
    time.sleep(chance.uniform(0, 0.05))
    with contextlib.suppress(ProcessLookupError):
        process.send_signal(signal.SIGKILL)
    process.stdout.close()
    process.wait()
