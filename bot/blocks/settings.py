"""The page of settings: what it shows of a person's and of the workspace's choices, and what it says to mistakes."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.blocks import kit
from bot.blocks.my_settings import PAGE, Mine, page_blocks
from bot.blocks.spaces import leave_question
from bot.ids import ActionId, ModalId

TITLE, WORKSPACE_TITLE = "Settings", "Workspace settings"
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
    "*What is kept of me:* what I post in spaces, so that colleagues find it. You can be left out: then only ids are"
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
CHOICES = "Words, emoji and times that hold for everybody."
OPEN = "Open"

NO_TAG = "“{word}” cannot be a tag. Use one word of letters, digits and hyphens, such as: til"
TAG_TWICE = "“{word}” is here twice. Each tag can mean one thing only."
NO_TAGS = "Give at least one word, or nothing could be shared by a tag. For example: solution"
ONE_TAG = "Give exactly one word, of letters, digits and hyphens. For example: ask"
NO_EMOJI = "Give the name of one emoji, with or without colons. For example: bulb or :bulb:"
EMOJI_TWICE = ":{emoji}: already means something else here. Choose another one."
NO_NUMBER = "Give a whole number from {least} to {most}."

LABELS = {
    "tags_solution": "Tags for a solution",
    "tags_insight": "Tags for an insight",
    "tags_demo": "Tags for a demo",
    "ask_tag": "Tag for a question",
    "nominate_emoji": "Emoji that nominates a message",
    "yes_emoji": "Emoji for yes",
    "kept_emoji": "My reaction: this is kept",
    "answer_emoji": "My reaction: this is the answer",
    "nomination_days": "Days until a nomination lapses",
    "clip_minutes_to_post": "Minutes to post a clip oneself",
    "long_clip_minutes": "Minutes above which a clip is long",
}
SEVERAL = "Several words with commas between. Default: {default}"
DEFAULT = "Default: {default}"
FREE_PLAN = "Slack plan"
FREE = "We use Slack's free plan: show nothing older than 90 days"
RESET = "Back to default"
CHANGED = "{label}: changed from the default ({default})."
SAVE = "Save"


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
        opens = kit.button(OPEN, ActionId.OPEN_WORKSPACE_SETTINGS, label=f"{OPEN}: {CHOICES}")
        blocks.append(kit.section(CHOICES, opens))
    return kit.Modal(ModalId.SETTINGS, TITLE, blocks, close="Close", private_metadata={"page": PAGE})


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


def workspace_form(
    values: Mapping[str, Any],
    defaults: Mapping[str, Any],
    ranges: Mapping[str, tuple[int, int]],
    drawn: Mapping[str, int],
) -> kit.Modal:
    """The workspace's settings, each with its default, and a reset beside those that differ.

    A block keeps its id while its field may be typed in, so that redrawing loses nothing; `drawn` counts the resets
    of each setting, whose fields get a new id each time.
    """
    blocks = [block for name in values for block in _setting(name, values, defaults, ranges, drawn)]
    return kit.Modal(
        ModalId.WORKSPACE_SETTINGS,
        WORKSPACE_TITLE,
        blocks,
        submit=SAVE,
        close="Back",
        private_metadata={"drawn": dict(drawn)},
    )


def _setting(
    name: str,
    values: Mapping[str, Any],
    defaults: Mapping[str, Any],
    ranges: Mapping[str, tuple[int, int]],
    drawn: Mapping[str, int],
) -> list[kit.Block]:
    nth = drawn.get(name, 0)
    value, default = values[name], defaults[name]
    if name == "tags":
        fields = [_tag_field(kind, value, default, nth) for kind in ("solution", "insight", "demo")]
    elif name == "free_plan":
        chosen = ["yes"] if value else []
        options = [kit.option(FREE, "yes")]
        fields = [kit.checkboxes(FREE_PLAN, f"{name}.{nth}", name, options, initial=chosen)]
    elif name in ranges:
        hint = DEFAULT.format(default=default)
        fields = [kit.number(LABELS[name], f"{name}.{nth}", name, value, hint=hint)]
    else:
        fields = [
            kit.text_input(LABELS[name], f"{name}.{nth}", name, value, hint=DEFAULT.format(default=default))
        ]
    return fields + _reset(name, value, default)


def _tag_field(kind: str, tags: Mapping[str, str], defaults: Mapping[str, str], nth: int) -> kit.Block:
    name = f"tags_{kind}"
    hint = SEVERAL.format(default=_words(defaults, kind))
    return kit.text_input(
        LABELS[name], f"{name}.{nth}", name, _words(tags, kind), optional=True, hint=hint, max_length=300
    )


def _words(tags: Mapping[str, str], kind: str) -> str:
    return ", ".join(tag for tag, meaning in tags.items() if meaning == kind)


def _reset(name: str, value: object, default: object) -> list[kit.Block]:
    if value == default:
        return []
    text = CHANGED.format(label=_label(name), default=_shown(default))
    button = kit.button(RESET, ActionId.RESET_SETTING, value=name, label=f"{RESET}: {_label(name)}")
    return [kit.section(kit.escape(text), button, block_id=f"reset:{name}")]


def _label(name: str) -> str:
    return {"tags": "Tags", "free_plan": FREE_PLAN}.get(name) or LABELS[name]


def _shown(default: object) -> str:
    if isinstance(default, dict):
        return ", ".join(default)
    return {False: "a paid plan"}.get(default, str(default)) if isinstance(default, bool) else str(default)
