"""A learning system's signed call: whoever knows the secret says who has finished, and nobody else says anything."""

import asyncio
import json
import os
import re
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import select

from bot.app import Commonplace, running
from bot.lms import sign
from bot.programme_files import read_programme
from bot.rules.programmes_applying import Application, apply
from bot.sandbox import Sandbox, empty_world
from storage.programmes import Enrolment, EnrolmentState
from storage.session import Session
from tests.people import Workplace
from tests.stories.conftest import settings_for

DOCUMENT = (Path(__file__).parent.parent / "docs" / "programmes.md").read_text()
SECRET = "0123456789abcdef0123456789abcdef"
CALL = {"programme": "first-bread", "person": "U0ASHA"}


class System:
    """A learning system, and the app that it talks to."""

    def __init__(self, app: Commonplace, session: aiohttp.ClientSession) -> None:
        self.app = app
        self.url = f"http://127.0.0.1:{app.port}"
        self._session = session

    async def says(self, body: Any, *, secret: str = SECRET, late: int = 0) -> tuple[int, dict[str, Any]]:
        """Send a body (bytes, or what becomes JSON); the answer."""
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        stamp = str(int(time.time()) + late)
        headers = {
            "X-Commonplace-Timestamp": stamp,
            "X-Commonplace-Signature": sign(secret, stamp, raw),
        }
        async with self._session.post(f"{self.url}/lms/complete", data=raw, headers=headers) as answer:
            return answer.status, await answer.json()

    def state(self) -> str:
        """Where Asha is in the programme."""
        with self.app.database.read() as session:
            return session.scalars(select(Enrolment.state)).one()


@pytest.fixture
async def system(database_url: str) -> AsyncIterator[System]:
    """The app with the programme of the documentation in it, which began yesterday, and Asha on the way."""
    async with (
        Sandbox(port=0, world=empty_world()) as sandbox,
        Workplace(sandbox.url) as workplace,
        running(replace(settings_for(sandbox, database_url), lms_secret=SECRET), "socket") as app,
        aiohttp.ClientSession() as session,
    ):
        await workplace.post("people", name="asha", real_name="Asha", tz="Asia/Kolkata")
        asha = workplace.person("asha")
        await asha.types("/learn help")
        today = sandbox.world.clock.now().date()
        run = {
            "name": "Spring",
            "starts_on": str(today - timedelta(days=1)),
            "ends_on": str(today + timedelta(days=30)),
            "people": ["U0ASHA"],
        }
        spec = read_programme(json.dumps({"title": "First bread", "runs": [run]}).encode(), "bread.yml")
        await app.transactions.run(_apply, Application(sandbox.world.team, spec))
        yield System(app, session)


def _apply(session: Session, wanted: Application, now: Any) -> None:
    apply(session, wanted, now)


async def test_the_program_in_the_documentation_runs_as_it_stands(system: System) -> None:
    """Copied out of docs/programmes.md and run: once "completed", then "already"."""
    (program,) = re.findall(r"```python\n(.*?)```", DOCUMENT, re.DOTALL)
    environment = {
        "PATH": os.environ["PATH"],
        "COMMONPLACE_LMS_SECRET": SECRET,
        "COMMONPLACE_URL": system.url,
    }
    said = []
    for _ in range(2):
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", program, env=environment, stdout=asyncio.subprocess.PIPE
        )
        output, _ = await process.communicate()
        said.append(output.decode().split(" ", 1))
    assert [(code, json.loads(body)["result"]) for code, body in said] == [
        ("200", "completed"),
        ("200", "already"),
    ]
    assert system.state() == EnrolmentState.COMPLETED


def test_the_signature_in_the_documentation_is_right() -> None:
    """Whoever writes their own code compares with it."""
    (timestamp,) = re.findall(r"timestamp `(\d+)`", DOCUMENT)
    (body,) = re.findall(r"the body `(\{.*\})`", DOCUMENT)
    assert f"\n{sign(SECRET, timestamp, body.encode())}\n" in DOCUMENT
    assert SECRET in DOCUMENT


def test_the_file_in_the_documentation_is_a_programme() -> None:
    """It can be applied as it stands."""
    (file,) = re.findall(r"```yaml\n(.*?)```", DOCUMENT, re.DOTALL)
    spec = read_programme(file.encode(), "first-bread.yml")
    assert (spec.key, len(spec.weeks), len(spec.runs)) == ("first-bread", 1, 1)


@pytest.mark.parametrize(("secret", "late"), [("f" * 32, 0), (SECRET, -400), (SECRET, 400)])
async def test_without_a_fresh_signature_nobody_says_anything(system: System, secret: str, late: int) -> None:
    """Another secret, or a call that somebody recorded: 401, and nobody has finished."""
    status, answer = await system.says(CALL, secret=secret, late=late)
    assert (status, answer["ok"]) == (401, False)
    assert "not signed" in answer["error"]
    assert system.state() == EnrolmentState.ENROLLED


WRONG: list[tuple[Any, int, str]] = [
    (b"", 400, "no JSON object"),
    (b"[1]", 400, "no JSON object"),
    (b"[" * 9_000, 400, "no JSON object"),
    (b"x" * 17_000, 413, "more than 16 KB"),
    ({}, 400, "“programme” is missing"),
    ({"programme": "first-bread"}, 400, "“person” is missing"),
    ({**CALL, "grade": "A"}, 400, "no field “grade”"),
    ({**CALL, "person": 7}, 400, "“person” must be a text"),
    ({**CALL, "person": "x" * 300}, 400, "“person” must be a text"),
    ({**CALL, "completed_on": "yesterday"}, 400, "must be a date"),
    ({**CALL, "completed_on": "2999-01-01"}, 400, "day"),
    ({**CALL, "programme": "cakes"}, 404, "no programme"),
    ({**CALL, "person": "U0NOBODY"}, 404, "Nobody here"),
    ({**CALL, "person": "\u202e<!channel>"}, 404, "Nobody here"),
    ({**CALL, "person": "U0ADA"}, 404, "in no run"),
    ({**CALL, "run": "Autumn"}, 404, "in no run"),
    ({**CALL, "workspace": "T9"}, 404, "not installed"),
]


async def test_each_mistake_gets_its_sentence(system: System) -> None:
    """What cannot be meant is answered with what is wrong, and nobody has finished."""
    for body, code, words in WRONG:
        status, answer = await system.says(body)
        assert (status, words in answer["error"]) == (code, True), (body, status, answer)
    assert system.state() == EnrolmentState.ENROLLED
    assert (await system.says(CALL))[0] == 200


async def test_without_a_secret_there_is_no_such_address(database_url: str) -> None:
    """Who has no learning system opens no door for one."""
    async with (
        Sandbox(port=0, world=empty_world()) as sandbox,
        running(settings_for(sandbox, database_url), "socket") as app,
        aiohttp.ClientSession() as session,
        session.post(f"http://127.0.0.1:{app.port}/lms/complete", data=b"{}") as answer,
    ):
        assert answer.status == 404
