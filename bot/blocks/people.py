"""What people are told about their roles, and what they see when they stop a kind of message."""

from bot.blocks import kit
from bot.ids import ActionId

PROPOSAL = "{name} would like you to be {what}."
MEANING = {
    "expert": "Questions about it may come to you, and people find you as somebody who knows. You can always say no.",
    "sponsor": "The space is yours to lead by example: a reply now and then, in your own words.",
    "facilitator": "You look after the space: its past, its roles, and which reply answers a question.",
    "moderator": "Messages that colleagues flag will come to you. What you do with them is logged.",
    "admin": "You can change roles and the workspace's settings: `/learn settings`.",
    "manager": "Your team's questions may come to you.",
}
GIVEN = "{name} made you {what}."
ENDED = "{name} ended your role as {what}. Thank you for what you did in it."
ACCEPTED = "{name} said yes and is {what} now."
DECLINED = "{name} would rather not be {what}."
ACCEPT, DECLINE = "Yes, I'll do it", "No, thanks"
YES_SAID = "You are {what} now. You can stop any time: tell an admin or facilitator."
NO_SAID = "You said no to being {what}. That is fine."
WAITS = "You were proposed as {what}: yes or no?"
WHY_NAMED = "{name} changed one of your roles"
WHY_PROPOSED = "you proposed somebody for a role"


def proposal(name: str, what: str, value: str, duty: str) -> kit.Message:
    """A named person asks somebody to take on a duty."""
    text = PROPOSAL.format(name=kit.escape(name), what=kit.escape(what))
    return kit.Message(
        text,
        [
            kit.section(text),
            kit.section(MEANING[duty]),
            kit.actions(
                "role",
                kit.button(ACCEPT, ActionId.ACCEPT_ROLE, value=value, style="primary"),
                kit.button(DECLINE, ActionId.DECLINE_ROLE, value=value),
            ),
            *kit.started_footer(f"{kit.escape(name)} asked you", "role", ActionId.STOP_KIND),
        ],
    )


def told(name: str, sentence: str, what: str, duty: str, why: str = WHY_NAMED) -> kit.Message:
    """Somebody learns that a role changed."""
    who = kit.escape(name)
    text = sentence.format(name=who, what=kit.escape(what))
    meaning = [kit.context(MEANING[duty])] if sentence == GIVEN else []
    footer = kit.started_footer(why.format(name=who), "role", ActionId.STOP_KIND)
    return kit.Message(text, [kit.section(text), *meaning, *footer])


def decided(what: str, *, accepts: bool) -> kit.Message:
    """The proposal, answered."""
    text = (YES_SAID if accepts else NO_SAID).format(what=kit.escape(what))
    return kit.Message(text, [kit.section(text)])
