from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.blocks.kit import Modal
from bot.incoming import DirectMessage, FileFact
from bot.rules import asking, clips, contributions, direct, questions, saving, sharing
from bot.rules.saving import Saving
from bot.rules.sharing import Wrong
from bot.sandbox.block_kit import check_blocks
from bot.sandbox.block_kit_views import check_view
from bot.slack_ts import ts_of
from storage.contributions import Contribution, find_contribution, find_nomination, subjects_of
from storage.discussions import find_question
from storage.messages import Message
from storage.people import get_person
from storage.session import Database
from tests.rules.nouns import (
    HOSTILE,
    NOW,
    TS,
    TS2,
    TS3,
    C,
    T,
    arrives,
    clip,
    form,
    letters,
    marked,
    open_world,
    said,
    shortcut,
)

FILLED = {
    "kind": "solution",
    "title": "Undo a commit",
    "subjects": "Git, Version Control",
    "space": C,
    "text": "git reset --soft",
}
OWN_CLIP = FILLED | {"kind": "demo", "clip": ("own",)}


@pytest.fixture
def world(database: Database) -> Iterator[Session]:
    """A workspace with people and a space."""
    yield from open_world(database)


def the_one(world: Session) -> Contribution:
    """The only contribution."""
    return world.scalars(select(Contribution)).one()


def test_the_form_posts_for_its_author_once(world: Session) -> None:
    """A form sent twice is one contribution and one post, in the app's name, with the author's."""
    for _ in range(2):
        assert isinstance(sharing.share(world, form("share", "UASHA", FILLED), NOW), Modal)
    (post,) = letters(world, to=C)
    assert "Asha shares a solution" in post.payload["text"]
    assert subjects_of(world, the_one(world)) == ["git", "version-control"]
    contributions.settle_sent(world, arrives(world, post, TS, C), NOW)
    assert find_contribution(world, T, C, TS) is the_one(world)
    assert letters(world, "reactions.add")


def test_the_file_follows_in_the_thread(world: Session) -> None:
    """A file given in the form is passed on under the post."""
    file = FileFact("F9", "notes.pdf", "application/pdf", 1000, None)
    sharing.share(world, form("share", "UASHA", FILLED | {"file": (file,)}), NOW)
    (copy,) = letters(world, "files.upload")
    assert (copy.payload["source_file"], copy.thread_of) == ("F9", letters(world, to=C)[0].id)


@pytest.mark.parametrize(
    ("values", "block"),
    [
        ({"title": " \x07 "}, "title"),
        ({"text": ""}, "text"),
        ({"space": "CPRIV"}, "space"),
        ({"space": "CNOWHERE"}, "space"),
        ({"kind": "course"}, "kind"),
        ({"file": (FileFact("F", "big.mp4", "video/mp4", 11 * 1024 * 1024, None),)}, "file"),
        ({"file": (FileFact("F", "a.mp4", "video/mp4", 1, None),), "clip": ("own",)}, "clip"),
    ],
)
def test_what_is_wrong_is_said_under_its_block(world: Session, values: dict[str, object], block: str) -> None:
    """A mistake is named where it is, and nothing is stored."""
    wrong = sharing.share(world, form("share", "UASHA", FILLED | values), NOW)
    assert isinstance(wrong, Wrong)
    assert set(wrong.by_block) == {block}
    assert letters(world) == []


def test_hostile_forms_ping_nobody(world: Session) -> None:
    """Whatever is typed, Slack takes the post and nobody is called."""
    values = FILLED | {"title": HOSTILE, "text": HOSTILE, "subjects": HOSTILE, "challenge": HOSTILE}
    sharing.share(world, form("share", "UASHA", values), NOW)
    asking.ask(world, form("ask", "UASHA", {"space": C, "text": HOSTILE}, "V2"), NOW)
    for post in letters(world, to=C):
        check_blocks(post.payload["blocks"], "message")
        assert "<!channel>" not in str(post.payload)
        assert "<@U" not in str(post.payload)


def test_left_out_people_are_told_and_nothing_is_kept(world: Session) -> None:
    """Whoever is left out gives nothing by accident."""
    get_person(world, T, "UASHA").left_out = True
    sharing.share(world, form("share", "UASHA", FILLED), NOW)
    asking.ask(world, form("ask", "UASHA", {"space": C, "text": "how?"}), NOW)
    assert letters(world) == []


def test_every_form_is_one_that_slack_takes(world: Session) -> None:
    """The forms pass Slack's own checks, also with hostile words in them."""
    fact = said(world, "UASHA", HOSTILE.replace("\x00", ""))
    for modal in (
        sharing.open_form(world, T, "UASHA", C, "a title"),
        asking.open_form(world, T, "UASHA", C, HOSTILE),
        saving.begin(world, shortcut("UASHA", fact), NOW),
        saving.begin(world, shortcut("UMARA", fact), NOW),
        saving.begin(world, shortcut("UMARA", fact, "D9"), NOW),
        sharing.open_form(world, T, "UNEW", None),
    ):
        check_view(modal.view(), "modal")


def test_the_authors_next_video_becomes_the_contribution(world: Session) -> None:
    """A clip posted in time is taken, and a second one is not."""
    sharing.share(world, form("share", "UASHA", OWN_CLIP), NOW)
    assert letters(world, to=C) == []
    said(world, "UASHA", "here", TS3, files=(clip(),))
    said(world, "UASHA", "earlier", TS2, files=(clip(),))
    kept = the_one(world)
    assert (kept.ts, kept.state, kept.title) == (TS2, "kept", "Undo a commit")


def test_a_clip_heard_after_the_lapse_but_sent_in_time_counts(world: Session) -> None:
    """Slack's delay is not the author's."""
    sharing.share(world, form("share", "UASHA", OWN_CLIP), NOW)
    clips.lapse(world, T, NOW + timedelta(minutes=30))
    assert the_one(world).state == "withdrawn"
    said(world, "UASHA", "here", TS2, files=(clip(),))
    assert the_one(world).state == "kept"


def test_a_clip_that_comes_too_late_is_an_ordinary_message(world: Session) -> None:
    """After the half hour nothing is taken."""
    sharing.share(world, form("share", "UASHA", OWN_CLIP), NOW)
    said(world, "UASHA", "here", ts_of(NOW + timedelta(minutes=31)), files=(clip(),))
    assert the_one(world).ts is None


def test_a_deleted_clip_makes_room_for_the_next(world: Session) -> None:
    """Whoever deletes a take posts another."""
    sharing.share(world, form("share", "UASHA", OWN_CLIP), NOW)
    said(world, "UASHA", "here", TS2, files=(clip(),))
    said(world, "UASHA", "", TS2, deleted=True)
    assert the_one(world).state == "awaiting_clip"
    said(world, "UASHA", "again", TS3, files=(clip(),))
    assert the_one(world).ts == TS3


@pytest.mark.parametrize(("length", "words"), [(400_000, 1), (360_000, 0), (None, 0)])
def test_a_long_clip_gets_one_kind_word(world: Session, length: int | None, words: int) -> None:
    """Above six minutes the author hears it once; an unknown length is no length."""
    for version in ("", "1800000009.000100"):
        said(world, "UASHA", "#demo how", files=(clip(length),), version=version)
    assert len(letters(world, to="UASHA")) == words


def direct_message(text: str, files: tuple[FileFact, ...] = (), ts: str = TS2) -> DirectMessage:
    """Asha writes to the app."""
    return DirectMessage(T, "D1", ts, "UASHA", None, text, files)


def test_a_video_sent_to_the_app_goes_to_the_space(world: Session) -> None:
    """The clip promised is passed on, once, however often it is delivered."""
    sharing.share(world, form("share", "UASHA", OWN_CLIP), NOW)
    for _ in range(2):
        direct.hear(world, direct_message("sesame", (clip(),)), NOW)
    assert len(letters(world, to=C)) == 1
    assert len(letters(world, "files.upload")) == 1
    assert the_one(world).state == "kept"


def test_the_words_of_a_direct_message_are_nowhere(world: Session) -> None:
    """Who writes to us is asked once whether to keep it; the words are in no letter and in no message."""
    for ts in (TS, TS2):
        direct.hear(world, direct_message("sesame", ts=ts), NOW)
    (answer,) = letters(world)
    assert "keep this in your journal?" in answer.payload["text"]
    assert "sesame" not in str(answer.payload)
    assert world.scalars(select(Message)).all() == []


def test_stop_in_a_direct_message_stops_nominations(world: Session) -> None:
    """Whoever writes stop is asked nothing any more, until they write start."""
    direct.hear(world, direct_message("Stop!"), NOW)
    said(world, "UASHA", "rebase first")
    marked(world, "UMARA", "bulb")
    assert find_nomination(world, T, C, TS) is None


def test_saving_ones_own_message_keeps_it_at_once(world: Session) -> None:
    """The shortcut on one's own words asks nobody."""
    said(world, "UASHA", "rebase first")
    saving.save(world, Saving(form("save", "UASHA", FILLED), C, TS), NOW)
    kept = find_contribution(world, T, C, TS)
    assert kept is not None
    assert (kept.state, kept.via, kept.title) == ("kept", "shortcut", "Undo a commit")


def test_saving_somebody_elses_message_asks_its_author(world: Session) -> None:
    """The shortcut on other people's words is a proposal, which no missing 💡 takes back."""
    said(world, "UASHA", "rebase first")
    saving.save(world, Saving(form("save", "UMARA", FILLED), C, TS), NOW)
    said(world, "UASHA", "rebase first!", version="1800000009.000100")
    assert len(letters(world, to="UASHA")) == 1
    assert find_contribution(world, T, C, TS) is None


def test_outside_our_spaces_nothing_is_stored(world: Session) -> None:
    """A shortcut where the app is not stores nothing of the message."""
    fact = direct_message("x")
    saving.begin(world, shortcut("UASHA", None, fact.channel), NOW)
    asking.ask_about(world, shortcut("UASHA", None, "CELSE"), NOW)
    world.flush()
    assert world.scalars(select(Message)).all() == []
    assert letters(world) == []


def test_this_answers_makes_a_thread_a_question(world: Session) -> None:
    """Who began the thread marks the reply; others cannot."""
    said(world, "UASHA", "how do I undo?")
    reply = said(world, "UMARA", "reset", TS2, thread_ts=TS)
    asking.this_answers(world, shortcut("UTOM", reply), NOW)
    assert find_question(world, T, C, TS) is None
    asking.this_answers(world, shortcut("UASHA", reply), NOW)
    question = find_question(world, T, C, TS)
    assert question is not None
    assert question.answer_ts == TS2
    assert letters(world, "reactions.add")


def test_a_check_mark_before_the_question_was_posted_counts(world: Session) -> None:
    """Replies and reactions may be heard before the app knows where its post is."""
    asking.ask(world, form("ask", "UASHA", {"space": C, "text": "how?"}), NOW)
    (post,) = letters(world, to=C)
    said(world, "UMARA", "so", TS2, thread_ts=TS)
    marked(world, "UASHA", "white_check_mark", TS2)
    questions.settle_sent(world, arrives(world, post, TS, C), NOW)
    question = find_question(world, T, C, TS)
    assert question is not None
    assert question.answer_ts == TS2
    marked(world, "UASHA", "white_check_mark", TS2, standing=False, n=2)
    assert question.answer_ts is None
