"""The page for a talk: only the two open it, it holds what the learner brings, and words go only to the learner."""

from datetime import timedelta
from typing import Any

import pytest

from bot.interactions import Press
from bot.rules import journal, talk_brief, talk_dates
from bot.rules.talk_dates import NotYourTalk, TalkWentOn
from storage.journal import Entry, Way, has_looked
from storage.outbox import OutboxRow
from storage.people import Person
from storage.session import Session
from storage.talks import Talk, chosen_entries
from tests.rules.nouns import NOW, T, form, letters
from tests.rules.test_talks import DAY_21, FIRST, agreed, press
from tests.rules.test_talks import world as world  # noqa: PLC0414  the fixture of its neighbour

MARKER = "zebra-in-the-journal"


def wrote(session: Session, words: str, person: str = "UASHA") -> Entry:
    """Somebody's journal has this."""
    return journal.record_answer(session, T, person, None, words, Way.FORM, NOW)


def brings(session: Session, talk: Talk, *entries: int, person: str = "UASHA", view: str = "VE") -> None:
    """The learner sends the form."""
    values = {"entries": tuple(str(entry) for entry in entries)}
    talk_brief.choose(session, form("talk_entries", person, values, view, talk=talk.id), DAY_21)


def page(session: Session, talk: Talk, person: str) -> str:
    """What the page shows this person."""
    return str(talk_brief.open_brief(session, press(person, str(talk.id)), DAY_21).view())


def held(session: Session) -> Talk:
    """They talked."""
    talk = agreed(session)
    talk_dates.happened(session, press("UMARA", str(talk.id)), FIRST + timedelta(hours=1))
    return talk


def gives(session: Session, talk: Talk, words: str, person: str = "UMARA", view: str = "VF") -> Any:
    """A few words for the learner."""
    return talk_brief.give_feedback(
        session, form("talk_feedback", person, {"words": words}, view, talk=talk.id), DAY_21
    )


def test_the_other_reads_what_is_brought_and_nothing_else(world: Session) -> None:
    """One entry is chosen, the other stays the learner's own; reading counts as looked at."""
    talk = agreed(world)
    brought, kept = wrote(world, MARKER), wrote(world, "for my eyes only")
    brings(world, talk, brought.id)
    assert MARKER in page(world, talk, "UMARA")
    assert "for my eyes only" not in page(world, talk, "UMARA")
    assert has_looked(world, brought.id, "UMARA")
    assert not has_looked(world, kept.id, "UMARA")


def test_taking_it_out_again_works_at_once(world: Session) -> None:
    """There is no copy anywhere, so the next look shows nothing."""
    talk = agreed(world)
    entry = wrote(world, MARKER)
    brings(world, talk, entry.id)
    brings(world, talk, view="VE2")
    assert MARKER not in page(world, talk, "UMARA")


def test_a_deleted_entry_is_not_on_the_page(world: Session) -> None:
    """Neither for the other nor for its own person."""
    talk = agreed(world)
    entry = wrote(world, MARKER)
    brings(world, talk, entry.id)
    journal.forget(world, entry, DAY_21)
    assert MARKER not in page(world, talk, "UMARA") + page(world, talk, "UASHA")


def test_only_ones_own_entries_can_be_brought(world: Session) -> None:
    """A forged form cannot carry somebody else's entry onto the page."""
    talk = agreed(world)
    foreign = wrote(world, MARKER, "UTOM")
    brings(world, talk, foreign.id, 999_999)
    assert chosen_entries(world, talk) == []


def test_nobody_but_the_two_opens_anything(world: Session) -> None:
    """Not by a forged number, not as an admin, not the other in the learner's place."""
    talk = agreed(world)
    tom = press("UTOM", str(talk.id))
    for rule in (
        talk_brief.open_brief,
        talk_brief.open_choice,
        talk_brief.open_feedback,
        talk_brief.read_feedback,
    ):
        with pytest.raises(NotYourTalk):
            rule(world, tom, DAY_21)
    mara = press("UMARA", str(talk.id))
    with pytest.raises(NotYourTalk):
        talk_brief.open_choice(world, mara, DAY_21)
    with pytest.raises(NotYourTalk):
        brings(world, talk, person="UMARA")
    with pytest.raises(NotYourTalk):
        talk_brief.open_feedback(world, press("UASHA", str(talk.id)), DAY_21)


def test_who_is_left_out_reads_nothing(world: Session) -> None:
    """The right is asked at that moment."""
    talk = agreed(world)
    brings(world, talk, wrote(world, MARKER).id)
    world.get_one(Person, (T, "UMARA")).left_out = True
    world.flush()
    with pytest.raises(NotYourTalk):
        page(world, talk, "UMARA")


def test_words_for_the_learner_are_sealed_and_told_once(world: Session) -> None:
    """The learner gets one card without a word of it; only Read shows the words, changed ones too."""
    talk = held(world)
    assert gives(world, talk, f"{MARKER} Keep asking first.") is None
    assert gives(world, talk, f"{MARKER} Keep asking first!", view="VF2") is None
    told = [row for row in letters(world, to="UASHA") if "wrote to you about your talk" in str(row.payload)]
    assert len(told) == 1
    assert "Keep asking first!" in str(
        talk_brief.read_feedback(world, press("UASHA", str(talk.id)), DAY_21).view()
    )
    everything = " ".join(str(row.payload) for row in world.query(OutboxRow))
    assert MARKER not in everything + str(talk.sealed_feedback)


def test_empty_words_get_a_sentence(world: Session) -> None:
    """The form stays, nothing is sent."""
    talk = held(world)
    wrong = gives(world, talk, "   ")
    assert "words" in wrong.by_block
    assert talk.sealed_feedback is None


def test_before_the_date_there_is_no_page_and_before_the_talk_no_words(world: Session) -> None:
    """An old or forged button gets a sentence."""
    talk = agreed(world)
    with pytest.raises(TalkWentOn):
        talk_brief.open_feedback(world, press("UMARA", str(talk.id)), DAY_21)
    with pytest.raises(TalkWentOn):
        talk_brief.read_feedback(world, press("UASHA", str(talk.id)), DAY_21)
    talk_dates.let_be(world, press("UASHA", str(talk.id)), DAY_21)
    with pytest.raises(TalkWentOn):
        page(world, talk, "UASHA")


def test_the_choice_shows_the_learner_their_entries(world: Session) -> None:
    """With the day and the first words; with an empty journal a kind sentence."""
    talk = agreed(world)
    mine: Press = press("UASHA", str(talk.id))
    assert "empty so far" in str(talk_brief.open_choice(world, mine, DAY_21).view())
    wrote(world, f"{MARKER} <!channel> " + "long " * 400)
    view = str(talk_brief.open_choice(world, mine, DAY_21).view())
    assert MARKER in view
    brings(world, talk, world.query(Entry).one().id)
    assert "<!channel>" not in page(world, talk, "UMARA")
