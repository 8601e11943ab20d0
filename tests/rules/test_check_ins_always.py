"""A year of check-ins in lives of all kinds, through the real rules on a real database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from bot.rules import check_in_acts, check_ins
from bot.rules.attention import Started, stop
from bot.rules.availability import add_leave, calendar_of, changed, remove_leave
from bot.rules.check_in_acts import Act, Pause
from bot.rules.check_in_plan import USUAL_GAP, is_humane
from bot.rules.preferences import Preferences, read_preferences, store_preferences
from bot.rules.working_time import Calendar
from storage.availability import find_leaves
from storage.check_ins import OPEN, WERE_SENT, Prompt, PromptState
from storage.programmes import Enrolment
from storage.session import Database
from tests.conftest import Backend
from tests.rules.learning import finished, next_instant, prompts, ticks
from tests.rules.nouns import T, letters, open_world
from tests.rules.test_check_in_plan import ZONES

WHO = "UMARA"
_EXAMPLES = {"sqlite": 25, "postgresql": 5}
DAY = timedelta(days=1)
COUNTRIES = ("", "DE", "US", "IN", "PT", "MA")
ACTS = (
    "nothing",
    "away",
    "away until further notice",
    "back",
    "paused",
    "muted",
    "heard again",
    "elsewhere",
    "other hour",
    "other days",
    "answers",
    "skips",
    "snoozes",
    "resumes",
    "leaves",
    "machine down",
)


@dataclass(frozen=True)
class Life:
    """Where and when somebody works, what they finished, and what happens to them on which day."""

    chosen: Preferences
    ends: tuple[tuple[date, tuple[int, ...]], ...]
    events: tuple[tuple[int, str, int], ...]


@dataclass
class Said:
    """What was said, as somebody notes it who watches: the day and calendar of each check-in, and every instant."""

    check_ins: list[tuple[int, date, Calendar]] = field(default_factory=list)
    letters: int = 0
    down_until: datetime | None = None


def weekdays() -> st.SearchStrategy[frozenset[int]]:
    """A working week."""
    return st.frozensets(st.integers(0, 6), min_size=1)


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Somebody's year."""
    chosen = Preferences(
        hour=draw(st.integers(6, 21)),
        days=draw(st.none() | weekdays()),
        zone=draw(st.sampled_from(ZONES)),
        country=draw(st.sampled_from(COUNTRIES)),
    )
    first = date(2027, 1, 1) + draw(st.integers(0, 300)) * DAY
    days = st.lists(st.integers(1, 120), min_size=1, max_size=5, unique=True).map(
        lambda one: tuple(sorted(one))
    )
    ends = draw(st.lists(st.tuples(st.integers(0, 30), days), min_size=1, max_size=3))
    events = draw(
        st.lists(st.tuples(st.integers(0, 150), st.sampled_from(ACTS), st.integers(0, 40)), max_size=8)
    )
    return Life(chosen, tuple((first + n * DAY, which) for n, which in ends), tuple(sorted(events)))


@contextmanager
def fresh_world(database: Database) -> Iterator[Session]:
    """A workspace that is gone afterwards."""
    yield from open_world(database)


def test_whatever_happens_each_check_in_comes_once_or_its_fate_is_known(
    database: Database, backend: Backend
) -> None:
    """Allowed days and hours, three working days between two, none lost without a record, none doubled."""

    @settings(
        max_examples=_EXAMPLES[backend],
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
    @given(lives())
    def holds(life: Life) -> None:
        with fresh_world(database) as session:
            _live(session, life)

    holds()


def _live(session: Session, life: Life) -> None:
    store_preferences(session, T, WHO, life.chosen)
    began = datetime.combine(min(end for end, _ in life.ends), datetime.min.time(), UTC)
    enrolments = [finished(session, WHO, end, days=days, now=began) for end, days in life.ends]
    said = Said()
    waiting = [
        (began + days * DAY + timedelta(hours=number), act, number) for days, act, number in life.events
    ]
    now, horizon = began, began + 380 * DAY  # whoever is away without an end is planned again and again
    while True:
        due = next_instant(session)
        if not waiting and (due is None or due > horizon):
            break
        if waiting and (due is None or waiting[0][0] <= due):
            now, act, number = waiting.pop(0)
            _happens(session, act, number, now, enrolments, said)
            continue
        assert due is not None
        now = max(now, due, said.down_until or due)
        _tick(session, now, said)
    _all_accounted_for(session, enrolments, said, now)


def _tick(session: Session, now: datetime, said: Said) -> None:
    calendar = calendar_of(session, T, WHO, now)
    before = {row.about for row in letters(session)}
    ticks(session, now)
    rows = letters(session)
    new = [row for row in rows if row.about not in before and (row.about or "").startswith("prompt:")]
    assert len(new) <= 1
    if len(rows) > said.letters:
        assert is_humane(calendar, now)
    said.letters = len(rows)
    for row in new:
        prompt = session.get_one(Prompt, int((row.about or "").partition(":")[2]))
        assert prompt.state == PromptState.SENT
        if said.down_until is None or now > said.down_until:
            assert now == calendar.at(calendar.today(now))
        said.check_ins.append((prompt.id, prompt.due_on, calendar))


def _all_accounted_for(session: Session, enrolments: list[Enrolment], said: Said, now: datetime) -> None:
    sent = [key for key, _, _ in said.check_ins]
    assert len(sent) == len(set(sent))
    for (_, before, _), (_, after, calendar) in pairwise(said.check_ins):
        usual = replace(calendar, leaves=())
        assert usual.working_days_between(before, after) >= USUAL_GAP
    for enrolment in enrolments:
        for prompt in prompts(session, enrolment):
            _accounted_for(prompt, prompt.id in sent, now)


def _accounted_for(prompt: Prompt, was_sent: bool, now: datetime) -> None:
    state = PromptState(prompt.state)
    assert was_sent == (prompt.sent_at is not None)
    if was_sent:
        assert state in {*WERE_SENT, PromptState.CALLED_OFF}
    elif state is PromptState.SCHEDULED:
        assert prompt.due_at is not None
        assert prompt.due_at > now
    else:
        assert state in {PromptState.MERGED, PromptState.MISSED, PromptState.CALLED_OFF}
        assert prompt.why
        assert prompt.due_at is None
    if state is PromptState.MERGED:
        assert prompt.merged_into is not None


def _happens(
    session: Session, act: str, number: int, now: datetime, enrolments: list[Enrolment], said: Said
) -> None:
    if act == "machine down":
        said.down_until = now + number * DAY
    if act == "leaves":
        check_ins.call_off(session, enrolments[number % len(enrolments)], now)
    _chooses(session, act, number)
    _goes_away(session, act, number, now)
    for prompt in [one for each in enrolments for one in prompts(session, each) if one.state in OPEN]:
        _answers(session, act, prompt, number, now)
    changed(session, T, WHO, now)
    check_ins.replan(session, T, WHO, now)


def _chooses(session: Session, act: str, number: int) -> None:
    chosen = read_preferences(session, T, WHO)
    match act:
        case "muted" | "heard again":
            stop(session, T, WHO, Started.CHECK_IN, stopped=act == "muted")
        case "elsewhere":
            store_preferences(session, T, WHO, replace(chosen, zone=ZONES[number % len(ZONES)]))
        case "other hour":
            store_preferences(session, T, WHO, replace(chosen, hour=6 + number % 16))
        case "other days":
            store_preferences(session, T, WHO, replace(chosen, days=frozenset({number % 7, number % 3})))


def _goes_away(session: Session, act: str, number: int, now: datetime) -> None:
    today = calendar_of(session, T, WHO, now).today(now)
    tomorrow, last = today + DAY, today + (number + 1) * DAY
    match act:
        case "away":
            add_leave(session, T, WHO, tomorrow, last, now)
        case "away until further notice":
            add_leave(session, T, WHO, tomorrow, None, now)
        case "paused":
            check_in_acts.pause(session, Pause(T, WHO, last), now)
        case "back":
            for leave in find_leaves(session, T, WHO, today):
                remove_leave(session, T, WHO, leave.id, now)


def _answers(session: Session, act: str, prompt: Prompt, number: int, now: datetime) -> None:
    match act:
        case "answers":
            check_ins.record_answered(session, prompt, now)
        case "skips":
            check_in_acts.skip(session, Act(T, WHO, prompt.id), now)
        case "snoozes":
            check_in_acts.put_off(session, Act(T, WHO, prompt.id, ("hours", "day", "week")[number % 3]), now)
        case "resumes":
            check_in_acts.go_on(session, Act(T, WHO, prompt.id), now)
