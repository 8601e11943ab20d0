"""Who may read an entry: everybody around a learner, each choice, every way in."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.blocks import journal as blocks
from bot.rules import journal, journal_reading, journal_sharing, journal_sight
from bot.rules.journal import Act
from bot.rules.journal_reading import Query
from bot.rules.journal_sharing import Sharing
from bot.rules.journal_sight import NotYours, may_read
from bot.rules.managers import set_manager
from bot.rules.roles import Duty, RoleKey, store_role
from storage.journal import Audience, Entry, EntryLook, Way
from storage.managers import Source
from storage.people import Person, get_person
from storage.plans import HelpState, Item, Plan, PlanState
from storage.programmes import Enrolment
from storage.session import Database
from storage.talks import Talk, TalkState, choose_entries
from tests.rules.nouns import NOW, T, letters, open_world
from tests.rules.planning import cohort

MARKER = "quince-marmalade-7203"
OTHERS = ("UBUDDY", "UMANAGER", "UNEXT", "UDELEGATE", "UMATE", "UHELPER", "USTRANGER", "UADMIN")
LATER = NOW + timedelta(days=1)


@dataclass
class Around:
    """Asha's entry, and the people around her."""

    session: Session
    entry: Entry

    def offered(self) -> dict[str, str]:
        """The keys of those whom Asha may choose now, by what they are to her."""
        return {one.audience: one.key for one in journal_sight.choices_for(self.session, self.entry)}

    def shares(self, *audiences: str) -> bool:
        """Asha chooses who sees it, among those who are offered; any other word is sent as it is."""
        offered = self.offered()
        return self.sends(*(offered.get(one, one) for one in audiences))

    def sends(self, *keys: str) -> bool:
        """Her form says exactly this."""
        taken = journal_sharing.share(self.session, Sharing(T, "UASHA", self.entry.id, keys), NOW)
        self.session.flush()
        return taken

    def readers(self) -> set[str]:
        """Who of the others may read it."""
        return {person for person in OTHERS if may_read(self.session, self.entry, person)}

    def cards(self, person: str) -> list[str]:
        """What this person's cards about entries say."""
        rows = [
            row for row in letters(self.session, to=person) if (row.about or "").startswith("entry_share")
        ]
        return [str(row.payload) for row in rows]


@pytest.fixture
def around(database: Database) -> Iterator[Around]:
    """Asha finished a programme together with UMATE; she has a buddy, a manager and a helper."""
    for session in open_world(database):
        session.add_all(Person(workspace=T, id=one, name=one[1:].title()) for one in OTHERS)
        session.flush()
        mine, *_ = cohort(session, *PEOPLE_OF_A_COHORT)
        plan = Plan(
            workspace=T,
            enrolment=mine.id,
            person="UASHA",
            state=PlanState.ACTIVE,
            made_at=NOW,
            ends_on=LATER.date(),
            buddy="UBUDDY",
            buddy_state=HelpState.ACCEPTED,
        )
        session.add(plan)
        session.flush()
        session.add(
            Item(
                workspace=T,
                plan=plan.id,
                number=1,
                cue="a",
                action="b",
                due_on=LATER.date(),
                state="open",
                helper="UHELPER",
                helper_state=HelpState.ACCEPTED,
            )
        )
        set_manager(session, T, "UASHA", "UMANAGER", Source.ROSTER, None, NOW)
        set_manager(session, T, "UMANAGER", "UDELEGATE", Source.ROSTER, None, NOW)
        store_role(session, T, RoleKey("UADMIN", Duty.ADMIN), None, NOW, accepted=True)
        entry = journal.record_answer(session, T, "UASHA", None, MARKER, Way.FORM, NOW)
        session.flush()
        yield Around(session, entry)


PEOPLE_OF_A_COHORT = ("UASHA", "UMATE")
MATRIX = [
    ((), set()),
    (("buddy",), {"UBUDDY"}),
    (("manager",), {"UMANAGER"}),
    (("cohort",), {"UMATE"}),
    (("buddy", "manager"), {"UBUDDY", "UMANAGER"}),
    (("buddy", "cohort"), {"UBUDDY", "UMATE"}),
    (("manager", "cohort"), {"UMANAGER", "UMATE"}),
    (("buddy", "manager", "cohort"), {"UBUDDY", "UMANAGER", "UMATE"}),
    (("everybody", "admin", "UADMIN"), set()),
]


@pytest.mark.parametrize(("chosen", "readers"), MATRIX)
def test_only_those_chosen_read_it_on_every_way(
    around: Around, chosen: tuple[str, ...], readers: set[str]
) -> None:
    """Buddy, manager then and now and theirs, mates, helper, stranger, admin: each way in asks the rule."""
    around.shares(*chosen)
    set_manager(around.session, T, "UASHA", "UNEXT", Source.ROSTER, None, LATER)
    assert around.readers() == readers
    assert may_read(around.session, around.entry, "UASHA")
    for person in OTHERS:
        assert ways_in(around, person) == ({"read", "more", "shared with me"} if person in readers else set())


def ways_in(around: Around, person: str) -> set[str]:
    """The ways on which this person, with forged values wherever there are any, gets to the entry."""
    session, number = around.session, around.entry.id
    found = {
        "read": journal_reading.look(session, Act(T, person, number), NOW),
        "more": journal_reading.look(session, Act(T, person, number, page=7), NOW),
        "last": journal_reading.look_at_last(session, Act(T, person, number), NOW),
        "other workspace": journal_reading.look(session, Act("T2", "UASHA", number), NOW),
    }
    opened = {way for way, reading in found.items() if reading is not None}
    texts = {
        "search": str(journal_reading.read_journal(session, Query(T, person, MARKER)).rows),
        "journal": str(journal_reading.read_journal(session, Query(T, person)).rows),
        "home": str(journal_reading.home_blocks(session, T, person, NOW)),
        "note": str(journal_reading.note_lines(session, T, person, NOW)),
        "export": journal_reading.render_export(session, T, person, {"format": "md"}),
        "json": journal_reading.render_export(session, T, person, {"format": "json"}),
        "talk": str([one.id for one in journal.entries_for_talk(session, T, person)]),
        "cards": "".join(around.cards(person)),
    }
    opened |= {way for way, text in texts.items() if MARKER in text}
    if any(row.entry == number for row in journal_reading.shared_with(session, T, person)):
        opened.add("shared with me")
    with pytest.raises(NotYours):
        journal.take_out(session, Act(T, person, number), NOW)
    with pytest.raises(NotYours):
        journal_sight.own_entry(session, T, person, number)
    with pytest.raises(NotYours):
        journal_sharing.share(session, Sharing(T, person, number, tuple(around.offered().values())), NOW)
    return opened


def test_narrowing_works_at_once_and_says_so_kindly(around: Around) -> None:
    """There is no copy: what was shared a moment ago is not any more, and the card says that."""
    around.shares("buddy", "manager")
    assert journal_reading.look(around.session, Act(T, "UBUDDY", around.entry.id), NOW) is not None
    for row in letters(around.session, to="UBUDDY"):
        row.state, row.channel, row.ts = "sent", "DB", "1900000000.000100"
    assert around.shares("manager")
    assert around.readers() == {"UMANAGER"}
    assert journal_reading.look(around.session, Act(T, "UBUDDY", around.entry.id), NOW) is None
    (drawn,) = letters(around.session, "chat.update")
    assert "keeps this entry to themselves" in drawn.payload["text"]


def test_a_card_that_never_left_is_taken_back(around: Around) -> None:
    """Shared and unshared within a moment, the other hears nothing; shared again, they get the card."""
    around.shares("buddy")
    around.shares()
    assert around.cards("UBUDDY") == []
    around.shares("buddy")
    assert len(around.cards("UBUDDY")) == 1


def test_a_card_carries_no_words_and_mates_get_none(around: Around) -> None:
    """Buddy and manager get one card with a button; the cohort finds it in its list and in its note."""
    around.shares("buddy", "manager", "cohort")
    around.shares("buddy", "manager", "cohort")
    for person in ("UBUDDY", "UMANAGER"):
        (card,) = around.cards(person)
        assert MARKER not in card
        assert '"read_entry"' in card.replace("'", '"')
    assert around.cards("UMATE") == []
    assert "Asha" in str(journal_reading.note_lines(around.session, T, "UMATE", NOW))
    journal_reading.look(around.session, Act(T, "UMATE", around.entry.id), NOW)
    assert journal_reading.note_lines(around.session, T, "UMATE", NOW) == []


def test_reading_is_counted_once_and_never_of_ones_own(around: Around) -> None:
    """Who opened it is noted; its writer's own looks are nobody's business."""
    around.shares("buddy")
    for person in ("UBUDDY", "UBUDDY", "UASHA", "USTRANGER"):
        journal_reading.look(around.session, Act(T, person, around.entry.id), NOW)
    assert [one.reader for one in around.session.scalars(select(EntryLook))] == ["UBUDDY"]


@pytest.mark.parametrize("gone", ["left_out", "is_deactivated"])
@pytest.mark.parametrize("who", ["UASHA", "UBUDDY"])
def test_who_leaves_reads_nothing_and_shows_nothing(around: Around, who: str, gone: str) -> None:
    """Whoever is left out or deactivated, on either side; the entry stays its writer's."""
    around.shares("buddy")
    setattr(get_person(around.session, T, who), gone, True)
    around.session.flush()
    assert around.readers() == set()
    journal.person_left(around.session, T, who, NOW)
    setattr(get_person(around.session, T, who), gone, False)
    around.session.flush()
    assert around.readers() == set()
    assert journal.words_of(around.session, around.entry) == MARKER
    assert may_read(around.session, around.entry, "UASHA")


def test_a_deleted_entry_is_read_by_nobody(around: Around) -> None:
    """Not even by its writer: there is nothing left."""
    around.shares("buddy", "cohort")
    journal.take_out(around.session, Act(T, "UASHA", around.entry.id), NOW)
    assert not any(may_read(around.session, around.entry, one) for one in ("UASHA", *OTHERS))
    assert journal_reading.look(around.session, Act(T, "UASHA", around.entry.id), NOW) is None


def test_who_left_the_cohort_reads_it_no_more(around: Around) -> None:
    """A cohort is who is in it now, for the writer as well."""
    around.shares("cohort")
    for enrolment in around.session.scalars(select(Enrolment).where(Enrolment.person == "UMATE")):
        enrolment.state = "left"
    around.session.flush()
    assert around.readers() == set()


def test_only_those_who_exist_are_offered_by_name(around: Around) -> None:
    """Buddy, manager and cohort by name; who was chosen stays that very person after a change."""
    offered = journal_sight.choices_for(around.session, around.entry)
    assert [(one.audience, one.name) for one in offered] == [
        (Audience.BUDDY, "Buddy"),
        (Audience.MANAGER, "Manager"),
        (Audience.COHORT, "Bread for beginners, spring"),
    ]
    around.shares("manager")
    set_manager(around.session, T, "UASHA", "UNEXT", Source.ROSTER, None, LATER)
    kept = journal_sight.choices_for(around.session, around.entry)
    assert [one.reader for one in kept if one.chosen] == ["UMANAGER"]
    stranger = journal.record_answer(around.session, T, "USTRANGER", None, "x", Way.FORM, NOW)
    assert journal_sight.choices_for(around.session, stranger) == []


def test_who_comes_in_place_of_somebody_chosen_was_not_chosen(around: Around) -> None:
    """The form offered one manager, and there is another when it is sent: nobody new reads it, and that is said."""
    offered = around.offered()
    set_manager(around.session, T, "UASHA", "UNEXT", Source.ROSTER, None, LATER)
    assert not around.sends(offered["buddy"], offered["manager"])
    assert around.readers() == {"UBUDDY"}
    assert around.shares("buddy", "manager")
    assert around.readers() == {"UBUDDY", "UNEXT"}


def test_another_buddy_takes_the_place_of_one_who_left(around: Around) -> None:
    """Who is gone is not offered; the new one is, and is told when chosen."""
    around.shares("buddy")
    get_person(around.session, T, "UBUDDY").is_deactivated = True
    around.session.scalars(select(Plan)).one().buddy = "UMATE"
    around.session.flush()
    assert around.shares("buddy")
    assert around.readers() == {"UMATE"}
    assert len(around.cards("UMATE")) == 1


def test_what_is_brought_to_a_talk_says_so_and_is_taken_back_in_the_same_form(around: Around) -> None:
    """Whoever reads it on the page for the talk is named; unticked they read it no more, also after the talk."""
    talk = brings(around)
    assert around.readers() == {"UMANAGER"}
    assert journal_sight.reader_lines(around.session, around.entry) == ["Manager, on the page for your talk"]
    assert around.shares("buddy", "talk")
    assert around.readers() == {"UBUDDY", "UMANAGER"}
    talk.state = TalkState.HELD
    assert around.shares("buddy")
    assert around.readers() == {"UBUDDY"}


@pytest.mark.parametrize("who", ["UASHA", "UMANAGER"])
def test_who_leaves_brings_nothing_and_reads_nothing_of_a_talk(around: Around, who: str) -> None:
    """Also after they are back."""
    brings(around)
    journal.person_left(around.session, T, who, NOW)
    assert around.readers() == set()


def brings(around: Around) -> Talk:
    """Asha brings the entry to the talk with her manager."""
    enrolment = around.session.scalars(select(Enrolment).where(Enrolment.person == "UASHA")).one()
    talk = Talk(
        workspace=T,
        enrolment=enrolment.id,
        learner="UASHA",
        manager="UMANAGER",
        state="agreed",
        offers=[],
        uid="u",
    )
    around.session.add(talk)
    around.session.flush()
    choose_entries(around.session, talk, [around.entry.id])
    return talk


def test_a_change_is_shown_where_it_was_confirmed(around: Around) -> None:
    """The answer under the message says who sees it now."""
    journal.say_saved(around.session, around.entry, NOW)
    around.shares("buddy")
    (saved,) = [row for row in letters(around.session, to="UASHA") if row.about == f"entry:{around.entry.id}"]
    assert saved.payload["text"] == blocks.SEEN_BY.format(readers="Buddy, your buddy")
    around.shares()
    assert saved.payload["text"] == blocks.ONLY_YOU
