"""What `/learn` says: the help, what to use instead of what does not exist yet, and the nearest of what was typed."""

from collections.abc import Sequence

from bot.blocks import kit

UNKNOWN = "I don't know `/learn {word}`. "
FORM_LOST = (
    "Slack did not open the form just now. Nothing was stored; please send this once more:\n`{command}`"
)
NEAREST = "Did you mean `/learn {near}`?"
HELP = "`/learn help` shows everything I can do."
_SPACE_CARD = (
    "Purpose cards are not there yet. Until then the channel's description says what a space is for."
)
_PLAN = (
    "Plans are not there yet. `/learn share` keeps what you learned, so that you and others find it again."
)
_TEAM = "The page for managers is not there yet. `/learn find by:@name` shows what somebody gave."
_HEALTH = "The health of a space is not measured yet. `/learn find in:#space` shows what came of it."
_CHALLENGE = (
    "Challenges are not there yet. Put the problem with `/learn ask`; answers with `#solution` are kept."
)
_STARTER = "Conversation starters are not there yet. A question with `/learn ask` starts one, too."
_DATA = (
    "Your data cannot be exported by command yet. `/learn settings` → “Leave me out” deletes your words now."
)
NOT_YET = {
    "space": _SPACE_CARD,
    "purpose": _SPACE_CARD,
    "norms": _SPACE_CARD,
    "team": _TEAM,
    "manager": _TEAM,
    "queue": _TEAM,
    "pulse": _HEALTH,
    "health": _HEALTH,
    "insights": _HEALTH,
    "stats": _HEALTH,
    "challenge": _CHALLENGE,
    "topic": _STARTER,
    "topics": _STARTER,
    "starter": _STARTER,
    "my-data": _DATA,
    "mydata": _DATA,
    "export": _DATA,
    "delete": _DATA,
}
NO_SUCH = "That is not there yet. `/learn help` shows what is."

INTRO = "Here is what you can do with `/learn`:"
COMMANDS = {
    "share": "`/learn share` – give an insight, a solution or a demo, with a file if you like",
    "ask": "`/learn ask` – ask a space a question that is not forgotten",
    "find": "`/learn find words in:#space by:@person kind:solution since:2026-01` – find what was given and answered",
    "programme": "`/learn programme` – the programmes I am in, my goal, what is on this week",
    "plan": "`/learn plan` – what I want to do with what I learned, who helps, and whose plans I see",
    "journal": "`/learn journal` – my own notebook: `write`, words to search, `shared`, `export`, `weekly`",
    "who": "`/learn who words` – find the people who know",
    "settings": "`/learn settings` – what I may write to you, being left out, roles",
    "help": "`/learn help` – this page",
}
IN_CHANNELS = (
    "*In a channel that I am in*\n• A post or reply that begins or ends with {tags} is kept; one with `#{ask}` is a"
    " question.\n• :{nominate}: on somebody's message suggests to keep it: they are asked.\n• :{yes}: by the asker, on"
    " a reply to a question, marks the answer."
)
SHORTCUTS = (
    "*From a message* (its … menu): Save as contribution · Ask for an answer · This answers it. Commands do not work in"
    " threads, these do."
)
FOR_FACILITATORS = (
    "*As a facilitator* you can mark the answer to any question in your spaces, have their last 90 days read, and give"
    " roles in `/learn settings` → Roles."
)
FOR_ADMINS = (
    "*As an admin* you find the workspace's words, emoji, times and roles in `/learn settings`. To add a space, type"
    " `/invite` and my name in its channel."
)
LEFT_OUT = "_You are left out: nothing you post is kept. `/learn settings` takes you in again._"


def help_page(
    words: Sequence[str],
    *,
    tags: Sequence[str],
    ask_tag: str,
    nominate: str,
    yes: str,
    admin: bool,
    facilitator: bool,
    left_out: bool,
) -> kit.Message:
    """What somebody can do; `words` are the commands that exist."""
    lines = "\n".join(f"• {line}" for word, line in COMMANDS.items() if word in words)
    shown = " ".join(f"`#{tag}`" for tag in tags[:8])
    in_channels = IN_CHANNELS.format(tags=shown, ask=ask_tag, nominate=nominate, yes=yes)
    parts = [f"{INTRO}\n{lines}", in_channels, SHORTCUTS]
    parts += [FOR_FACILITATORS] if facilitator else []
    parts += [FOR_ADMINS] if admin else []
    parts += [LEFT_OUT] if left_out else []
    return kit.Message(INTRO, [kit.section(part) for part in parts])


def not_yet(word: str) -> kit.Message:
    """A feature that does not exist yet, and what helps meanwhile."""
    text = NOT_YET.get(word, NO_SUCH)
    return kit.Message(text, [kit.section(text)])


def form_lost(words: str) -> kit.Message:
    """A form that Slack did not open, and what was typed, to be copied."""
    command = kit.escape(kit.shorten(f"/learn {words}".strip(), 2_000).replace("`", "'"))
    text = FORM_LOST.format(command=command)
    return kit.Message(text, [kit.section(text)])


def unknown(word: str, near: str | None) -> kit.Message:
    """A word that we do not know, with the nearest one that we do."""
    hint = NEAREST.format(near=near) if near else HELP
    text = UNKNOWN.format(word=kit.escape(kit.shorten(word, 40).replace("`", "'"))) + hint
    return kit.Message(text, [kit.section(text)])
