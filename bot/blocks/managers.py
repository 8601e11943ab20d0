"""What is said about who manages whom."""

from bot.blocks import kit
from bot.ids import ActionId, ModalId

QUESTION = "{name} says that you are their manager. Is that so?"
MEANING = (
    "As their manager you see the items of their plan and how they go, and may be asked for a talk. Nothing from their"
    " journal unless they share it with you."
)
YES, NO = "Yes, I am", "No, I'm not"
WHY = "{name} named you as their manager"
YES_SAID = "You said that you are {name}'s manager. Thank you!"
NO_SAID = "You said that you are not {name}'s manager. I told them."
TOLD_YES = "{name} says yes: I know now that {name} is your manager."
TOLD_NO = "{name} says that they are not your manager. You can name somebody else in `/learn plan`."
WHY_TOLD = "you named {name} as your manager"

FORM_TITLE = "My manager"
WHO = "Who is your manager?"
WHO_HINT = "I ask them for their yes. They then see your plan's items and state, nothing else."
ASK, CANCEL = "Ask them", "Cancel"
CHOOSE = "Choose the person who manages you."
ASKED = "I have asked {name}. Until they say yes nothing changes."
KNOWN = "{name} is your manager already, as far as I know."


def question(name: str, management: int) -> kit.Message:
    """A person named somebody as their manager, who is asked."""
    who = kit.escape(name)
    text = QUESTION.format(name=who)
    return kit.Message(
        text,
        [
            kit.section(text),
            kit.context(MEANING),
            kit.actions(
                "manager",
                kit.button(YES, ActionId.AGREE_TO_MANAGE, value=str(management), style="primary"),
                kit.button(NO, ActionId.DECLINE_TO_MANAGE, value=str(management)),
            ),
            *kit.started_footer(WHY.format(name=who), "role", ActionId.STOP_KIND),
        ],
    )


def decided(name: str, *, agrees: bool) -> kit.Message:
    """The question, answered."""
    text = (YES_SAID if agrees else NO_SAID).format(name=kit.escape(name))
    return kit.Message(text, [kit.section(text)])


def told(name: str, *, agrees: bool) -> kit.Message:
    """The person hears what the one they named said."""
    who = kit.escape(name)
    text = (TOLD_YES if agrees else TOLD_NO).format(name=who)
    footer = kit.started_footer(WHY_TOLD.format(name=who), "role", ActionId.STOP_KIND)
    return kit.Message(text, [kit.section(text), *footer])


def form() -> kit.Modal:
    """A person says who their manager is."""
    field = kit.users_select(WHO, "manager", "manager", hint=WHO_HINT)
    return kit.Modal(ModalId.MANAGER, FORM_TITLE, [field], submit=ASK, close=CANCEL)


def sentence(text: str) -> kit.Message:
    """Something to say in one sentence."""
    return kit.Message(text, [kit.section(text)])
