"""What is said about journal entries: saved, who sees it, where it belongs, shared with somebody; never the words."""

from collections.abc import Sequence

from bot.blocks import kit
from bot.blocks.typed import typed
from bot.ids import ActionId

ONLY_YOU = "Saved in your journal, only you see it."
SEEN_BY = "Saved in your journal. Besides you, it can be read by: {readers}."
TAKEN_OUT = "Taken out of your journal. I keep none of its words."
IN_SLACK_STILL = "What you wrote here stays in Slack until you delete it there."
NOT_THIS, WHO_SEES_IT = "Not this", "Who sees it"
READERS = {
    "buddy": "{name}, your buddy",
    "manager": "{name}, your manager",
    "cohort": "everybody in {name}",
    "talk": "{name}, on the page for your talk",
}

WHICH = "Thank you! Which question does this belong to?"
KEEP = "Shall I keep this in your journal? Only you would see it."
UNTIL_THEN = (
    "Until you choose, I hold it sealed, so that nobody can read it, and after a day I forget it. `/learn help` shows"
    " what else I can do."
)
JUST_KEEP, KEEP_IT, FORGET_IT = "None of these, just keep it", "Yes, keep it", "No, forget it"
FORGOTTEN = "Forgotten. I keep nothing of it."
LAPSED = "A day went by, so I forgot what you wrote here. If you want to keep it, just write it again."
DELETED_MEANWHILE = "You deleted it, so there is nothing left to keep."
NO_WORDS = (
    "I found no words of yours in that, so nothing was saved. Write a line of your own in answer to the question, or"
    " press *Write here* under it."
)
THIS_ONE = "This one"
LONGEST_CHOICE = 300
MOST_CHOICES = 8

SHARED = "*{name}* would like you to read something from their journal."
HOW_SHARED = "It opens for you alone. {name} chose to show it, and can change that at any time."
READ = "Read"
SHARED_LINE = "{name} shared a journal entry with you: `/learn journal shared`"
WHY_SHARED = "{name} chose you to read it"
NO_LONGER = (
    "{name} keeps this entry to themselves now. Nothing is wrong: people may change who reads their journal."
)
SAID_NO_LONGER = "This entry is not shared with you any more, so there is nothing to read here."
NOBODY_LONGER = "A colleague"
NOTE_ONE, NOTE_MORE = (
    "{names} shared something from their journal with your cohort: `/learn journal shared`",
    "{names} and others shared something from their journals with your cohort: `/learn journal shared`",
)

REFLECTION_TITLE = "*Five minutes for you*"
REFLECTION_HOW = (
    "Answer in the thread, or just write to me. Only you see it, unless you choose otherwise afterwards."
)
REFLECTION_FIRST = (
    "What you reply here also stays in Slack's own history, which your company may export. What you write in the form"
    " does not; it is only in your journal, encrypted."
)
REFLECTION_WRITTEN = "Saved in your journal. You can add to it any time."
WRITE_HERE = "Write here"
REFLECTION_WHY = "you switched on the weekly reflection (`/learn journal weekly off` ends it)"
REFLECTION_LINE = "Your weekly five minutes: `/learn journal write`"

PAUSE = "Until when shall I be quiet? Choose a day, or write *stop* and I start no messages at all."
PAUSE_UNTIL = "Pause until …"


def reader_line(audience: str, name: str) -> str:
    """One who may read an entry, as its person sees them; for mrkdwn."""
    return READERS[audience].format(name=kit.escape(name))


def saved(entry: int, readers: Sequence[str]) -> kit.Message:
    """An entry was saved; `readers` are lines of `reader_line`, none while only its person sees it."""
    text = SEEN_BY.format(readers="; ".join(readers)) if readers else ONLY_YOU
    row = kit.actions(
        f"entry:{entry}",
        kit.button(NOT_THIS, ActionId.NOT_THIS, value=str(entry)),
        kit.button(WHO_SEES_IT, ActionId.WHO_SEES_IT, value=str(entry)),
    )
    return kit.Message(text, [kit.section(text), row])


def taken_out() -> kit.Message:
    """The same card, when the entry is no longer in the journal."""
    return kit.Message(TAKEN_OUT, [kit.section(TAKEN_OUT), kit.context(IN_SLACK_STILL)])


def which(prompts: Sequence[tuple[int, str]]) -> kit.Message:
    """Ask where it belongs; `prompts` are the open questions, as (id, question); with none, whether to keep it."""
    shown = prompts[:MOST_CHOICES]
    text = WHICH if shown else KEEP
    asked = [
        kit.section(kit.quote(typed(question, LONGEST_CHOICE)), _keep(THIS_ONE, prompt))
        for prompt, question in shown
    ]
    keep = kit.button(JUST_KEEP if shown else KEEP_IT, ActionId.KEEP_WORDS, "0", None if shown else "primary")
    row = kit.actions("where", keep, kit.button(FORGET_IT, ActionId.FORGET_WORDS))
    return kit.Message(text, [kit.section(text), *asked, row, kit.context(UNTIL_THEN)])


def _keep(words: str, prompt: int) -> kit.Block:
    return kit.button(words, ActionId.KEEP_WORDS, value=str(prompt))


def shared(entry: int, name: str) -> kit.Message:
    """Somebody may read an entry: a card with a button and none of its words."""
    who = kit.escape(name)
    text = SHARED.format(name=who)
    row = kit.actions(
        f"read:{entry}", kit.button(READ, ActionId.READ_ENTRY, value=str(entry), style="primary")
    )
    footer = kit.started_footer(WHY_SHARED.format(name=who), "entry", ActionId.STOP_KIND)
    return kit.Message(text, [kit.section(text), row, kit.context(HOW_SHARED.format(name=who)), *footer])


def no_longer(name: str) -> kit.Message:
    """The same card, when it is not shared any more."""
    text = NO_LONGER.format(name=kit.escape(name))
    return kit.Message(text, [kit.section(text)])


def cohort_line(names: Sequence[str], *, more: bool) -> str:
    """A line of the morning note: who shared something with their cohort."""
    shown = kit.escape(", ".join(names))
    return (NOTE_MORE if more else NOTE_ONE).format(names=shown)


def reflection(prompt: int, question: str, *, first: bool, written: bool) -> kit.Message:
    """The weekly five minutes; `written`: it was answered."""
    how = REFLECTION_WRITTEN if written else REFLECTION_HOW
    blocks = [kit.section(f"{REFLECTION_TITLE}\n{question}"), kit.context(how)]
    if first and not written:
        blocks.append(kit.context(REFLECTION_FIRST))
    style = None if written else "primary"
    blocks.append(
        kit.actions(
            f"reflection:{prompt}",
            kit.button(WRITE_HERE, ActionId.WRITE_ANSWER, value=str(prompt), style=style),
            kit.button("Read what I wrote last time", ActionId.READ_LAST_ENTRY, value=str(prompt)),
        )
    )
    footer = kit.started_footer(REFLECTION_WHY, "reflection", ActionId.STOP_KIND)
    return kit.Message(f"{REFLECTION_TITLE} {question}", [*blocks, *footer])


def pause() -> kit.Message:
    """Somebody wrote "pause": a button that asks until when."""
    row = kit.actions("pause", kit.button(PAUSE_UNTIL, ActionId.CHECK_IN_PAUSE, style="primary"))
    return kit.Message(PAUSE, [kit.section(PAUSE), row])


def sentence(says: str) -> kit.Message:
    """Something to say in a sentence."""
    return kit.Message(says, [kit.section(says)])
