from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.blocks.library import Found, found_form, unclear_form
from bot.blocks.library_unclear import Trouble, Unclear, sentence
from bot.incoming import MessageFact
from bot.rules import messages
from bot.rules.library import PAGE, Query, find
from bot.slack_ts import ts_of
from storage.contributions import Contribution, ContributionState, Subject, find_contribution
from storage.discussions import Question, QuestionVia
from storage.messages import forget_words
from storage.people import Person, get_person
from storage.session import Database, Session
from storage.settings import WORKSPACE, store_setting
from storage.spaces import Membership, Space
from storage.workspaces import Workspace
from tests.rules.nouns import NOW, C, T, marked, open_world, said

OTHERS: dict[str, dict[str, Any]] = {
    "UGUEST": {"is_guest": True},
    "UEXT": {"is_external": True},
    "UNEW": {"known_at": None},
}


@pytest.fixture
def world(database: Database) -> Iterator[Session]:
    """A workspace whose people and spaces Slack has told us about."""
    for session in open_world(database):
        for person in session.query(Person):
            person.known_at = NOW
        for space in session.query(Space):
            space.known_at = NOW
        session.add_all(
            Person(workspace=T, id=person, name=person.title(), **{"known_at": NOW, **more})
            for person, more in OTHERS.items()
        )
        session.add(Membership(workspace=T, channel="CPRIV", person="UMARA"))
        session.flush()
        yield session


def at(minutes: int) -> str:
    """A ts some minutes before now."""
    return ts_of(NOW - timedelta(minutes=minutes))


def posted(
    session: Session, channel: str, author: str, text: str, ts: str, thread: str | None = None
) -> None:
    """Somebody posts in a channel."""
    messages.record(session, [MessageFact(T, channel, ts, author=author, text=text, thread_ts=thread)], NOW)
    session.flush()


def look(session: Session, typed: str, person: str = "UASHA", page: int = 0, **more: bool) -> Found:
    """What this person finds."""
    outcome = find(session, Query(T, person, typed, page, **more), NOW)
    assert isinstance(outcome, Found), outcome
    found_form(outcome).view()
    return outcome


def titles(session: Session, typed: str, person: str = "UASHA") -> list[str]:
    """The titles of what this person finds."""
    return [result.title for result in look(session, typed, person).results]


def unclear(session: Session, typed: str) -> Unclear:
    """What is unclear about it."""
    outcome = find(session, Query(T, "UASHA", typed), NOW)
    assert isinstance(outcome, Unclear), outcome
    unclear_form(outcome, people_first=False).view()
    return outcome


def test_a_contribution_is_found_by_its_words(world: Session) -> None:
    """A kept contribution is found, with its kind, its author and the matching words marked."""
    said(world, "UASHA", "#solution Undo with git reset, gently\nA soft reset leaves your files alone.")
    (result,) = look(world, "gently reset").results
    assert (result.title, result.kind, result.author) == ("Undo with git reset, gently", "solution", "Asha")
    assert [piece.text for piece in result.words if piece.bold] == ["reset", "gently", "reset"]


def test_a_post_of_one_sentence_is_shown_once(world: Session) -> None:
    """Where the title says everything, nothing stands below it; a reply that matched is shown all the same."""
    posted(world, C, "UASHA", "#solution Undo with git reset, gently", at(9))
    posted(world, C, "UMARA", "Undo with git reset, gently", at(8), at(9))
    first, thread = (
        look(world, typed).results[0] for typed in ("kind:solution gently by:me", "by:@Mara gently")
    )
    assert (first.title, first.words) == ("Undo with git reset, gently", ())
    assert thread.words


def test_a_question_of_a_form_does_not_say_twice_who_asks(world: Session) -> None:
    """What the app posted begins with the asker's name; what is found are the words of the form."""
    asked = Question(
        workspace=T,
        channel=C,
        ts=at(5),
        form="V1",
        asker="UASHA",
        via=QuestionVia.FORM,
        text="How do I undo a commit?\nIt is pushed already.",
        asked_at=NOW,
        withdrawn=False,
    )
    world.add(asked)
    words = "*Asha asks:*\n>How do I undo a commit?\n>It is pushed already."
    messages.record(world, [MessageFact(T, C, at(5), author="UAPP", by_bot=True, text=words)], NOW)
    world.flush()
    (result,) = look(world, "undo").results
    shown = "".join(piece.text for piece in result.words)
    assert (result.title, result.author) == ("How do I undo a commit?", "Asha")
    assert shown.strip() == "How do I undo a commit? It is pushed already."
    assert [piece.text for piece in result.words if piece.bold] == ["undo"]


def test_a_lone_message_is_not_in_the_library(world: Session) -> None:
    """Neither contribution nor thread nor question: it is not listed."""
    said(world, "UASHA", "git is odd")
    assert look(world, "git").total == 0


def test_a_hit_in_a_reply_points_to_its_thread(world: Session) -> None:
    """The thread comes once, titled by its first message, linked to the reply that matched."""
    said(world, "UASHA", "How do I undo?", at(9))
    said(world, "UMARA", "git reset", at(8), thread_ts=at(9))
    said(world, "UTOM", "git reset --soft", at(7), thread_ts=at(9))
    found = look(world, "reset")
    (result,) = found.results
    assert (found.total, result.title, result.replies) == (1, "How do I undo?", 2)
    assert result.link_ts in {at(8), at(7)}
    assert result.said_by in {"Mara", "Tom"}


def test_answered_comes_first_then_contributions(world: Session) -> None:
    """Best first: an answered question, a contribution, then other threads."""
    said(world, "UASHA", "git git git chat", at(30))
    said(world, "UMARA", "yes", at(29), thread_ts=at(30))
    said(world, "UMARA", "#insight git stash keeps work", at(25))
    said(world, "UTOM", "Why is git so? #ask", at(20))
    said(world, "UMARA", "history", at(19), thread_ts=at(20))
    marked(world, "UTOM", "white_check_mark", at(19))
    assert titles(world, "git") == ["Why is git so?", "git stash keeps work", "git git git chat"]
    assert look(world, "git").results[0].is_answered


def test_without_words_the_newest_comes_first(world: Session) -> None:
    """Only filters: by time, whatever is answered."""
    said(world, "UASHA", "#solution old", at(30))
    said(world, "UASHA", "#solution new", at(5))
    said(world, "UASHA", "#demo other", at(1))
    assert titles(world, "kind:solutions") == ["new", "old"]


def test_filters_in_any_order(world: Session) -> None:
    """Space, person, kind, subject and time narrow together, as ids or as names."""
    said(world, "UASHA", "#solution git one", at(30))
    said(world, "UMARA", "#insight git two", at(60 * 24 * 40))
    kept = find_contribution(world, T, C, at(30))
    assert kept is not None
    world.add(Subject(workspace=T, contribution=kept.id, subject="git"))
    world.flush()
    assert titles(world, "by:@asha git") == ["git one"]
    assert titles(world, 'git by:"Mara"') == ["git two"]
    assert titles(world, f"in:<#{C}|kitchen> by:<@UMARA|mara> git") == ["git two"]
    assert titles(world, "since:30d in:#kitchen git") == ["git one"]
    assert titles(world, "since:2026-11 git") == ["git one"]
    assert titles(world, "kind:insight git") == ["git two"]
    assert titles(world, "subject:#Git") == ["git one"]
    assert titles(world, "by:me") == ["git one"]


@pytest.mark.parametrize(
    ("typed", "trouble"),
    [
        ("git colour:red", Trouble.FILTER),
        ("from:@asha", Trouble.FILTER),
        ("in:#nowhere", Trouble.SPACE),
        ("in:#secret", Trouble.SPACE),
        ("in:<#CPRIV|secret>", Trouble.SPACE),
        ("by:@nobody", Trouble.PERSON),
        ("kind:poem", Trouble.KIND),
        ("since:yesterday", Trouble.SINCE),
        ("since:2026-13", Trouble.SINCE),
        ("since:2031", Trouble.FUTURE),
        ("kind:", Trouble.EMPTY),
        ("?!", Trouble.NO_LETTERS),
    ],
)
def test_what_is_unclear_is_said_and_nothing_is_lost(world: Session, typed: str, trouble: Trouble) -> None:
    """A wrong filter gets one sentence, and everything typed comes back; a secret space is like none."""
    outcome = unclear(world, typed)
    assert outcome.trouble is trouble
    assert outcome.typed.split(":")[0] == typed.split(":", maxsplit=1)[0]
    assert sentence(outcome).endswith((".", "?"))


def test_names_that_several_have(world: Session) -> None:
    """The possible people are named, and the whole name in quotes works."""
    get_person(world, T, "UTOM").name = "Asha Rao"
    get_person(world, T, "UMARA").name = "Asha Lind"
    get_person(world, T, "UASHA").name = "Ada"
    world.flush()
    assert unclear(world, "by:asha").near == ("Asha Lind", "Asha Rao")
    assert look(world, 'by:"asha rao"').total == 0


def test_what_was_typed_comes_back_with_names(world: Session) -> None:
    """Ids become names where these lead back to the same."""
    assert look(world, f"git by:<@UASHA|x> in:<#{C}|x>").typed == "git by:@Asha in:#kitchen"
    assert look(world, "by:<@UUNKNOWN>").typed == "by:<@UUNKNOWN>"


@pytest.mark.parametrize(
    ("person", "finds"),
    [
        ("UASHA", {"open"}),
        ("UMARA", {"open", "hidden"}),
        ("UGUEST", set()),
        ("UEXT", set()),
        ("UNEW", set()),
        ("UNOBODY", set()),
    ],
)
def test_people_find_only_what_they_could_open(world: Session, person: str, finds: set[str]) -> None:
    """Public spaces for members of the workspace; anything else only where one is."""
    world.add(Space(workspace=T, id="CPUB", name="open", known_at=NOW))
    world.add(Space(workspace=T, id="CGONE", name="gone", known_at=NOW, is_deleted=True))
    world.add(Space(workspace=T, id="CRAW", name=""))
    world.flush()
    for channel, title in (("CPUB", "open"), ("CPRIV", "hidden"), ("CGONE", "gone"), ("CRAW", "raw")):
        posted(world, channel, "UMARA", f"#insight {title} git", at(5))
    found = {title.removesuffix(" git") for title in titles(world, "git", person)}
    assert found == finds
    everything = {title.removesuffix(" git") for title in titles(world, "kind:insight", person)}
    assert everything == finds
    knowers = look(world, "git", person, people_first=True).knowers
    assert sum(knower.contributions for knower in knowers) == len(finds)


def test_guests_find_where_they_are_and_archives_stay(world: Session) -> None:
    """A guest in the space finds it; an archived space is still open to read."""
    said(world, "UASHA", "#insight git", at(5))
    world.add(Membership(workspace=T, channel=C, person="UGUEST"))
    world.get_one(Space, (T, C)).is_archived = True
    world.flush()
    assert look(world, "git", "UGUEST").total == 1
    assert look(world, "git", "UASHA").total == 1


def test_what_was_taken_back_is_not_found(world: Session) -> None:
    """Deleted messages, withdrawn contributions and people who are left out do not come up."""
    said(world, "UASHA", "#insight git one", at(9))
    said(world, "UASHA", "", at(9), deleted=True)
    said(world, "UMARA", "#insight git two", at(8))
    said(world, "UMARA", "git two", at(8), version=at(1))
    said(world, "UTOM", "#insight git three", at(7))
    get_person(world, T, "UTOM").left_out = True
    forget_words(world, T, "UTOM")
    world.flush()
    assert look(world, "git").total == 0
    assert look(world, "kind:insight").total == 0
    assert look(world, "by:<@UTOM>").total == 0


def test_a_thread_whose_beginning_was_deleted(world: Session) -> None:
    """The reply that matched stands for it; nothing of the first message shows."""
    said(world, "UASHA", "secret beginning", at(9))
    said(world, "UMARA", "git reply", at(8), thread_ts=at(9))
    said(world, "UASHA", "", at(9), deleted=True)
    (result,) = look(world, "git").results
    assert (result.title, result.author, result.said_by) == ("git reply", "Mara", None)


def test_a_form_is_found_by_its_title(world: Session) -> None:
    """What a form gave is the person's, though the app posted it; title and challenge count as words."""
    messages.record(world, [MessageFact(T, C, at(5), author="UAPP", by_bot=True, text="Asha shares")], NOW)
    world.add(
        Contribution(
            workspace=T, channel=C, ts=at(5), form="V1", author="UASHA", kind="demo", via="form",
            title="Rebasing calmly", text="step by step", challenge="merge fights",
            state=ContributionState.KEPT, shared_at=NOW,
        )
    )  # fmt: skip
    world.flush()
    for typed in ("rebasing", "step by:@asha", "fights"):
        assert titles(world, typed) == ["Rebasing calmly"], typed
    assert look(world, "rebasing").results[0].author == "Asha"


def test_a_form_without_words_shows_its_title_and_nothing_of_ours(world: Session) -> None:
    """What the app posted for a file is no text of the author's; a matching challenge is shown."""
    said_by_app = "*Asha shares a demo*: Rebasing calmly. Answers the challenge: merge fights"
    messages.record(world, [MessageFact(T, C, at(5), author="UAPP", by_bot=True, text=said_by_app)], NOW)
    world.add(
        Contribution(
            workspace=T, channel=C, ts=at(5), form="V1", author="UASHA", kind="demo", via="form",
            title="Rebasing calmly", text="", challenge="merge fights",
            state=ContributionState.KEPT, shared_at=NOW,
        )
    )  # fmt: skip
    world.flush()
    (result,) = look(world, "rebasing").results
    assert (result.title, "".join(piece.text for piece in result.words)) == ("Rebasing calmly", "")
    (result,) = look(world, "fights").results
    assert "".join(piece.text for piece in result.words).strip() == "merge fights"


def test_a_free_plan_hides_what_is_old(world: Session) -> None:
    """Older than 90 days is not found, nor an old thread with a new reply."""
    said(world, "UASHA", "#insight git old", at(60 * 24 * 100))
    said(world, "UMARA", "git reply", at(10), thread_ts=at(60 * 24 * 100))
    assert look(world, "git").total == 1
    store_setting(world, T, WORKSPACE, "free_plan", value=True)
    world.flush()
    assert look(world, "git").total == 0
    assert look(world, "kind:insight").total == 0


def test_pages_and_their_count(world: Session) -> None:
    """Eight on a page, each once, the count of all; a page behind the last is the first."""
    for n in range(PAGE * 2 + 1):
        said(world, "UASHA", f"#insight git {n}", at(n + 1))
    pages = [look(world, "git", page=page) for page in range(3)]
    assert [len(page.results) for page in pages] == [8, 8, 1]
    assert {page.total for page in pages} == {17}
    assert len({result.ts for page in pages for result in page.results}) == 17
    assert look(world, "git", page=99).page == 0
    assert look(world, "git", page=-1).page == 0


def test_people_who_know_with_evidence(world: Session) -> None:
    """Contributions and accepted answers come before replies; one's own thread is no evidence."""
    said(world, "UASHA", "git? #ask", at(30))
    said(world, "UMARA", "git so", at(29), thread_ts=at(30))
    said(world, "UASHA", "thanks", at(28), thread_ts=at(30))
    marked(world, "UASHA", "white_check_mark", at(29))
    said(world, "UMARA", "#solution git that", at(20))
    said(world, "UTOM", "nice", at(19), thread_ts=at(20))
    known = look(world, "git", people_first=True).knowers
    assert [(k.person, k.contributions, k.answers, k.replies) for k in known] == [
        ("UMARA", 1, 1, 1),
        ("UTOM", 0, 0, 1),
    ]


@pytest.mark.parametrize("flag", ["is_bot", "is_external", "is_deactivated", "left_out"])
def test_who_is_not_listed(world: Session, flag: str) -> None:
    """Bots, people of other organisations, former and left-out people are nobody to ask."""
    said(world, "UMARA", "git?", at(30))
    said(world, "UTOM", "git so", at(29), thread_ts=at(30))
    assert look(world, "git", people_first=True).knowers
    setattr(get_person(world, T, "UTOM"), flag, True)
    world.flush()
    assert look(world, "git", people_first=True).knowers == ()


def test_another_workspace_is_another_world(world: Session) -> None:
    """Nothing is shared between two workspaces, even between people and spaces of the same id."""
    world.add(Workspace(id="T2"))
    world.flush()
    world.add(Person(workspace="T2", id="UASHA", name="Asha", known_at=NOW))
    world.add(Space(workspace="T2", id=C, name="kitchen", known_at=NOW))
    world.flush()
    said(world, "UASHA", "#insight git", at(5))
    assert look(world, "git").total == 1
    outcome = find(world, Query("T2", "UASHA", "git"), NOW)
    assert isinstance(outcome, Found)
    assert (outcome.total, outcome.knowers) == (0, ())


AWKWARD = st.lists(
    st.one_of(
        st.sampled_from(
            ["AND", "OR", "NOT", "NEAR(", "*", '"', "“", ":", "(", ")", "-", "^", "in:", "by:", "since:", "\x00",
             "git", "'", "\\", "%", "<", "<@", "&amp;", "|", "!", "<->", ":*", "{", "\ud800", "kind:", "List.map"]
        ),
        st.text(max_size=12),
    ),
    max_size=30,
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(pieces=AWKWARD, glue=st.sampled_from(["", " "]))
def test_whatever_is_typed_is_harmless(world: Session, pieces: list[str], glue: str) -> None:
    """Operators, quotes, halves of characters: an answer, never an error."""
    outcome = find(world, Query(T, "UASHA", glue.join(pieces)), NOW)
    form = found_form(outcome) if isinstance(outcome, Found) else unclear_form(outcome, people_first=True)
    assert form.view()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec="utf-8", exclude_characters="\x00"), min_size=1, max_size=80))
def test_whatever_was_posted_is_shown(world: Session, text: str) -> None:
    """Any text makes a result that Slack accepts."""
    with world.begin_nested() as savepoint:
        said(world, "UASHA", f"#insight marker {text}", at(5))
        assert look(world, "marker").total <= 1
        savepoint.rollback()
    world.expire_all()


def test_a_very_long_search(world: Session) -> None:
    """Three thousand characters are searched and come back."""
    typed = "git " * 750
    assert look(world, typed).typed.strip() == typed.strip()


def test_titles_and_excerpts_read_like_plain_words(world: Session) -> None:
    """What was bold or code in the post is shown as words, not as stars; a long title ends with one sign only."""
    posted(
        world, C, "UMARA", "#solution The *controller* needs `retry.`\nAnd the ~old~ _controller_ goes", at(5)
    )
    posted(world, C, "UMARA", "#til controller " + "wait and retry. " * 30, at(4))
    first, second = sorted(look(world, "controller").results, key=lambda result: result.ts)
    assert first.title == "The controller needs retry."
    shown = "".join(piece.text for piece in first.words)
    assert not set("*~`_") & set(shown)
    assert second.title.endswith("…")
    assert not second.title.endswith(".…")
