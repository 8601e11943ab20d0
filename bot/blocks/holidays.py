"""The workspace's holiday calendars: the list, the form that adds one, and what is said to mistakes."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import kit
from bot.ids import ActionId, ModalId

TITLE = "Holiday calendars"
WHAT = (
    "Without a calendar here, the public holidays of each person's time zone are free. A calendar may be a country or"
    " a file, for everybody, for some time zones, or for a user group. People may choose their own country."
)
LINE = "*{name}*: {source}, {whom}"
OF_COUNTRY, OF_FILE = "public holidays of {country}", "{number} days of a file"
EVERYBODY, IN_ZONES, IN_GROUP = "for everybody", "for people in {zones}", "for a user group"
ADD, REMOVE = "Add a calendar", "Remove"
FORM_TITLE = "Holiday calendar"
NAME, COUNTRY, FILE = "Name", "Public holidays of", "Or a calendar file (.ics)"
PASTED, ZONES, GROUP = "Or its text", "For people in these time zones", "Or for a user group"
NAME_HINT = "As people see it, for example: Portugal, or Plant in Pune."
COUNTRY_HINT = "A country, such as Portugal or PT, or a part of one, such as DE-BY."
FILE_HINT = "Whole days off, up to 256 kB. They hold for this year and the next five."
PASTED_HINT = "It begins with BEGIN:VCALENDAR."
ZONES_HINT = "With commas between, such as Asia/Kolkata. Empty, and without a group: for everybody."
GROUP_HINT = "Its members as they are now. Add the calendar anew when the group has changed."
SAVE, BACK = "Save", "Back"
NO_NAME = "Give the calendar a name, so that you find it again."
NO_COUNTRY = "I do not know the holidays of “{typed}”. Write a country, such as Portugal or PT."
ONE_SOURCE = "Give either a country here or a calendar file below, one of the two."
NO_ZONE = "I do not know the time zone “{typed}”. Write it as region and city, such as Europe/Lisbon."
TOO_MANY = "There are thirty calendars here already. Remove one you do not need any more, then add this one."
NO_FILE = "I could not read this file. Give it once more, or paste its text below."
NO_GROUP = "Slack did not tell me who is in this group. Try once more, or name time zones instead."


@dataclass(frozen=True, slots=True)
class Line:
    """One calendar in the list."""

    key: str
    name: str
    country: str
    days: int
    zones: Sequence[str]
    of_group: bool


def calendars(lines: Sequence[Line]) -> kit.Modal:
    """The list."""
    blocks = [kit.section(WHAT), *[_line(line) for line in lines]]
    add = kit.actions("add", kit.button(ADD, ActionId.ADD_HOLIDAYS, style="primary"))
    return kit.Modal(ModalId.HOLIDAYS, TITLE, [*blocks, add], close=BACK)


def form(groups: Sequence[tuple[str, str]]) -> kit.Modal:
    """The form that adds one; `groups` are ids and names of user groups."""
    options = [kit.option(name, group) for group, name in groups[:100]]
    group = [kit.select(GROUP, "group", "group", options, optional=True, hint=GROUP_HINT)] if options else []
    return kit.Modal(
        ModalId.ADD_HOLIDAYS,
        FORM_TITLE,
        [
            kit.text_input(NAME, "name", "name", hint=NAME_HINT, max_length=60),
            kit.text_input(COUNTRY, "country", "country", optional=True, hint=COUNTRY_HINT, max_length=100),
            kit.file_input(FILE, "file", "file", ["ics"], 1, optional=True, hint=FILE_HINT),
            kit.text_input(PASTED, "pasted", "pasted", multiline=True, optional=True, hint=PASTED_HINT),
            kit.text_input(ZONES, "zones", "zones", optional=True, hint=ZONES_HINT, max_length=1000),
            *group,
        ],
        SAVE,
        BACK,
    )


def _line(line: Line) -> kit.Block:
    source = OF_COUNTRY.format(country=line.country) if line.country else OF_FILE.format(number=line.days)
    zones = ", ".join(line.zones)
    whom = IN_GROUP if line.of_group else IN_ZONES.format(zones=zones) if zones else EVERYBODY
    text = LINE.format(name=kit.escape(line.name), source=source, whom=kit.escape(whom))
    button = kit.button(REMOVE, ActionId.REMOVE_HOLIDAYS, value=line.key, label=f"{REMOVE}: {line.name}")
    return kit.section(kit.shorten(text, 500), button, block_id=f"holidays:{line.key}")
