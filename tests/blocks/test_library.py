from dataclasses import replace

import pytest

from bot.blocks.library import Found, Knower, Piece, Result, blank, found_form, mark, unclear_form
from bot.blocks.library_unclear import Trouble, Unclear, sentence
from bot.sandbox.block_kit_views import check_view
from tests.people import texts

RESULT = Result(
    title="Undo a commit",
    kind="solution",
    is_answered=True,
    author="Asha",
    channel="C1",
    ts="1700000000.000100",
    link_ts="1700000009.000100",
    thread_ts="1700000000.000100",
    workspace_url="https://acme.slack.com/",
    replies=1,
    said_by="Mara",
    words=(Piece("use "), Piece("git", bold=True), Piece(" reset")),
)
FOUND = Found("git", (RESULT,), total=12, page=0, page_size=1)
HOSTILE = "<!channel> *_~` <https://a|b> & \u202e" + "w" * 5_000


def said(found: Found) -> str:
    """Everything that the form says."""
    view = found_form(found).view()
    check_view(view, "modal")
    return texts(view["blocks"])  # type: ignore[arg-type]  # a list of blocks


def test_a_result_says_all_there_is_to_it() -> None:
    """Title with link, kind, who, where, badge, replies, and the words with what matched in bold."""
    shown = said(FOUND)
    link = "archives/C1/p1700000009000100?thread_ts=1700000000.000100&amp;cid=C1|Undo a commit>*"
    for part in (
        link,
        "> Mara: use *git* reset",
        "Solution · Asha in <#C1> · <!date^1700000000^",
        "answered",
        "1 reply",
    ):
        assert part in shown
    assert "1–1 of 12 results" in shown


def test_evidence_is_counted_in_words() -> None:
    """One contribution, two answers; and "that's you" where it is."""
    knower = Knower("U1", 1, 2, 0, is_you=True)
    shown = said(replace(FOUND, knowers=(knower,)))
    assert "<@U1> · 1 contribution, 2 answers accepted (that's you)" in shown


def test_who_leads_with_people_and_says_when_there_is_nobody() -> None:
    """In `who` the people stand first; nobody is a sentence, not a gap."""
    people = replace(FOUND, people_first=True, knowers=(Knower("U1", 0, 0, 3),))
    assert said(people).index("People who know") < said(people).index("of 12 results")
    assert "Nobody has shared" in said(replace(FOUND, people_first=True))


def test_nothing_found_is_warm() -> None:
    """No result: a sentence with what to do next."""
    assert "`/learn ask`" in said(replace(FOUND, results=(), total=0))


def test_buttons_stand_where_there_are_pages() -> None:
    """Back from the second page on, More until the last."""
    assert "Back" not in said(FOUND)
    middle = said(replace(FOUND, page=3))
    assert "Back" in middle
    assert "More" in middle
    assert "More" not in said(replace(FOUND, page=11))


def test_hostile_words_stay_within_limits_and_call_nobody() -> None:
    """Whatever people wrote or are called: Slack accepts it, and no crowd is called."""
    result = replace(
        RESULT,
        title=HOSTILE[:200],
        author=HOSTILE[:255],
        said_by=HOSTILE[:255],
        words=(Piece(HOSTILE[:300], bold=True),),
    )
    shown = said(replace(FOUND, typed=HOSTILE, results=(result,) * 8, page_size=8))
    assert "<!channel>" not in shown


def test_without_an_address_there_is_no_link() -> None:
    """An imported workspace has no address: the title stands alone."""
    assert "*Undo a commit*" in said(replace(FOUND, results=(replace(RESULT, workspace_url=""),)))


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_its_sentence(trouble: Trouble) -> None:
    """What was wrong and what to type instead, with the value in it, within the form's limits."""
    value = "since" if trouble is Trouble.EMPTY else HOSTILE
    outcome = Unclear(trouble, value, ("Asha", "Mara"), typed=HOSTILE)
    assert len(sentence(outcome)) < 500
    check_view(unclear_form(outcome, people_first=False).view(), "modal")


def test_the_mark_tells_changed_words() -> None:
    """White space around the words does not count as a change, other words do."""
    assert mark(" git ") == mark("git") != mark("svn")
    check_view(blank(people_first=True).view(), "modal")
