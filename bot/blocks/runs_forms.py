"""The forms of a run: its facts, whom to enrol, who has finished or is out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot import programme_specs as limits
from bot.blocks import kit
from bot.blocks.programmes_fields import SAVE, SPONSOR, SPONSOR_HINT, form_of, text_field
from bot.ids import ModalId

NEW_TITLE, EDIT_TITLE, ENROL_TITLE, PEOPLE_TITLE = "New run", "Edit run", "Enrol people", "Finished or out"
ENROL = "Enrol"
RUN_NAME, RUN_NAME_EXAMPLE = "Name of this run", "Spring 2027"
STARTS, ENDS, SPACE = "First day", "Last day", "Space"
SPACE_HINT = "Where its people talk, if there is one."
FACILITATOR, FACILITATOR_HINT = "Facilitator", "Enrols people and ends it."
PEOPLE, CHANNEL, GROUP, PASTED, FILE = (
    "People",
    "Everybody in a channel",
    "Everybody in a user group",
    "A list",
    "A file",
)
CHANNEL_HINT = "A channel that I am in: only then I know who is in it."
PASTED_HINT = (
    "One person a line: @name, Slack id or e-mail address. A first line such as person,completed_on names more"
    " columns."
)
FILE_HINT = "The same as a CSV file."
WHO, WHAT, FINISHED, OUT = "Who?", "What about them?", "They have finished", "They are not in it any more"

NOBODY = "Choose people, a channel or a user group, or give a list."
NO_GROUP = (
    "Slack does not tell me who is in this user group just now. Try again, or choose people or a channel."
)
NO_FILE = "I cannot read this file: give a CSV file of at most 5 MB, or paste its lines."


@dataclass(frozen=True, slots=True)
class RunDraft:
    """What the form of a run begins with."""

    name: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    space: str | None = None
    sponsor: str | None = None
    facilitator: str | None = None


def run_form(programme: int, run: int, draft: RunDraft) -> kit.Modal:
    """A new run (`run` 0) or other facts about one."""
    blocks = [
        text_field(RUN_NAME, "name", draft.name, limits.MOST_NAME, example=RUN_NAME_EXAMPLE),
        kit.date_picker(STARTS, "starts_on", "starts_on", draft.starts_on),
        kit.date_picker(ENDS, "ends_on", "ends_on", draft.ends_on),
        kit.conversations_select(
            SPACE, "space", "space", draft.space, external=False, optional=True, hint=SPACE_HINT
        ),
        kit.users_select(SPONSOR, "sponsor", "sponsor", draft.sponsor, optional=True, hint=SPONSOR_HINT),
        kit.users_select(
            FACILITATOR, "facilitator", "facilitator", draft.facilitator, optional=True, hint=FACILITATOR_HINT
        ),
    ]
    title = EDIT_TITLE if run else NEW_TITLE
    return form_of(ModalId.RUN_FORM, title, blocks, programme, SAVE, run=run)


def enrol(run: int, groups: Sequence[tuple[str, str]]) -> kit.Modal:
    """Who is to be in the run; `groups` are the user groups that Slack told us of, id and name."""
    blocks = [
        kit.multi_users(PEOPLE, "people", "people", optional=True),
        kit.conversations_select(
            CHANNEL, "channel", "channel", external=False, optional=True, hint=CHANNEL_HINT
        ),
    ]
    if groups:
        options = [kit.option(f"@{name}", group) for group, name in groups[:100]]
        blocks.append(kit.select(GROUP, "group", "group", options, optional=True))
    blocks += [
        text_field(PASTED, "pasted", "", 3_000, hint=PASTED_HINT, lines=True, optional=True),
        kit.file_input(
            FILE, "file", "file", filetypes=["csv", "text"], max_files=1, optional=True, hint=FILE_HINT
        ),
    ]
    return form_of(ModalId.ENROL, ENROL_TITLE, blocks, 0, ENROL, run=run)


def people(run: int) -> kit.Modal:
    """Who has finished before the last day, or is not in it any more."""
    options = [kit.option(FINISHED, "finished"), kit.option(OUT, "out")]
    blocks = [
        kit.multi_users(WHO, "people", "people"),
        kit.radio(WHAT, "what", "what", options, initial="finished"),
    ]
    return form_of(ModalId.RUN_PEOPLE, PEOPLE_TITLE, blocks, 0, SAVE, run=run)
