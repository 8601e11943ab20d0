"""Small Slack exports, made up for the tests."""

import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

Json = dict[str, Any]
TEAM = "T0EXPORT"
ASHA, BEN, BOT = "U0ASHA", "U0BEN", "U0BOT"
GENERAL, SECRET = "C0GENERAL", "G0SECRET"
FIRST = 1_600_000_000  # the second of the first message


def ts(second: int) -> str:
    """The ts of a moment, in seconds after the first message."""
    return f"{FIRST + second}.000100"


def person(who: str, **more: Any) -> Json:
    """A user object."""
    profile = {"display_name": who.removeprefix("U0").title(), "team": TEAM}
    return {"id": who, "team_id": TEAM, "name": who.lower(), "tz": "Europe/Berlin", "profile": profile} | more


def channel(where: str, name: str, members: Sequence[str] = (ASHA, BEN), **more: Any) -> Json:
    """A conversation object."""
    return {"id": where, "name": name, "members": list(members), "is_archived": False} | more


def said(second: int, who: str = ASHA, text: str = "hello", **more: Any) -> Json:
    """A message object."""
    return {"type": "message", "user": who, "text": text, "ts": ts(second), "team": TEAM} | more


def reply(second: int, root: int, who: str = BEN, text: str = "well", **more: Any) -> Json:
    """A reply to the message of another second."""
    return said(second, who, text, thread_ts=ts(root)) | more


def small_export(**more: Any) -> dict[str, Any]:
    """The files of an export with a bit of everything, by name; `more` replaces or adds."""
    files: dict[str, Any] = {
        "users.json": [person(ASHA), person(BEN), person(BOT, is_bot=True)],
        "channels.json": [channel(GENERAL, "general")],
        "general/2020-09-13.json": [
            said(0, reply_count=1, thread_ts=ts(0)),
            said(1, BEN, "#solution use rebase", reactions=[{"name": "bulb", "users": [ASHA], "count": 1}]),
            said(2, subtype="channel_join"),
            said(
                3, BEN, "see here", files=[{"id": "F1", "name": "a.mp4", "mimetype": "video/mp4", "size": 9}]
            ),
            said(4, ASHA, "edited", edited={"user": ASHA, "ts": ts(9)}),
        ],
        "general/2020-09-14.json": [reply(86_400, 0)],
    }
    return files | {name.replace("__", "/"): content for name, content in more.items()}


def as_zip(path: Path, files: Mapping[str, Any]) -> Path:
    """Write these files into a zip; content that is not bytes becomes JSON."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content if isinstance(content, bytes) else json.dumps(content))
    return path


def as_folder(path: Path, files: Mapping[str, Any]) -> Path:
    """Write these files below a folder."""
    for name, content in files.items():
        place = path / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content if isinstance(content, bytes) else json.dumps(content).encode())
    return path


def large_export(messages: int = 3_000, days: int = 10) -> dict[str, Any]:
    """The files of an export with threads, reactions and tags on each of `days` days."""
    files = small_export()
    per_day = messages // days
    for day in range(days):
        start = 100_000 * (day + 1)
        lines = [
            said(start + n, (ASHA, BEN)[n % 2], f"#til number {n}" if n % 50 == 0 else f"word {n}")
            for n in range(per_day)
        ]
        for n, line in enumerate(lines):
            if n % 3:
                line["thread_ts"] = ts(start + n - n % 3)
            if n % 7 == 0:
                line["reactions"] = [{"name": "tada", "users": [ASHA, BEN], "count": 2}]
        files[f"general/2020-10-{day + 1:02}.json"] = lines
    return files
