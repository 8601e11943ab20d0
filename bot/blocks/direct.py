"""What the app answers to a direct message; nobody's words are ever repeated here."""

from bot.blocks import kit

HELLO = "Hello {name}!"
NOTHING_KEPT = "I keep nothing of what you write to me here, except what you want in your journal."
WHAT_I_CAN_DO = (
    "• `/learn share` gives colleagues an insight, a solution or a short clip; `#solution`, `#til`,"
    " `#insight` or `#demo`"
    " at the start or end of a message does the same\n• `/learn ask` asks a question on purpose\n•"
    " `/learn find` finds"
    " what people here know\n• `/learn journal` is your own notebook, private unless you choose otherwise\n"
    "• 💡 on a message suggests to its author that it is worth keeping"
)
WORDS = "Write *stop* and I will start no messages to you; *start* allows them again."
STOPPED = (
    "Done. I will start no messages to you any more; I only answer when you do something yourself. Write"
    " *start* when you"
    " want them again."
)
STARTED = "Good to be back. I write rarely, and every message says why you get it and how to stop its kind."
LEFT_OUT = (
    "You asked to be left out: I keep nothing of yours, and I start no messages to you. `/learn"
    " settings` changes that."
)
NO_CLIP_EXPECTED = (
    "That looks like a video, but I am not waiting for one, so I leave it alone. To share it, begin with"
    " `/learn share`,"
    " tick *Post the clip myself*, and send it again."
)
SORRY = (
    "Something went wrong on my side, so I could not take that in, and I kept nothing of it. Whoever runs me can see"
    " that it happened. `/learn help` shows other ways."
)
SORRY_EDIT = (
    "Something went wrong on my side, so I could not take in what you changed; your journal has the words from before."
    " You can edit them there: `/learn journal`."
)


def help_answer(name: str | None) -> kit.Message:
    """Who we are and what we can do, after any word that we do not understand too."""
    hello = f"{HELLO.format(name=kit.escape(name))} " if name else ""
    says = hello + NOTHING_KEPT
    return kit.Message(says, [kit.section(says), kit.section(WHAT_I_CAN_DO), kit.context(WORDS)])


def sentence(says: str) -> kit.Message:
    """A message of one sentence of ours."""
    return kit.Message(says, [kit.section(says)])
