from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.rules import contributions, nominations
from bot.rules.attention import Started, stop
from bot.rules.nominations import Heard, Word
from storage.contributions import NominationState, find_contribution, find_nomination
from storage.messages import find_message
from storage.people import get_person
from storage.session import Database
from tests.rules.nouns import HOSTILE, NOW, TS, C, T, arrives, letters, marked, open_world, said


@pytest.fixture
def world(database: Database) -> Iterator[Session]:
    """A workspace with people and a space."""
    yield from open_world(database)


def state(world: Session) -> str | None:
    """Where the nomination stands."""
    known = find_nomination(world, T, C, TS)
    return known.state if known is not None else None


def test_the_author_is_asked_once_however_many_nominate(world: Session) -> None:
    """Several 💡 lead to one question, which names everybody."""
    said(world, "UASHA", "rebase first")
    marked(world, "UMARA", "bulb", n=1)
    marked(world, "UTOM", "bulb", n=2)
    (card,) = letters(world, to="UASHA")
    assert "Mara and another colleague" in str(card.payload)


def test_a_bulb_before_its_message_asks_too(world: Session) -> None:
    """Slack may deliver the reaction first."""
    marked(world, "UMARA", "bulb")
    said(world, "UASHA", "rebase first")
    assert state(world) == NominationState.ASKED


def test_ones_own_bulb_asks_nobody(world: Session) -> None:
    """Nobody nominates themselves."""
    said(world, "UASHA", "rebase first")
    marked(world, "UASHA", "bulb")
    assert letters(world) == []


def test_yes_keeps_the_message_and_a_second_press_changes_nothing(world: Session) -> None:
    """The author's yes makes a contribution, once."""
    said(world, "UASHA", "rebase first")
    marked(world, "UMARA", "bulb")
    arrives(world, letters(world, to="UASHA")[0], "1.1")
    for _ in range(2):
        assert nominations.decide(world, Word(T, C, TS, "UASHA", agrees=True), NOW) is Heard.DONE
    kept = find_contribution(world, T, C, TS)
    assert kept is not None
    assert (kept.author, kept.state, kept.via) == ("UASHA", "kept", "nomination")
    assert "Kept, thank you" in str(letters(world, "chat.update")[0].payload)
    assert len(letters(world, "reactions.add")) == 1


def test_only_the_authors_press_counts(world: Session) -> None:
    """Somebody else's press decides nothing."""
    said(world, "UASHA", "rebase first")
    marked(world, "UMARA", "bulb")
    assert nominations.decide(world, Word(T, C, TS, "UMARA", agrees=True), NOW) is Heard.NOT_YOURS
    assert find_contribution(world, T, C, TS) is None


def test_no_stays_no(world: Session) -> None:
    """After a no nobody asks again, and a late yes is over."""
    said(world, "UASHA", "rebase first")
    marked(world, "UMARA", "bulb")
    nominations.decide(world, Word(T, C, TS, "UASHA", agrees=False), NOW)
    marked(world, "UTOM", "bulb", n=2)
    assert state(world) == NominationState.DECLINED
    assert nominations.decide(world, Word(T, C, TS, "UASHA", agrees=True), NOW) is Heard.OVER


def test_a_bulb_taken_back_before_the_letter_went_leaves_nothing(world: Session) -> None:
    """An unsent question is not sent any more."""
    said(world, "UASHA", "rebase first")
    marked(world, "UMARA", "bulb", n=1)
    marked(world, "UMARA", "bulb", standing=False, n=2)
    assert letters(world) == []
    assert state(world) is None


def test_a_bulb_taken_back_after_the_letter_went_redraws_the_card(world: Session) -> None:
    """A question that was asked says that it was taken back, and can be asked again on the same card."""
    said(world, "UASHA", "rebase first")
    marked(world, "UMARA", "bulb", n=1)
    arrives(world, letters(world)[0], "1.1")
    marked(world, "UMARA", "bulb", standing=False, n=2)
    assert state(world) == NominationState.VOID
    assert "taken back" in str(letters(world, "chat.update")[-1].payload)
    marked(world, "UTOM", "bulb", n=3)
    assert state(world) == NominationState.ASKED
    assert len(letters(world)) == 1
    assert "Tom" in str(letters(world, "chat.update")[-1].payload)


def test_a_deleted_message_leaves_nothing_to_decide(world: Session) -> None:
    """The card of a message that went away is redrawn, and a press on it is over."""
    said(world, "UASHA", "rebase first")
    marked(world, "UMARA", "bulb")
    arrives(world, letters(world)[0], "1.1")
    said(world, "UASHA", "", deleted=True)
    assert "deleted this message" in str(letters(world, "chat.update")[-1].payload)
    assert nominations.decide(world, Word(T, C, TS, "UASHA", agrees=True), NOW) is Heard.OVER


def test_an_edit_shows_on_the_card(world: Session) -> None:
    """The question quotes the words as they are now."""
    said(world, "UASHA", "rebase first")
    marked(world, "UMARA", "bulb")
    said(world, "UASHA", "merge first", version="1800000009.000100")
    assert "merge first" in str(letters(world)[0].payload)


def test_a_week_without_a_word_lapses(world: Session) -> None:
    """Silence means no, and the card says so."""
    said(world, "UASHA", "rebase first")
    marked(world, "UMARA", "bulb")
    arrives(world, letters(world)[0], "1.1")
    nominations.lapse(world, T, NOW + timedelta(days=6))
    assert state(world) == NominationState.ASKED
    nominations.lapse(world, T, NOW + timedelta(days=7))
    assert state(world) == NominationState.LAPSED
    assert "A week has passed" in str(letters(world, "chat.update")[-1].payload)


@pytest.mark.parametrize("why", ["external", "left out", "stopped", "bot"])
def test_some_are_never_asked(world: Session, why: str) -> None:
    """People of other organisations, left-out people, bots, and who stopped these are not written to."""
    said(world, "UASHA", "rebase first")
    author = get_person(world, T, "UASHA")
    author.is_external, author.left_out, author.is_bot = why == "external", why == "left out", why == "bot"
    if why == "stopped":
        stop(world, T, "UASHA", Started.NOMINATION)
    marked(world, "UMARA", "bulb")
    assert letters(world) == []


def test_hostile_words_ping_nobody(world: Session) -> None:
    """Whatever was written, the card calls nobody."""
    said(world, "UASHA", HOSTILE.replace("\x00", ""))
    marked(world, "UMARA", "bulb")
    shown = str(letters(world)[0].payload)
    assert "<!channel>" not in shown
    assert "<@U" not in shown


def test_a_tag_added_meanwhile_settles_the_question(world: Session) -> None:
    """An author who tags the message has answered."""
    said(world, "UASHA", "rebase first")
    marked(world, "UMARA", "bulb")
    said(world, "UASHA", "rebase first #solution", version="1800000009.000100")
    message = find_message(world, T, C, TS)
    assert message is not None
    assert contributions.is_kept(world, message)
    assert letters(world) == []
