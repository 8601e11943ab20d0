"""The forms in which people share: what they ask for and what they say about what was filled in."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.blocks import kit
from bot.blocks.contributions import HOW_TO_RECORD, bold
from bot.blocks.typed import one_line
from bot.ids import ModalId

SHARE_TITLE, SAVE_TITLE, OUTSIDE_TITLE = "Share what you learned", "Save as contribution", "Not my channel"
SHARE, SAVE, GO_ON, CANCEL, CLOSE = "Share", "Save", "Open the form", "Cancel", "Close"
DONE_TITLE, NOTE_TITLE = "Thank you", "Commonplace"

KINDS = {
    "insight": ("Insight", "Something you learned or noticed"),
    "solution": ("Solution", "What solved a real problem"),
    "demo": ("Demo", "A short clip that shows how"),
}
WHAT_KIND = "What is it?"
WHAT_TITLE = "In one line"
TITLE_EXAMPLE = "Undo the last commit without losing work"
WHAT_SUBJECTS = "Subjects"
SUBJECTS_HINT = "Short words with commas between them, such as: git, onboarding"
PICK_SUBJECTS = "Subjects that people use here"
WHAT_CHALLENGE = "Which problem does it answer?"
WHAT_SPACE = "Where shall I post it?"
SPACE_HINT = "Everybody in this channel sees it, with your name."
WHAT_TEXT = "Tell it the way you would tell a colleague"
WHAT_FILE = "A file, up to 10 MB"
OWN_CLIP = "Post the clip myself"
OWN_CLIP_MORE = "I take your next video there, or in our DM, within {minutes} minutes"
WHAT_CLIP = "A clip to come?"

NO_PLACE = (
    "I am in no channel where you can post yet. Invite me to one with `/invite @Commonplace`, then share"
    " it there."
)
TITLE_MISSING = "A few words are enough: what would you call it?"
TEXT_MISSING = "Write a sentence or two here, add a file, or tick “Post the clip myself”."
KIND_MISSING = "Choose what it is."
PLACE_LOST = "I can't post there for you. Please choose another channel."
FILE_TOO_LARGE = (
    "This file has {size} MB and I can pass on 10 at most. Take it out and post it in the channel"
    " yourself; for a"
    " video, tick “Post the clip myself”."
)
BOTH = "You added a file above, so there is nothing to wait for. Untick this, or take the file out."

SHARED = (
    "Your {kind} *{title}* goes to {space} now, with your name. Colleagues will find it with `/learn find`."
)
CLIP_AWAITED = (
    "Now your clip: record it and post it in {space}, or send it to me as a direct message, within"
    " {minutes} minutes."
    " I will take your next video as *{title}*. One to three minutes are plenty."
)
SAVED = "Kept, thank you! The 📗 on your message shows it, and colleagues will find it with `/learn find`."
ASKED_AUTHOR = "I have asked {author}, because the words are theirs. They have a week, and silence means no."
ASKED_ALREADY = "{author} has been asked already and decides. Thank you for pointing at it!"
DECIDED_NO = "{author} was asked before and prefers to leave it where it is."
CANNOT_ASK = "I can't ask {author}, so I leave it where it is. You could ask them yourself to save it."
SAVE_INTRO_OTHERS = (
    "These are {author}'s words, so I will ask them first. What you fill in here is your proposal."
)
SAVE_INTRO_OWN = "It stays where it is; I only remember it, with your name, so that others can find it."

OF_A_BOT = "This was posted by an app. I keep what people found out themselves."
ALREADY_KEPT = "This one is kept already. Look for the 📗 on it, or find it with `/learn find`."
DELETED = "This message is gone, so there is nothing to keep."
AUTHOR_LEFT_OUT = "Its author prefers that I keep nothing of theirs, so I leave it where it is."
AUTHOR_EXTERNAL = (
    "Its author belongs to another organisation, and I never write to people there first. Ask them to"
    " save it themselves."
)
OUTSIDE = (
    "I am not in this conversation, so I know nothing of it and have stored nothing. You can still go"
    " on:\n• to keep"
    " messages of a channel, invite me there with `/invite @Commonplace` and use the shortcut again;\n•"
    " or tell it in"
    " your own words, in a channel that I am in."
)


class Field(StrEnum):
    """The blocks of our forms, as they come back with what was filled in."""

    KIND = "kind"
    TITLE = "title"
    SUBJECTS = "subjects"
    KNOWN_SUBJECTS = "known_subjects"
    CHALLENGE = "challenge"
    SPACE = "space"
    TEXT = "text"
    FILE = "file"
    CLIP = "clip"


OWN = "own"  # the value of the one box beside OWN_CLIP


@dataclass(frozen=True, slots=True)
class Offer:
    """What the forms let people choose from: spaces as (id, name), subjects in use."""

    spaces: Sequence[tuple[str, str]]
    subjects: Sequence[str] = ()
    here: str | None = None
    clip_minutes: int = 30


def share_form(offer: Offer, title: str = "", text: str = "") -> kit.Modal:
    """The form of `/learn share`."""
    told = kit.text_input(
        WHAT_TEXT, Field.TEXT, Field.TEXT, text or None, multiline=True, optional=True, max_length=3000
    )
    return kit.Modal(
        ModalId.SHARE,
        SHARE_TITLE,
        [
            kind_choice("insight"),
            title_field(title),
            told,
            *subject_fields(offer.subjects),
            kit.text_input(WHAT_CHALLENGE, Field.CHALLENGE, Field.CHALLENGE, optional=True, max_length=300),
            space_choice(WHAT_SPACE, offer),
            kit.file_input(WHAT_FILE, Field.FILE, Field.FILE, max_files=1, optional=True),
            _clip_choice(offer.clip_minutes),
        ],
        submit=SHARE,
        close=CANCEL,
    )


def save_form(
    text: str, subjects: Sequence[str], channel: str, ts: str, author: str | None, kind: str = "insight"
) -> kit.Modal:
    """The form of "Save as contribution"; `author` is the name of somebody else whose words these are."""
    intro = SAVE_INTRO_OTHERS.format(author=kit.escape(author)) if author else SAVE_INTRO_OWN
    return kit.Modal(
        ModalId.SAVE,
        SAVE_TITLE,
        [
            kit.section(intro),
            *([kit.section(kit.quote(kit.said(kit.shorten(text, 600))))] if text.strip() else []),
            kind_choice(kind),
            title_field(first_words(text)),
            *subject_fields(subjects),
        ],
        submit=SAVE,
        close=CANCEL,
        private_metadata={"channel": channel, "ts": ts},
    )


def outside_form(form: ModalId, says: str) -> kit.Modal:
    """On a message that is not ours: what we may do instead, if the person wants to."""
    return kit.Modal(form, OUTSIDE_TITLE, [kit.section(says)], submit=GO_ON, close=CANCEL)


def note(says: str, title: str = NOTE_TITLE) -> kit.Modal:
    """A sentence or two to read and close."""
    return kit.Modal("note", title, [kit.section(says)], close=CLOSE)


def done_sharing(kind: str, title: str, channel: str) -> kit.Modal:
    """The thanks after the form, saying where it went."""
    says = SHARED.format(kind=KINDS[kind][0].lower(), title=bold(title), space=f"<#{channel}>")
    return note(says, DONE_TITLE)


def done_offering(title: str, channel: str, minutes: int) -> kit.Modal:
    """The thanks after the form when the clip is still to come."""
    says = CLIP_AWAITED.format(title=bold(title), space=f"<#{channel}>", minutes=minutes)
    blocks = [kit.section(says), kit.context(HOW_TO_RECORD)]
    return kit.Modal("note", DONE_TITLE, blocks, close=CLOSE)


def kind_choice(initial: str) -> kit.Block:
    """Insight, solution or demo."""
    options = [kit.option(name, kind, more) for kind, (name, more) in KINDS.items()]
    return kit.radio(WHAT_KIND, Field.KIND, Field.KIND, options, initial=initial)


def title_field(initial: str) -> kit.Block:
    """One line that says what it is."""
    return kit.text_input(
        WHAT_TITLE, Field.TITLE, Field.TITLE, initial or None, max_length=150, placeholder=TITLE_EXAMPLE
    )


def subject_fields(known: Sequence[str]) -> list[kit.Block]:
    """Subjects to pick and to type."""
    typed = kit.text_input(
        WHAT_SUBJECTS, Field.SUBJECTS, Field.SUBJECTS, optional=True, hint=SUBJECTS_HINT, max_length=300
    )
    if not known:
        return [typed]
    options = [kit.option(subject, subject) for subject in known[:100]]
    name = Field.KNOWN_SUBJECTS
    return [kit.multi_select(PICK_SUBJECTS, name, name, options, most=8, optional=True), typed]


def space_choice(label: str, offer: Offer) -> kit.Block:
    """One of the spaces that the app is in and the person can post to; a menu holds a hundred."""
    spaces = sorted(offer.spaces, key=lambda space: space[0] != offer.here)[:100]
    options = [kit.option(f"#{name}" if name else channel, channel) for channel, name in spaces]
    here = offer.here or (spaces[0][0] if len(spaces) == 1 else None)
    return kit.select(label, Field.SPACE, Field.SPACE, options, initial=here, hint=SPACE_HINT)


def first_words(text: str) -> str:
    """The first line of somebody's message as a title, without the tags."""
    words = [word for word in kit.first_line(kit.plain(text), 400).split() if not word.startswith("#")]
    return one_line(" ".join(words).strip(">*_~` "), 150)


def _clip_choice(minutes: int) -> kit.Block:
    box = kit.option(OWN_CLIP, OWN, OWN_CLIP_MORE.format(minutes=minutes))
    return kit.checkboxes(WHAT_CLIP, Field.CLIP, Field.CLIP, [box])
