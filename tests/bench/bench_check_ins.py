"""What a tick costs with 100,000 enrolments: beside its own queries, replayed bare on a copy of the database.

SQLite with synchronous=FULL. Both sides run the same statements with the same values in the same transactions; what
the tick costs beyond its copy is ours: choosing, planning, drawing cards. Run it with `make bench ARGS=check-ins`.
"""

import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from sqlalchemy import event, insert

from bot.rules.check_in_sending import send_due
from bot.secrets import Vault
from storage import migrate
from storage.check_ins import Prompt
from storage.check_ins import next_check_in as next_due
from storage.people import Person
from storage.programmes import Cohort, Enrolment, Programme
from storage.session import Database, Session, open_database
from storage.workspaces import Workspace

ENROLMENTS, DUE, ROUNDS = 100_000, 1_000, 300
DAYS = (2, 7, 16, 35, 70, 182, 365)
T = "T0BENCH"
NOW = datetime(2027, 3, 10, 9, tzinfo=UTC)  # a Wednesday
PRAGMAS = ("PRAGMA synchronous=FULL", "PRAGMA foreign_keys=ON", "PRAGMA temp_store=MEMORY")
Run = list[tuple[str, Any]]  # statements with their values; an empty one ends a transaction


def main() -> None:
    """Print what ticks cost, what their queries cost, and the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bench.db"
        began = time.perf_counter()
        _fill(file)
        took = time.perf_counter() - began
        print(f"{ENROLMENTS:,} enrolments with {ENROLMENTS * len(DAYS):,} check-ins written in {took:.0f} s")
        _measure(file, NOW - timedelta(hours=1), "nothing due", ROUNDS)
        _measure(file, NOW, f"{DUE:,} due", 1)
        _explain(file)


def _measure(file: Path, now: datetime, what: str, rounds: int) -> None:
    """Ticks of the app and their bare queries, in turns."""
    ours, alike, bare, slowest, letters = [], [], [], [], 0
    for _ in range(rounds):
        with _copies(file, alike=rounds > 1) as (one, other, third):
            seconds, longest, run = _tick(one, now)
            ours.append(seconds * 1000)
            slowest.append(longest * 1000)
            letters = sum(statement.startswith("INSERT INTO outbox") for statement, _ in run)
            alike.append(_replay(other, run) * 1000)
            bare.append(_replay_bare(third, run) * 1000)
    mine, same, driver = (statistics.median(each) for each in (ours, alike, bare))
    print(
        f"{what}: tick {mine:.2f} ms; its queries {same:.2f} ms, ratio {mine / same:.2f}; through the driver alone"
        f" {driver:.2f} ms, ratio {mine / driver:.2f}"
    )
    longest = statistics.median(slowest)
    print(f"  {letters} letters, {len(run)} statements, longest transaction {longest:.0f} ms")


def _tick(file: Path, now: datetime) -> tuple[float, float, Run]:
    """What the app does at a tick, transaction by transaction: seconds, the longest, and its statements."""
    database = _opened(file)
    run: Run = []
    _watch(database, run)
    try:
        with database.write() as session:  # connected and warm, as in a running app
            next_due(session, T)
        run.clear()
        return _in_goes(database, now, run)
    finally:
        database.close()


def _in_goes(database: Database, now: datetime, run: Run) -> tuple[float, float, Run]:
    total, longest, more = 0.0, 0.0, True
    while more:
        began = time.perf_counter()
        with database.write() as session:
            more = send_due(session, T, now)
            session.commit()
        took = time.perf_counter() - began
        run.append(("", None))
        total, longest = total + took, max(longest, took)
    return total, longest, run


def _watch(database: Database, run: Run) -> None:
    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if not statement.startswith("BEGIN"):
            run.append((statement, parameters))

    event.listen(database.writer, "before_cursor_execute", note)


def _replay(file: Path, run: Run) -> float:
    """The same statements in the same transactions, with no work of ours between them; seconds."""
    database = _opened(file)
    try:
        with database.write() as session:
            next_due(session, T)
        began = time.perf_counter()
        for statements in _transactions(run):
            with database.write() as session:
                for statement, values in statements:
                    result = session.connection().exec_driver_sql(statement, values)
                    if result.returns_rows:
                        result.fetchall()
                session.commit()
        return time.perf_counter() - began
    finally:
        database.close()


def _replay_bare(file: Path, run: Run) -> float:
    """The same through the driver alone; seconds."""
    connection = sqlite3.connect(file, isolation_level=None)
    for pragma in PRAGMAS:
        connection.execute(pragma)
    connection.execute("SELECT count(*) FROM workspaces").fetchall()
    began = time.perf_counter()
    for statements in _transactions(run):
        connection.execute("BEGIN IMMEDIATE")
        for statement, values in statements:
            connection.execute(statement, values).fetchall()
        connection.execute("COMMIT")
    seconds = time.perf_counter() - began
    connection.close()
    return seconds


def _transactions(run: Run) -> Iterator[Run]:
    statements: Run = []
    for statement, values in run:
        if statement:
            statements.append((statement, values))
        else:
            yield statements
            statements = []


@contextmanager
def _copies(file: Path, *, alike: bool) -> Iterator[tuple[Path, ...]]:
    """A database for each side; the same one where nothing is written."""
    if alike:
        yield file, file, file
        return
    copies = tuple(file.with_name(name) for name in ("ours.db", "alike.db", "bare.db"))
    for copy in copies:
        shutil.copy(file, copy)
    yield copies
    for copy in copies:
        copy.unlink()


def _explain(file: Path) -> None:
    """How the database finds what is due, in its own words."""
    run: Run = []
    database = _opened(file)
    _watch(database, run)
    with database.write() as session:
        send_due(session, T, NOW - timedelta(hours=1))
        next_due(session, T)
    database.close()
    connection = sqlite3.connect(file)
    for statement, values in run:
        if "prompts" in statement:
            for line in connection.execute(f"EXPLAIN QUERY PLAN {statement}", values):
                print(f"  {line[3]}")
    connection.close()


def _opened(file: Path) -> Database:
    return open_database(f"sqlite:///{file}", Vault((Fernet.generate_key().decode(),)))


def _fill(file: Path) -> None:
    database = _opened(file)
    migrate.upgrade(database)
    with database.write() as session:
        session.add(Workspace(id=T, url="https://bench.slack.com/", bot_user="UAPP"))
        session.flush()
        cohort = _cohort(session)
        people = [f"U{number:06d}" for number in range(ENROLMENTS)]
        session.execute(insert(Person.__table__), [_person(one) for one in people])  # type: ignore[arg-type]
        session.execute(insert(Enrolment.__table__), [_enrolment(cohort, one) for one in people])  # type: ignore[arg-type]
        for number, person in enumerate(people):
            if number % 5_000 == 0:
                part = range(number, min(number + 5_000, ENROLMENTS))
                rows = [_prompt(n, people[n], day) for n in part for day in DAYS]
                session.execute(insert(Prompt.__table__), rows)  # type: ignore[arg-type]
            del person
        session.commit()
    database.close()
    with sqlite3.connect(file) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.execute("ANALYZE")


def _cohort(session: Session) -> int:
    programme = Programme(
        workspace=T,
        key="bench",
        title="Bread for beginners",
        check_ins=[],
        items=[],
        closing=[],
        circle_questions=[],
        made_at=NOW,
    )
    session.add(programme)
    session.flush()
    day = NOW.date()
    cohort = Cohort(
        workspace=T,
        programme=programme.id,
        name="all",
        starts_on=day,
        ends_on=day,
        state="ended",
        made_at=NOW,
    )
    session.add(cohort)
    session.flush()
    return cohort.id


def _person(person: str) -> dict[str, Any]:
    return {
        "workspace": T,
        "id": person,
        "name": f"Person {person}",
        "tz": "UTC",
        "locale": "",
        "dm": f"D{person}",
        "welcome_because": "was enrolled",
    }


def _enrolment(cohort: int, person: str) -> dict[str, Any]:
    return {
        "workspace": T,
        "cohort": cohort,
        "person": person,
        "state": "completed",
        "enrolled_at": NOW,
        "step": "done",
        "goal": "",
        "completed_on": NOW.date() - timedelta(days=DAYS[1]),
    }


def _prompt(number: int, person: str, day: int) -> dict[str, Any]:
    """One check-in: the first answered, the second due today for some and tomorrow or later for the others."""
    step = 0 if number < DUE else 1 + number % 60
    on = NOW.date() + timedelta(days=day - DAYS[1] + step)
    is_past = day == DAYS[0]
    return {
        "workspace": T,
        "once": f"check_in:{number + 1}:{day}",
        "person": person,
        "kind": "check_in",
        "enrolment": number + 1,
        "day": day,
        "question": f"What about your dough on day {day}?",
        "planned_on": on,
        "due_on": on,
        "due_at": None if is_past else datetime(on.year, on.month, on.day, 9, tzinfo=UTC),
        "state": "answered" if is_past else "scheduled",
        "why": "",
        "sent_at": NOW - timedelta(days=DAYS[1] - DAYS[0]) if is_past else None,
        "reminders": 0,
    }


if __name__ == "__main__":
    main()
