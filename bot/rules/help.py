"""Help: what a person can do here, by what they are and by what the workspace chose."""

from bot.blocks import commands as blocks
from bot.blocks.kit import Message
from bot.rules.choices import read_choices
from bot.rules.roles import Duty
from storage.people import is_left_out, roles_of
from storage.session import Session


def help_for(session: Session, workspace: str, person: str, words: list[str]) -> Message:
    """The help that fits this person; `words` are the commands that exist."""
    choices = read_choices(session, workspace)
    duties = {role.role for role in roles_of(session, workspace, person) if role.accepted}
    return blocks.help_page(
        words,
        tags=list(choices.tags),
        ask_tag=choices.ask_tag,
        nominate=choices.nominate_emoji,
        yes=choices.yes_emoji,
        admin=Duty.ADMIN in duties,
        facilitator=Duty.FACILITATOR in duties,
        left_out=is_left_out(session, workspace, person),
    )
