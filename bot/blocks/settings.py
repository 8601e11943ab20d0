"""The page of settings: what it shows of a person's choices, and where the workspace's are."""

from collections.abc import Sequence

from bot.blocks import kit
from bot.blocks.my_settings import PAGE, Mine, page_blocks
from bot.blocks.spaces import leave_question
from bot.blocks.workspace_settings import TITLES
from bot.ids import ActionId, ModalId

TITLE = "Settings"
MINE = "For me"
NOTHING_STOPPED = "You stopped no kind of message. Every message I start has a button for that."
STOPPED = "You get no messages *{kind}*."
KINDS = {
    "nomination": "when a colleague finds something you wrote worth keeping",
    "welcome": "of welcome",
    "space": "about your spaces",
    "role": "about roles",
    "check_in": "with the questions of a check-in",
    "reflection": "with the weekly five-minute reflection",
    "plan": "about your action plan",
    "help": "when a colleague would like your help",
    "talk": "about a talk with your manager or somebody you manage",
    "circle": "about your circle",
    "programme": "about your programmes",
    "entry": "when somebody shares a journal entry with you",
    "note": "in the morning, with what is waiting for you",
}
ALLOW = "Allow again"
TAKEN_IN = (
    "*What I keep of you:* what you post in spaces, so that colleagues find it. You can be left out: then only ids are"
    " kept, no text and no figures."
)
LEFT_OUT = (
    "*You are left out.* Only ids are kept of you: no text, no figures, and I never write to you first."
)
JUST_LEFT = "Done: your words and files are forgotten here. Nothing changed in Slack itself."
WELCOME_BACK = (
    "Welcome back. From now on what you post in spaces is kept again; what was forgotten stays forgotten."
)
LEAVE, COME_BACK = "Leave me out", "Take me in again"
FOR_WORKSPACE = "For the workspace"
ROLES = "Roles: who looks after what."
CALENDARS = "Holiday calendars: countries and files, by time zone or user group."
OPEN = "Open"


def settings(
    mine: Mine,
    stopped: Sequence[str],
    *,
    left_out: bool,
    admin: bool,
    gives_roles: bool,
    notice: str = "",
) -> kit.Modal:
    """The page that fits a person."""
    blocks = [kit.section(f":information_source: {notice}")] if notice else []
    own = [] if left_out else [*page_blocks(mine), *_kinds(stopped)]
    blocks += [kit.header(MINE), *own, *_left_out(left_out=left_out)]
    if gives_roles or admin:
        blocks += [kit.divider(), kit.header(FOR_WORKSPACE)]
        blocks.append(kit.section(ROLES, kit.button(OPEN, ActionId.OPEN_ROLES, label=f"{OPEN}: {ROLES}")))
    if admin:
        blocks += [_page(subject, line) for subject, (_, line) in TITLES.items()]
        opens = kit.button(OPEN, ActionId.OPEN_HOLIDAYS, label=f"{OPEN}: {CALENDARS}")
        blocks.append(kit.section(CALENDARS, opens))
    return kit.Modal(ModalId.SETTINGS, TITLE, blocks, close="Close", private_metadata={"page": PAGE})


def _page(subject: str, line: str) -> kit.Block:
    action = ActionId.OPEN_WORKSPACE_SETTINGS
    button = kit.button(OPEN, action, value=subject, label=f"{OPEN}: {line}")
    return kit.section(line, button, block_id=f"settings:{subject}")


def _kinds(stopped: Sequence[str]) -> list[kit.Block]:
    if not stopped:
        return [kit.section(NOTHING_STOPPED)]
    return [
        kit.section(
            STOPPED.format(kind=KINDS.get(kind, f"of the kind “{kind}”")),
            kit.button(ALLOW, ActionId.ALLOW_KIND, value=kind),
            block_id=f"stopped:{kind}",
        )
        for kind in stopped
    ]


def _left_out(*, left_out: bool) -> list[kit.Block]:
    if left_out:
        return [kit.section(LEFT_OUT, kit.button(COME_BACK, ActionId.TAKE_ME_IN, style="primary"))]
    return [kit.section(TAKEN_IN, kit.button(LEAVE, ActionId.LEAVE_ME_OUT, confirm=leave_question()))]
