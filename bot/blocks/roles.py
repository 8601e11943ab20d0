"""The list of roles and the form that adds one."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.blocks import kit
from bot.ids import ActionId, ModalId

TITLE, FORM_TITLE = "Roles", "Give a role"
INTRO = (
    "Admins appoint admins and moderators; facilitators look after their spaces. Sponsors and experts are asked first."
    " Every change is logged, and told to the person."
)
NOBODY = "Nobody has a role here yet."
LINE = "*{name}* is {what}"
PROPOSED = "*{name}* was asked to be {what}, and has not answered yet"
MORE = "And {number} more."
ADD, REMOVE = "Give a role", "Remove"
REMOVE_TITLE = "End this role?"
REMOVE_TEXT = "{name} will no longer be {what}. They are told, and it is logged."
REMOVE_YES = "End it"
PERSON, DUTY, SPACE, SUBJECT = "Who", "Role", "Space", "Subject"
DUTIES = {
    "facilitator": "Facilitator: looks after a space",
    "sponsor": "Sponsor: leads a space by example (asked first)",
    "expert": "Expert: knows a subject (asked first)",
    "moderator": "Moderator: handles what people flag",
    "admin": "Admin: roles and settings of the workspace",
}
SPACE_HINT = "For a facilitator or a sponsor."
SUBJECT_HINT = "For an expert, for example: kubernetes"
WHO, WHAT = "Choose the person.", "Choose the role."
WHERE = "Choose the space that this role is for."
ABOUT = "Name the subject, for example: kubernetes"
SHORT_SUBJECT = "A subject is a word or two, for example: kubernetes"
MOST_LINES = 45


@dataclass(frozen=True, slots=True)
class Line:
    """One role in the list."""

    name: str
    what: str
    value: str
    accepted: bool


def role_list(lines: Sequence[Line], *, may_add: bool, notice: str = "") -> kit.Modal:
    """Who has which role, with a button to end each."""
    blocks = [kit.section(f":information_source: {notice}")] if notice else []
    blocks.append(kit.context(INTRO))
    if may_add:
        blocks.append(kit.actions("add", kit.button(ADD, ActionId.ADD_ROLE, style="primary")))
    blocks += [_line(nth, line) for nth, line in enumerate(lines[:MOST_LINES])]
    if not lines:
        blocks.append(kit.section(NOBODY))
    if len(lines) > MOST_LINES:
        blocks.append(kit.context(MORE.format(number=len(lines) - MOST_LINES)))
    return kit.Modal(ModalId.ROLES, TITLE, blocks, close="Back")


def _line(nth: int, line: Line) -> kit.Block:
    sentence = LINE if line.accepted else PROPOSED
    question = kit.confirm(
        REMOVE_TITLE, REMOVE_TEXT.format(name=line.name, what=line.what), REMOVE_YES, style="danger"
    )
    return kit.section(
        sentence.format(name=kit.escape(line.name), what=kit.escape(line.what)),
        kit.button(
            REMOVE,
            ActionId.REMOVE_ROLE,
            value=line.value,
            confirm=question,
            label=f"{REMOVE}: {line.name}, {line.what}",
        ),
        block_id=f"role:{nth}",
    )


def role_form(duties: Sequence[str], spaces: Sequence[tuple[str, str]]) -> kit.Modal:
    """Who, what, and for which space or subject; `spaces` are ids and names."""
    blocks = [
        kit.users_select(PERSON, "person", "person"),
        kit.select(DUTY, "duty", "duty", [kit.option(DUTIES[duty], duty) for duty in duties]),
    ]
    if spaces:
        options = [kit.option(name, channel) for channel, name in spaces[:100]]
        blocks.append(kit.select(SPACE, "space", "space", options, optional=True, hint=SPACE_HINT))
    blocks.append(
        kit.text_input(SUBJECT, "subject", "subject", optional=True, hint=SUBJECT_HINT, max_length=60)
    )
    return kit.Modal(ModalId.ROLE, FORM_TITLE, blocks, submit=ADD, close="Back")
