"""How questions asked on purpose look, the form to ask one, and what the shortcuts on questions say."""

from bot.blocks import kit
from bot.blocks.contributions import given_back, in_words
from bot.blocks.contributions_forms import CANCEL, Field, Offer, space_choice
from bot.blocks.typed import typed
from bot.ids import ModalId

ASK_TITLE, ASK = "Ask a question", "Ask"
WHAT_SPACE = "Whom do you want to ask?"
WHAT_QUESTION = "Your question"
QUESTION_HINT = "Say what you tried and what you need; that brings better answers."
TEXT_MISSING = "Write your question here."
ASKS = "{name} asks:"
HOW_TO_ANSWER = "Answer in the thread. {name} marks the reply that helps with ✅."

ASKED = (
    "Your question goes to {space} now, with your name. When a reply helps you, put ✅ on it or choose"
    " *This answers it*"
    " from its menu."
)
NOW_A_QUESTION = (
    "This is a question now. When a reply helps you, put ✅ on it or choose *This answers it* from its menu."
)
A_QUESTION_ALREADY = (
    "This is a question already. Put ✅ on the reply that helps, or choose *This answers it* from its menu."
)
ONLY_ITS_AUTHOR = (
    "Only {author} can make this a question, because the words are theirs. You can ask your own with"
    " `/learn ask`."
)
OF_A_BOT = "This was posted by an app. Ask your own question with `/learn ask`."
DELETED = "This message is gone. Ask your question with `/learn ask`."
OUTSIDE = (
    "I am not in this conversation, so I know nothing of it and have stored nothing. You can still go"
    " on:\n• to ask in a"
    " channel, invite me there with `/invite @Commonplace` and use the shortcut again;\n• or ask in a"
    " channel that I am in."
)

ANSWERED = "Marked as the answer, thank you! The ☑️ shows it to everybody."
ANSWERED_ALREADY = "This reply is marked as the answer already."
NOT_A_REPLY = "Use this on the reply that answers the question, inside its thread."
ONLY_THE_ASKER = "Only {asker} or a facilitator of this channel can say which reply answers the question."
NO_QUESTION = (
    "Nobody asked a question on purpose here. {author}, who began the thread, can mark the reply that helped."
)
ANSWER_GONE = "This reply is gone, so it can't be the answer."
ANSWER_OUTSIDE = "I am not in this conversation, so there is no question of mine here. Nothing was stored."
NOT_POSTED = "I could not post your question in {space}: {reason}. Nothing is lost, here is what you wrote:"


def ask_form(offer: Offer, text: str = "") -> kit.Modal:
    """The form of `/learn ask`; `text` is what was typed already."""
    return kit.Modal(
        ModalId.ASK,
        ASK_TITLE,
        [
            space_choice(WHAT_SPACE, offer),
            kit.text_input(
                WHAT_QUESTION,
                Field.TEXT,
                Field.TEXT,
                text or None,
                multiline=True,
                max_length=3000,
                hint=QUESTION_HINT,
            ),
        ],
        submit=ASK,
        close=CANCEL,
    )


def asked(name: str, text: str) -> kit.Message:
    """The post in a space that asks for somebody, in the app's name."""
    says = ASKS.format(name=kit.escape(name))
    return kit.Message(
        f"{says} {typed(text, 2_900)}",
        [
            kit.section(f"*{says.replace('*', '∗')}*"),
            kit.section(typed(text, 2_900)),
            kit.context(HOW_TO_ANSWER.format(name=kit.escape(name))),
        ],
    )


def not_posted(text: str, space: str, reason: str) -> kit.Message:
    """To the asker: Slack refused the post."""
    return given_back(NOT_POSTED.format(space=space, reason=in_words(reason)), "", text)
