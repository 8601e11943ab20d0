"""A person's own settings: what the page shows of them, the forms that change them, and what is said to mistakes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.blocks import kit
from bot.blocks.links import DAYS, MONTHS
from bot.ids import ActionId, ModalId

PAGE = "settings"  # comes back with a press on the page
TIME = "*When I write to you:* {hour}, {days}, {zone}. {holidays}"
HOLIDAYS, NO_HOLIDAYS = (
    "Free on the public holidays of: {country}.",
    "I know of no public holidays where you are.",
)
OF_SLACK = "{zone} (as your Slack profile says)"
MESSAGES = "*What I write:* the morning note {rhythm}{extras}."
RHYTHMS = {"daily": "on working days", "weekly": "once a week", "never": "never"}
VOLUNTEERS, REFLECTS = "you help when a first post waits for an answer", "a five-minute reflection each week"
PAUSED = "*Paused* until {day}: until then I write to you only in answer to what you do."
NOT_PAUSED = "*Pause:* I can be quiet until a day that you choose."
AWAY = (
    "*Away:* tell me when you are, and whatever I had planned comes after it. Your Slack status tells me too."
)
LEAVE, OPEN_LEAVE = "• {first} to {last}", "• from {first} on, until further notice"
ONE_DAY = "• {first}"
BY_STATUS = "{leave} (as your Slack status says)"
HELD = "*Held back:* what I did not write lately, and why."
CHANGE, PAUSE, RESUME, ADD_LEAVE, REMOVE, SHOW = "Change", "Pause", "Go on now", "Add days", "Remove", "Show"
SAVE, CANCEL, BACK = "Save", "Cancel", "Back"
SAVED = "Saved."

TIME_TITLE = "When I write to you"
HOUR, WORKING_DAYS, ZONE, COUNTRY = "Hour", "Working days", "Time zone", "Public holidays of"
ZONE_HINT = "Empty: as your Slack profile says. Else a name such as Europe/Lisbon."
COUNTRY_HINT = (
    "Empty: by your time zone. Else a country, such as Portugal or PT, or a part of one, such as DE-BY."
)
ALL_DAYS_FREE = "Choose at least one working day. To hear nothing for a while, use Pause instead."
NO_SUCH_ZONE = (
    "I do not know the time zone “{typed}”.{guess} Write it as region and city, such as Europe/Lisbon."
)
NO_SUCH_COUNTRY = "I do not know the holidays of “{typed}”.{guess} Write a country, such as Portugal or PT."
GUESS = " Do you mean {guess}?"

MESSAGES_TITLE = "What I write to you"
RHYTHM, MUTED, MORE = "The morning note", "Do not write to me …", "Also"
RHYTHM_NAMES = {
    "": "As suggested for what you do",
    "daily": "Each working day with something for me",
    "weekly": "Once a week",
    "never": "Never",
}
MUTED_HINT = "What is held back is listed in these settings, with its reason."
MUTED_PLACEHOLDER = "Nothing is muted"
VOLUNTEER_NAME = "Ask me when a first post waits for an answer"
REFLECTION_NAME = "Send me a five-minute reflection each week"

PAUSE_TITLE, PAUSE_UNTIL = "Pause", "Be quiet until"
PAUSE_HINT = "On this day I write again. Answers to what you do yourself come all the same."
PAUSE_TOO_EARLY = "Choose a day after today, {today} where you are."
PAUSE_TOO_LATE = "Choose a day within a year. To stop for good, mute kinds of messages instead."
NO_DAY, NO_HOUR = "Choose a day.", "Choose an hour."
LEAVE_TITLE, FIRST, LAST = "Days away", "First day away", "Last day away"
LAST_HINT = "Empty: until you remove it here."

HELD_TITLE = "Held back"
NOTHING_HELD = "Nothing was held back in the last 30 days."
STANDING = {
    "waiting": "waits",
    "noted": "comes in your morning note",
    "listed": "came in your morning note",
    "dropped": "was not sent",
    "merged": "comes with another one",
}
HELD_LINE = "• {day}: {line}\n      _{standing}, because {why}_"
AND_MORE = "… and {number} more"
MOST_HELD = 30
LONGEST_LINE = 200


@dataclass(frozen=True, slots=True)
class LeaveLine:
    """Days away; `id` for those that the person may remove here."""

    first_on: date
    last_on: date | None
    id: int | None = None


@dataclass(frozen=True, slots=True)
class Mine:
    """What a person chose, as the page shows it."""

    hour: int
    days: Sequence[int]
    zone: str
    zone_chosen: bool
    country: str
    rhythm: str
    volunteers: bool
    reflects: bool
    paused_until: date | None
    leaves: Sequence[LeaveLine]


@dataclass(frozen=True, slots=True)
class HeldLine:
    """One message that was held back; `line` is mrkdwn of ours."""

    day: date
    line: str
    standing: str
    why: str


def page_blocks(mine: Mine) -> list[kit.Block]:
    """The person's own part of the page."""
    return [
        _change(_time(mine), CHANGE, "time", TIME_TITLE),
        _change(_messages(mine), CHANGE, "messages", MESSAGES_TITLE),
        _pause(mine.paused_until),
        _change(AWAY, ADD_LEAVE, "leave", LEAVE_TITLE),
        *[_leave(leave) for leave in mine.leaves],
        _change(HELD, SHOW, "held", HELD_TITLE),
    ]


def time_form(
    hour: int,
    days: Sequence[int],
    zone: str,
    country: str,
    hours: tuple[int, int],
    metadata: Mapping[str, object],
) -> kit.Modal:
    """The form of hour, days, zone and holidays; `hours` are the first and the last that are offered."""
    offered = [kit.option(f"{one:02}:00", str(one)) for one in range(hours[0], hours[1] + 1)]
    weekdays = [kit.option(name, str(number)) for number, name in enumerate(DAYS)]
    blocks = [
        kit.select(HOUR, "hour", "hour", offered, initial=str(hour)),
        kit.checkboxes(WORKING_DAYS, "days", "days", weekdays, [str(day) for day in days]),
        kit.text_input(ZONE, "zone", "zone", zone, optional=True, hint=ZONE_HINT, max_length=100),
        kit.text_input(
            COUNTRY, "country", "country", country, optional=True, hint=COUNTRY_HINT, max_length=100
        ),
    ]
    return kit.Modal(ModalId.MY_TIME, TIME_TITLE, blocks, SAVE, CANCEL, metadata)


def messages_form(
    rhythm: str, muted: Sequence[str], kinds: Mapping[str, str], *, volunteers: bool, reflects: bool
) -> kit.Modal:
    """The form of what is written: the note's rhythm, what is muted, and what somebody offers or wishes."""
    rhythms = [kit.option(name, value or "default") for value, name in RHYTHM_NAMES.items()]
    offered = [kit.option(words, kind) for kind, words in kinds.items()]
    extras = [kit.option(VOLUNTEER_NAME, "volunteers"), kit.option(REFLECTION_NAME, "reflection")]
    chosen = [name for name, yes in (("volunteers", volunteers), ("reflection", reflects)) if yes]
    blocks = [
        kit.radio(RHYTHM, "rhythm", "rhythm", rhythms, rhythm or "default"),
        kit.multi_select(
            MUTED,
            "muted",
            "muted",
            offered,
            initial=muted,
            optional=True,
            hint=MUTED_HINT,
            placeholder=MUTED_PLACEHOLDER,
        ),
        kit.checkboxes(MORE, "more", "more", extras, chosen),
    ]
    return kit.Modal(ModalId.MY_MESSAGES, MESSAGES_TITLE, blocks, SAVE, CANCEL)


def pause_form(until: date) -> kit.Modal:
    """The form that pauses; `until` is what is proposed."""
    picker = kit.date_picker(PAUSE_UNTIL, "until", "until", until, hint=PAUSE_HINT)
    return kit.Modal(ModalId.MY_PAUSE, PAUSE_TITLE, [picker], PAUSE, CANCEL)


def leave_form(first: date) -> kit.Modal:
    """The form for days away."""
    blocks = [
        kit.date_picker(FIRST, "first", "first", first),
        kit.date_picker(LAST, "last", "last", optional=True, hint=LAST_HINT),
    ]
    return kit.Modal(ModalId.MY_LEAVE, LEAVE_TITLE, blocks, SAVE, CANCEL)


def held_list(lines: Sequence[HeldLine]) -> kit.Modal:
    """What was held back."""
    shown = [kit.section(_held(line)) for line in lines[:MOST_HELD]] or [kit.section(NOTHING_HELD)]
    rest = len(lines) - MOST_HELD
    more = [kit.context(AND_MORE.format(number=rest))] if rest > 0 else []
    back = kit.actions("back", kit.button(BACK, ActionId.OPEN_SETTINGS, value=PAGE))
    return kit.Modal(
        ModalId.SETTINGS, HELD_TITLE, [*shown, *more, back], close="Close", private_metadata={"page": PAGE}
    )


def day_words(day: date) -> str:
    """A day as people say it: "Tuesday 3 November 2027"."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"


def days_words(days: Sequence[int]) -> str:
    """A working week in words: "Monday to Friday", or the days one by one."""
    numbers = sorted(days)
    if len(numbers) > 2 and numbers == list(range(numbers[0], numbers[-1] + 1)):  # noqa: PLR2004  "Monday to Tuesday" is two
        return f"{DAYS[numbers[0]]} to {DAYS[numbers[-1]]}"
    return ", ".join(DAYS[number] for number in numbers)


def _time(mine: Mine) -> str:
    zone = kit.escape(mine.zone)
    return TIME.format(
        hour=f"{mine.hour:02}:00",
        days=days_words(mine.days),
        zone=zone if mine.zone_chosen else OF_SLACK.format(zone=zone),
        holidays=HOLIDAYS.format(country=kit.escape(mine.country)) if mine.country else NO_HOLIDAYS,
    )


def _messages(mine: Mine) -> str:
    extras = [words for words, yes in ((VOLUNTEERS, mine.volunteers), (REFLECTS, mine.reflects)) if yes]
    return MESSAGES.format(rhythm=RHYTHMS[mine.rhythm], extras="".join(f"; {words}" for words in extras))


def _pause(until: date | None) -> kit.Block:
    if until is None:
        return _change(NOT_PAUSED, PAUSE, "pause", PAUSE_TITLE)
    return kit.section(PAUSED.format(day=day_words(until)), kit.button(RESUME, ActionId.END_MY_PAUSE))


def _leave(leave: LeaveLine) -> kit.Block:
    first = day_words(leave.first_on)
    words = OPEN_LEAVE.format(first=first)
    if leave.last_on is not None:
        form = ONE_DAY if leave.last_on == leave.first_on else LEAVE
        words = form.format(first=first, last=day_words(leave.last_on))
    if leave.id is None:
        return kit.section(BY_STATUS.format(leave=words))
    button = kit.button(REMOVE, ActionId.REMOVE_MY_LEAVE, value=str(leave.id))
    return kit.section(words, button, block_id=f"leave:{leave.id}")


def _held(line: HeldLine) -> str:
    return HELD_LINE.format(
        day=day_words(line.day),
        line=kit.shorten(line.line, LONGEST_LINE),
        standing=STANDING[line.standing],
        why=line.why,
    )


def _change(says: str, text: str, subject: str, label: str) -> kit.Block:
    button = kit.button(text, ActionId.CHANGE_MY_SETTINGS, value=subject, label=f"{text}: {label}")
    return kit.section(says, button, block_id=f"my:{subject}")
