"""Programmes as files: complete templates, and for every mistake one clear sentence with its line."""

import re

import pytest

from bot.errors import CommandFailed
from bot.programme_files import BadFile, read_programme, template, templates

DAYS = (2, 7, 16, 35, 70, 182, 365)
RUN = "title: Bread\nruns:\n- name: Spring\n  starts_on: {first}\n  ends_on: {last}\n"


@pytest.mark.parametrize("key", ["new-manager", "onboarding", "putting-it-to-work"])
def test_each_template_is_complete(key: str) -> None:
    """Weeks with starters, a question for each of the seven days, items, closing and eight circle questions."""
    spec = template(key).spec
    assert len(spec.weeks) >= 4
    assert all(week.title and week.starter for week in spec.weeks)
    assert tuple(one.day for one in spec.check_ins) == DAYS
    assert [one.still_used for one in spec.check_ins] == [day > 100 for day in DAYS]
    assert len(spec.circle_questions) == 8
    assert len(spec.items) >= 3
    assert len(spec.closing) == 3
    assert spec.purpose


def test_no_two_questions_are_alike() -> None:
    """Nothing is asked twice, in one template or across them."""
    said: list[str] = []
    for one in templates().values():
        spec = one.spec
        said += [check_in.question for check_in in spec.check_ins]
        said += [*spec.closing, *spec.circle_questions, *(week.starter for week in spec.weeks)]
        said += [item.when + item.then for item in spec.items]
    folded = [" ".join(re.findall(r"\w+", text.lower())) for text in said]
    assert len(set(folded)) == len(folded)
    beginnings = [" ".join(text.split()[:8]) for text in folded]
    assert len(set(beginnings)) == len(beginnings)


def test_a_template_without_name_is_refused() -> None:
    """The sentence says which there are."""
    with pytest.raises(CommandFailed, match="choose one of new-manager, onboarding"):
        template("nope")


BAD = {
    "unknown key": (b"title: Bread\nweaks: []\n", 2, 1, "no field “weaks” here; did you mean “weeks”?"),
    "unknown key in a week": (b"title: B\nweeks:\n- title: a\n  video: x\n", 4, 3, "no field “video”"),
    "twice": (b"title: Bread\ntitle: Cake\n", 2, 1, "“title” stands here twice, first in line 1"),
    "no title": (b"key: bread\n", 1, 1, "“title” is missing"),
    "no mapping": (b"- bread\n", 1, 1, "names and values are wanted"),
    "list wanted": (b"title: Bread\nweeks: four\n", 2, 8, "a list is wanted"),
    "text wanted": (b"title: [a, b]\n", 1, 8, "a text is wanted"),
    "tab": (b"title: Bread\nweeks:\n\t- title: a\n", 3, 1, "a tab here"),
    "tag": (b"title: !!python/object/apply:os.system ['x']\n", 1, 8, "tags (!) are not used"),
    "anchor": (b"title: &a Bread\n", 1, 8, "anchors and aliases"),
    "alias": (b"title: Bread\nkey: *a\n", 2, 6, "anchors and aliases"),
    "two documents": (b"title: a\n---\ntitle: b\n", 2, 1, "two documents"),
    "deep": (b"title: " + b"[" * 50_000, 1, 15, "deeper than any programme"),
    "broken": (b"title: 'Bread\n", 2, 1, "this is no YAML"),
    "control character": (b"title: Bre\x07ad\n", 1, 1, "a control character"),
    "utf-16": ("title: Bread\n".encode("utf-16"), 1, 1, "not text in UTF-8"),
    "latin-1": ("title: Brot\npurpose: Gebäck\n".encode("latin-1"), 2, 1, "not text in UTF-8"),
    "empty": (b"", 1, 1, "nothing in this file"),
    "only a comment": (b"# later\n", 1, 1, "nothing in this file"),
    "huge": (b"title: " + b"a" * 300_000, 1, 1, "more than 256 KB"),
    "long title": (b"title: " + b"a" * 121, 1, 8, "this has 121 characters; 120 are enough"),
    "empty title": (b"title: ''\n", 1, 8, "must not be empty"),
    "bad key": (b"title: Bread\nkey: Bread Baking\n", 2, 6, "small letters, digits and hyphens"),
    "bad link": (b"title: B\nweeks:\n- title: a\n  lesson: lesson one\n", 4, 11, "no web address"),
    "script link": (
        b"title: B\nweeks:\n- title: a\n  lesson: javascript:alert(1)\n",
        4,
        11,
        "no web address",
    ),
    "day is no number": (b"title: B\ncheck_ins:\n- {day: two, question: q}\n", 3, 9, "not “two”"),
    "day 0": (b"title: B\ncheck_ins:\n- {day: 0, question: q}\n", 3, 9, "from 1 to 730"),
    "same day": (
        b"title: B\ncheck_ins:\n- {day: 2, question: q}\n- {day: 2, question: r}\n",
        4,
        9,
        "day 2 already",
    ),
    "same question": (
        b"title: B\ncheck_ins:\n- {day: 2, question: q}\n- {day: 7, question: Q}\n",
        4,
        22,
        "check_ins[1].question",
    ),
    "still used": (
        b"title: B\ncheck_ins:\n- {day: 2, question: q, still_used: perhaps}\n",
        3,
        37,
        "yes or no",
    ),
    "half an item": (b"title: B\nitems:\n- when: x\n", 3, 3, "“then” is missing"),
    "no date": (RUN.format(first="1 March", last="2027-04-01").encode(), 4, 14, "a date such as 2027-03-01"),
    "30 February": (RUN.format(first="2027-02-30", last="2027-04-01").encode(), 4, 14, "not “2027-02-30”"),
    "reversed": (RUN.format(first="2027-04-01", last="2027-03-01").encode(), 5, 12, "comes before the first"),
}


@pytest.mark.parametrize(("raw", "line", "column", "words"), BAD.values(), ids=list(BAD))
def test_a_mistake_gets_one_sentence(raw: bytes, line: int, column: int, words: str) -> None:
    """With the file, line and column, and nothing else."""
    with pytest.raises(BadFile) as caught:
        read_programme(raw, "bread.yml")
    assert len(caught.value.problems) == 1, str(caught.value)
    assert words in str(caught.value)
    assert str(caught.value).startswith(f"bread.yml, line {line}, column {column}")


def test_aliases_that_explode_cost_nothing() -> None:
    """A billion laughs is refused at its first anchor."""
    laughs = "\n".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30))
    with pytest.raises(BadFile, match="anchors and aliases"):
        read_programme(f"title: x\na0: &a0 ha\n{laughs}\n".encode(), "bread.yml")


def test_every_mistake_is_named_at_once() -> None:
    """Whoever mends a file need not run it again for each."""
    with pytest.raises(BadFile) as caught:
        read_programme(b"titel: x\nkey: A B\nweeks: 3\n", "bread.yml")
    assert [one.line for one in caught.value.problems] == [1, 1, 2, 3]


def test_a_byte_order_mark_is_no_mistake() -> None:
    """Editors on Windows write one."""
    assert read_programme(b"\xef\xbb\xbftitle: Bread\n", "bread.yml").key == "bread"


def test_words_stay_words() -> None:
    """A title that looks like something else to YAML is still a title."""
    assert read_programme(b"title: yes\npurpose: 12:30\n", "bread.yml").title == "yes"
