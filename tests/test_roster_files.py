"""Rosters as CSV: whatever a spreadsheet writes is read, and every mistake is named by its line."""

import pytest

from bot.roster_files import MOST_LINES, BadRoster, is_email, person_id, read_roster

GOOD = {
    "commas": b"person,manager\nU111,U222\n",
    "semicolons": b"person;manager\nU111;U222\n",
    "tabs": b"person\tmanager\nU111\tU222\n",
    "byte-order mark": b"\xef\xbb\xbfperson,manager\r\nU111,U222\r\n",
    "utf-16": "person,manager\nU111,U222\n".encode("utf-16"),
    "quotes": b'"person","manager"\n"U111","U222"\n',
    "other words": b"Slack ID,Line manager\nU111,U222\n",
    "empty lines": b"\nperson,manager\n\nU111,U222\n\n,\n",
}


@pytest.mark.parametrize("raw", GOOD.values(), ids=list(GOOD))
def test_whatever_a_spreadsheet_writes_is_read(raw: bytes) -> None:
    """Commas, semicolons or tabs, with or without a mark."""
    (line,) = read_roster(raw)
    assert (line.person, line.manager) == ("U111", "U222")


def test_pasted_names_need_no_first_line() -> None:
    """A column of ids, names and addresses is a roster too."""
    lines = read_roster(b"<@U111|asha>\n@Mara Silva\nasha@acme.example\n")
    assert [line.person for line in lines] == ["<@U111|asha>", "@Mara Silva", "asha@acme.example"]


def test_a_name_may_hold_a_comma_in_quotes() -> None:
    """Quotation marks do what they do everywhere."""
    assert read_roster(b'name;manager\n"Rao, Asha";U222\n')[0].person == "Rao, Asha"


BAD = {
    "nothing": (b"", "There is nobody in this roster."),
    "only the first line": (b"person,manager\n", "There is nobody in this roster."),
    "no first line": (b"Asha,Mara\n", "line 1: The first line must name the columns"),
    "unknown column": (b"person,salary\nU111,1\n", "line 1: I do not know the column “salary”"),
    "no person": (b"manager,cohort\nU1,x\n", "line 1: None of the columns names the people"),
    "column twice": (b"person,email\nU111,a@b.example\n", "line 1: The column “person” is there twice"),
    "too few cells": (b"person,manager\nU111\n", "line 2: this line has 1 cells, the first line has 2."),
    "too many cells": (b"person,manager\nU1,U2,U3\n", "line 2: this line has 3 cells"),
    "nobody": (b"person,manager\n,U222\n", "line 2: nobody is named here."),
    "twice": (b"person\nU111\nU222\nu111\n", "line 4: u111 stands in line 2 already."),
    "no date": (
        b"person,completed on\nU111,1.3.27\n",
        "line 2: “1.3.27” is no date: write it as 2027-03-01.",
    ),
    "reversed": (
        b"person,start,end\nU1,2027-03-02,2027-03-01\n",
        "line 2: the last day (2027-03-01) comes before",
    ),
    "open quote": (b'person,manager\n"U111,U222\n', "a quotation mark is not closed"),
    "latin-1": ("person\nJürgen\n".encode("latin-1"), "not text in UTF-8"),
    "a picture": (b"\x89PNG\r\n\x1a\n\0\0", "not text in UTF-8"),
    "huge": (b"person\n" + b"U" * 6_000_000, "more than 5 MB"),
    "too many": (b"person\n" + b"".join(b"U%07d\n" % n for n in range(MOST_LINES + 1)), "lines: split it"),
    "long cell": (b"person,manager\n" + b"U" * 300 + b",U2\n", "line 2: one cell has more than 255"),
}


@pytest.mark.parametrize(("raw", "words"), BAD.values(), ids=list(BAD))
def test_a_mistake_gets_one_sentence(raw: bytes, words: str) -> None:
    """With its line, where it has one."""
    with pytest.raises(BadRoster) as caught:
        read_roster(raw)
    assert words in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_every_line_that_is_wrong_is_named() -> None:
    """At most twenty, and how many more there are."""
    with pytest.raises(BadRoster) as caught:
        read_roster(b"person,manager\n" + b",U1\n" * 30)
    lines = str(caught.value).splitlines()
    assert len(lines) == 21
    assert lines[-1] == "… and 10 more"


def test_ids_and_addresses_are_told_from_names() -> None:
    """A mention is an id, a name is neither."""
    assert person_id("<@U111|asha>") == person_id("U111") == "U111"
    assert person_id("@asha") is None
    assert is_email("asha@acme.example")
    assert not is_email("@asha")
