"""Welcome: the first time somebody comes, the first admin, and the first steps ticked off from what happened."""

from dataclasses import dataclass
from datetime import datetime

from bot.blocks import welcome as blocks
from bot.blocks.kit import Message
from bot.blocks.welcome import Step
from bot.incoming_world import ProfileFact
from bot.interactions import CommandUse
from bot.rules.attention import has_acted, may_answer
from bot.rules.cards import tell
from bot.rules.choices import read_choices
from bot.rules.people import record_profile
from bot.rules.roles import find_first_admin, is_admin
from storage.contributions import Kind
from storage.home import has_any_gift
from storage.people import find_active_admins, find_acts, get_person
from storage.session import Session
from storage.spaces import any_space_was_read, find_spaces_with_app
from storage.workspaces import get_workspace

APP_NAME = "commonplace"


@dataclass(frozen=True, slots=True)
class Visit:
    """How somebody comes who uses `/learn`."""

    first_time: bool
    became_admin: bool
    may_be_admin: bool = False  # nobody is, and Slack has not told us yet who this person is


@dataclass(frozen=True, slots=True)
class Installed:
    """The app was installed by somebody, through OAuth."""

    workspace: str

    @property
    def subjects(self) -> tuple[str, ...]:
        """There is one first admin."""
        return (f"{self.workspace}/roles",)


def record_visit(session: Session, use: CommandUse, now: datetime) -> Visit:
    """Somebody used a command: from now on we may write to them; the first owner who comes becomes admin."""
    known = get_person(session, use.workspace, use.person)
    first_time = known.welcome_because is None
    has_acted(session, use.workspace, use.person, "used a command")
    became_admin = find_first_admin(session, use.workspace, use.person, now)
    lacks_admin = not became_admin and not find_active_admins(session, use.workspace)
    return Visit(first_time, became_admin, lacks_admin and known.known_at is None)


def record_stranger(session: Session, fact: ProfileFact, now: datetime) -> bool:
    """Slack told us who somebody is: keep it, and make them the first admin if that is theirs to be."""
    record_profile(session, fact, now)
    return find_first_admin(session, fact.workspace, fact.person.id, now)


def record_installer(session: Session, installed: Installed, now: datetime) -> None:
    """Whoever installed the app is the first admin, and gets the first steps as the answer to that; safe to repeat."""
    installer = get_workspace(session, installed.workspace).installed_by
    if installer is None:
        return
    get_person(session, installed.workspace, installer)
    became_admin = find_first_admin(session, installed.workspace, installer, now)
    if became_admin and may_answer(session, installed.workspace, installer):
        has_acted(session, installed.workspace, installer, "installed the app")
        steps = blocks.walk_through(_steps(session, installed.workspace), new=True)
        tell(session, installed.workspace, installer, steps, now, once=f"first steps:{installer}")


def menu(session: Session, workspace: str, person: str, visit: Visit, offered: list[str]) -> Message:
    """The answer to a bare `/learn`: the first steps for a new admin, else what fits this person."""
    if visit.became_admin:
        return walk_through(session, workspace, new=True)
    return blocks.menu(
        first_time=visit.first_time,
        offered=offered,
        ask_tag=read_choices(session, workspace).ask_tag,
        shows_steps=bool(first_steps(session, workspace, person)),
    )


def walk_through(session: Session, workspace: str, *, new: bool = False) -> Message:
    """The first steps as things stand."""
    return blocks.walk_through(_steps(session, workspace), new=new)


def first_steps(session: Session, workspace: str, person: str) -> list[Step]:
    """The first steps for an admin, until all are done."""
    if not is_admin(session, workspace, person):
        return []
    steps = _steps(session, workspace)
    return [] if all(step.done for step in steps) else steps


def _steps(session: Session, workspace: str) -> list[Step]:
    tags = read_choices(session, workspace).tags
    tag = next((word for word, kind in tags.items() if kind == Kind.SOLUTION), next(iter(tags)))
    chose = bool(find_acts(session, workspace, ["setting changed"]))
    return [
        Step(blocks.INVITE.format(app=APP_NAME), bool(find_spaces_with_app(session, workspace))),
        Step(blocks.PAST, any_space_was_read(session, workspace)),
        Step(blocks.TRY.format(tag=tag), has_any_gift(session, workspace)),
        Step(blocks.CHOOSE, chose or len(find_active_admins(session, workspace)) > 1),
    ]
