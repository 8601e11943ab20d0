"""Programmes and rosters on the command line: said first, done whole or not at all, and twice is once."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from subprocess import CompletedProcess

import pytest
from cryptography.fernet import Fernet
from sqlalchemy import func, select

from bot.secrets import Vault
from storage.managers import Management
from storage.outbox import OutboxRow
from storage.people import Person
from storage.programmes import Enrolment, EnrolmentState, Programme
from storage.session import Session, open_database
from storage.workspaces import Workspace
from tests.test_cli import Terminal, assert_one_sentence

TODAY = datetime.now(UTC).date()
BREAD = f"""\
title: Bread
check_ins:
  - day: 2
    question: What do you remember?
runs:
  - name: Spring
    starts_on: {TODAY + timedelta(days=20)}
    ends_on: {TODAY + timedelta(days=40)}
    people: ["@Asha"]
"""


class Office:
    """A folder with files, a terminal in it, and the database of an app that three people have used."""

    def __init__(self, folder: Path, url: str) -> None:
        self.folder, self.url, self.key = folder, url, Fernet.generate_key().decode()
        self._terminal = Terminal(folder)
        database = open_database(url, Vault((self.key,)))
        with database.write() as session:
            session.add(Workspace(id="T1", url="https://acme.slack.com/"))
            session.flush()
            for name in ("asha", "mara", "tomas"):
                session.add(_person(name))
            session.commit()
        database.close()

    def __call__(self, *arguments: str) -> CompletedProcess[str]:
        """Run `python -m bot` on this database."""
        return self._terminal(*arguments, DATABASE_URL=self.url, COMMONPLACE_SECRET_KEY=self.key)

    def file(self, name: str, content: str | bytes) -> str:
        """A file in the folder; returns its name."""
        raw = content.encode() if isinstance(content, str) else content
        (self.folder / name).write_bytes(raw)
        return name

    def count(self, *where: Callable[[Session], int]) -> list[int]:
        """These counts, as somebody else sees them."""
        database = open_database(self.url, Vault((self.key,)))
        with database.read() as session:
            found = [one(session) for one in where]
        database.close()
        return found


def _person(name: str) -> Person:
    known = Person(workspace="T1", id=f"U{name.upper()}", name=name.title(), tz="Europe/Lisbon")
    known.welcome_because = "used a command"
    return known


def programmes(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Programme)) or 0


def enrolled(session: Session) -> int:
    return session.scalar(select(func.count()).where(Enrolment.state == EnrolmentState.ENROLLED)) or 0


def finished(session: Session) -> int:
    return session.scalar(select(func.count()).where(Enrolment.state == EnrolmentState.COMPLETED)) or 0


def managed(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Management)) or 0


def letters(session: Session) -> int:
    return session.scalar(select(func.count()).where(OutboxRow.method == "chat.postMessage")) or 0


@pytest.fixture
def office(tmp_path: Path, database_url: str) -> Office:
    """Three people, and no programme."""
    return Office(tmp_path, database_url)


def test_a_file_is_shown_then_applied_then_so_already(office: Office) -> None:
    """`--dry-run` tells what would change and changes nothing; applied, it is so; again, nothing is left to do."""
    file = office.file("bread.yml", BREAD)
    shown = office("programme", "apply", file, "--dry-run")
    assert "+ programme bread: Bread" in shown.stdout
    assert "+ enrols in “Spring”: Asha" in shown.stdout
    assert office.count(programmes, enrolled, letters) == [0, 0, 0]
    applied = office("programme", "apply", file, "--yes")
    assert (applied.stdout, applied.returncode) == (shown.stdout, 0)
    assert applied.stderr.strip() == "Applied bread.yml."
    before = office.count(programmes, enrolled, letters)
    assert before[:2] == [1, 1]
    again = office("programme", "apply", file, "--yes")
    assert (again.stdout.strip(), again.returncode) == ("bread.yml: everything is so already.", 0)
    assert office.count(programmes, enrolled, letters) == before


def test_a_changed_file_says_only_what_changes(office: Office) -> None:
    """The old words and the new."""
    office("programme", "apply", office.file("bread.yml", BREAD), "--yes")
    changed = office(
        "programme", "apply", office.file("bread.yml", BREAD.replace("remember?", "do?")), "--yes"
    )
    assert changed.stdout.splitlines() == [
        "~ check-in of day 2: “What do you remember?” → “What do you do?”",
    ]


MISTAKES = [
    ("title: Bread\nweaks: []\n", ["line 2", "weaks", "did you mean “weeks”?"]),
    (
        "title: Bread\nruns:\n- {name: A, starts_on: 2027-03-02, ends_on: 2027-03-01}\n",
        ["line 3", "comes before"],
    ),
    ("title: &a [*a, *a]\n", ["line 1", "anchors and aliases"]),
    ("- Bread\n", ["line 1"]),
]


@pytest.mark.parametrize(("content", "words"), MISTAKES)
def test_a_mistake_in_a_file_is_named_with_its_line(office: Office, content: str, words: list[str]) -> None:
    """Exit 1, one sentence, and nothing has changed."""
    done = office("programme", "apply", office.file("bad.yml", content), "--yes")
    assert_one_sentence(done, 1, "bad.yml")
    assert all(word in done.stderr for word in words), done.stderr
    assert office.count(programmes) == [0]


def test_somebody_unknown_in_a_run_keeps_the_whole_file_out(office: Office) -> None:
    """The programme itself is not made either."""
    done = office("programme", "apply", office.file("b.yml", BREAD.replace("@Asha", "@Nobody")), "--yes")
    assert_one_sentence(done, 1, "Nobody")
    assert office.count(programmes, enrolled, letters) == [0, 0, 0]


def test_a_roster_is_taken_in_whole_and_twice_is_once(office: Office) -> None:
    """With a byte-order mark and semicolons, as a spreadsheet writes it; it says who manages whom, too."""
    office("programme", "apply", office.file("bread.yml", BREAD), "--yes")
    roster = office.file("people.csv", b"\xef\xbb\xbfPerson;Manager\r\nUMARA;@Tomas\r\n@tomas;\r\n")
    first = office("roster", "import", roster, "--programme", "bread", "--json")
    assert first.returncode == 0, first.stderr
    assert '"enrolled": 2' in first.stdout
    assert office.count(enrolled, managed) == [3, 1]
    again = office("roster", "import", roster, "--programme", "bread", "--json")
    assert '"enrolled": 0' in again.stdout
    assert office.count(enrolled, managed) == [3, 1]


def test_every_wrong_line_of_a_roster_is_named_and_none_is_taken_in(office: Office) -> None:
    """People nobody knows here, whether they learn or manage: each with the line."""
    office("programme", "apply", office.file("bread.yml", BREAD), "--yes")
    lines = ["person,manager", "@Mara,", "@Nobody,", "@Tomas,@Ghost"]
    done = office("roster", "import", office.file("people.csv", "\n".join(lines)), "--programme", "bread")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    first, second = done.stderr.splitlines()
    assert first.startswith("people.csv, line 3: nobody here is called @Nobody")
    assert second.startswith("people.csv, line 4: nobody here is called @Ghost")
    assert office.count(enrolled, managed) == [1, 0]


def test_who_has_finished_is_said_by_a_list(office: Office) -> None:
    """A day of the future is a mistake; without a day it is today."""
    office("programme", "apply", office.file("bread.yml", BREAD), "--yes")
    later = date(TODAY.year + 2, 1, 1)
    wrong = office.file("done.csv", f"person,completed_on\n@Asha,{later}\n")
    done = office("roster", "complete", wrong, "--programme", "bread")
    assert_one_sentence(done, 1, "done.csv, line 2")
    right = office.file("done.csv", "person\n@Asha\n")
    assert office("roster", "complete", right, "--programme", "bread").returncode == 0
    assert office.count(enrolled, finished) == [0, 1]


def test_what_is_missing_is_said(office: Office) -> None:
    """A file that is not there, a programme and a run that do not exist."""
    assert_one_sentence(office("programme", "apply", "none.yml", "--yes"), 1, "none.yml")
    roster = office.file("people.csv", "person\n@Asha\n")
    assert_one_sentence(office("roster", "import", roster, "--programme", "cake"), 1, "no programme “cake”")
    office("programme", "apply", office.file("bread.yml", BREAD), "--yes")
    done = office("roster", "import", roster, "--programme", "bread", "--run", "Autumn")
    assert_one_sentence(done, 1, "its runs are: “Spring”")


def test_the_templates_are_there_to_begin_with(office: Office) -> None:
    """Listed with what they are for; printed, one can be applied."""
    listed = office("programme", "templates")
    assert len(listed.stdout.splitlines()) == 3
    printed = office("programme", "templates", "onboarding").stdout
    assert office("programme", "apply", office.file("mine.yml", printed), "--yes").returncode == 0
    assert office.count(programmes) == [1]
