"""How contributions and nominations look and what they say."""

from collections.abc import Sequence

from bot.blocks import kit
from bot.blocks.typed import one_line, typed
from bot.ids import ActionId

NOMINATED = "{names} thinks this is worth keeping for everyone:"
NOMINATED_BY_SEVERAL = "{names} think this is worth keeping for everyone:"
AND_OTHER = "{name} and another colleague"
AND_OTHERS = "{name} and {count} colleagues"
KEEP_QUESTION = "Shall it go into the library, under your name? You have a week; silence means no."
YES, NO = "Yes, keep it", "No, thanks"
WHY_NOMINATED = "{names} nominated something you wrote"
WAITS = "Something you wrote is nominated: may it be kept?"
SEE_IT = "See it where you wrote it"
GONE = "(the message is no longer there)"

KEPT = "Kept, thank you! Colleagues can find it now with `/learn find`."
DECLINED = "That's fine. It stays where it is and nobody is told."
LAPSED = (
    "A week has passed, so this stays as it is. If you want it kept one day, choose *Save as"
    " contribution* from the"
    " message's menu."
)
TAKEN_BACK = "The nomination was taken back, so there is nothing for you to decide."
MESSAGE_GONE = "You deleted this message, so there is nothing left to decide."
KEPT_ANYWAY = "You marked it yourself meanwhile, and it is kept. Thank you!"


NOT_YOURS = "Only {author} can answer this, because the words are theirs."
OVER = (
    "This question has been settled already. To keep the message, use *Save as contribution* from its menu."
)
NOT_WHILE_LEFT_OUT = (
    "You asked to be left out, so I keep nothing you write. You can change that with `/learn settings`."
)

SHARES = {
    "insight": "{name} shares an insight",
    "solution": "{name} shares a solution",
    "demo": "{name} shares a demo",
}
ANSWERS_CHALLENGE = "Answers the challenge: {challenge}"
SUBJECTS = "About {subjects}"

WAITING_FOR_CLIP = (
    "Ready for your clip *{title}*. Record it and post it in {space}, or send it to me right here,"
    " within {minutes}"
    " minutes: I will take your next video. One to three minutes are plenty."
)
HOW_TO_RECORD = (
    "In Slack, press the camera beside the message field, record yourself or your screen, and send."
)
CLIP_KEPT = "Your clip *{title}* is in {space} and in the library. Thank you!"
CLIP_LAPSED = (
    "Your clip *{title}* has not come within {minutes} minutes, so I stopped waiting. No harm done:"
    " start again with"
    " `/learn share` whenever it suits you. Here is what you wrote:"
)
CLIP_TOO_LARGE = (
    "This clip has {size} MB, and I can pass on 10 at most. Post it in {space} yourself, I am still"
    " waiting for it there."
)
CLIP_TAKEN = "I am passing your clip on to {space}."
CANNOT_POST_THERE = (
    "I can't post in {space} for you any more, so I leave your clip here. `/learn share` starts again"
    " elsewhere."
)
LONG_CLIP = (
    "Thank you for your clip! A small hint for the next one: this one runs {minutes} minutes, and most"
    " people stop"
    " watching at about {most}. One to three minutes work best."
)

NOT_POSTED = (
    "I could not post your contribution *{title}* in {space}: {reason}. Nothing is lost, here is what"
    " you wrote:"
)
FILE_NOT_PASSED_ON = (
    "Your contribution *{title}* is in {space}, but the file did not come along: {reason}. Please add it"
    " yourself."
)
REASONS = {
    "is_archived": "the channel is archived",
    "channel_not_found": "the channel is gone, or I was taken out of it",
    "not_in_channel": "I am not in the channel any more",
    "restricted_action": "only some people may post there",
    "file_too_large": "it is larger than 10 MB",
    "file_not_found": "Slack no longer has it",
    "file_deleted": "Slack no longer has it",
}
SOME_REASON = "Slack refused it ({reason})"


def named(names: Sequence[str]) -> str:
    """Several people as "Mara and 2 colleagues"."""
    first, others = kit.escape(names[0]), len(names) - 1
    if others == 0:
        return first
    return AND_OTHER.format(name=first) if others == 1 else AND_OTHERS.format(name=first, count=others)


def nomination(names: Sequence[str], text: str, link: str, place: str) -> kit.Message:
    """The one question to the author of a nominated message; `place` is what the buttons carry."""
    intro = (NOMINATED if len(names) == 1 else NOMINATED_BY_SEVERAL).format(names=named(names))
    return kit.Message(
        intro,
        [
            kit.section(intro),
            _quoted(text),
            kit.section(f"{KEEP_QUESTION} {kit.link(link, SEE_IT)}"),
            kit.actions(
                f"nomination:{place}",
                kit.button(YES, ActionId.AGREE_TO_NOMINATION, value=place, style="primary"),
                kit.button(NO, ActionId.DECLINE_NOMINATION, value=place),
            ),
            *kit.started_footer(WHY_NOMINATED.format(names=named(names)), "nomination", ActionId.STOP_KIND),
        ],
    )


def settled_nomination(outcome: str, text: str, link: str | None) -> kit.Message:
    """The same card when there is nothing to press any more; `link` leads to the message while it stands."""
    seen = f" {kit.link(link, SEE_IT)}" if link else ""
    blocks = [_quoted(text)] if text.strip() else []
    return kit.Message(outcome, [*blocks, kit.section(outcome + seen)])


def shared(
    name: str, kind: str, title: str, text: str, challenge: str = "", subjects: Sequence[str] = ()
) -> kit.Message:
    """The post in a space that gives somebody's contribution, in the app's name."""
    says = SHARES[kind].format(name=kit.escape(name))
    heading = kit.escape(one_line(title, 150))
    blocks = [kit.section(f"{says}:\n*{heading.replace('*', '∗')}*")]
    if text.strip():
        blocks.append(kit.section(typed(text, 2_900)))
    about = [SUBJECTS.format(subjects=", ".join(map(kit.escape, subjects)))] if subjects else []
    if challenge.strip():
        about.insert(0, ANSWERS_CHALLENGE.format(challenge=typed(challenge, 300)))
    if about:
        blocks.append(kit.context(*about))
    return kit.Message(
        "\n".join([f"{says}: {heading}", *([typed(text, 2_900)] if text.strip() else [])]), blocks
    )


def waiting_for_clip(title: str, space: str, minutes: int) -> kit.Message:
    """The card that says where a clip may come in."""
    says = WAITING_FOR_CLIP.format(title=bold(title), space=space, minutes=minutes)
    return kit.Message(says, [kit.section(says), kit.context(HOW_TO_RECORD)])


def clip_kept(title: str, space: str, link: str | None) -> kit.Message:
    """The same card when the clip has come."""
    says = CLIP_KEPT.format(title=bold(title), space=space)
    return kit.Message(says, [kit.section(f"{says} {kit.link(link, 'See it')}" if link else says)])


def clip_lapsed(title: str, text: str, minutes: int) -> kit.Message:
    """The same card when no clip has come; what was typed is given back."""
    says = CLIP_LAPSED.format(title=bold(title), minutes=minutes)
    return given_back(says, title, text)


def given_back(says: str, title: str, text: str) -> kit.Message:
    """A sentence, and under it what the person had typed."""
    lost = "\n".join(part for part in (f"*{bold(title)}*", typed(text, 2_000)) if part.strip("* "))
    return kit.Message(says, [kit.section(says), *([kit.section(kit.quote(lost))] if lost else [])])


def not_posted(title: str, text: str, space: str, reason: str) -> kit.Message:
    """To the author: Slack refused the post."""
    return given_back(NOT_POSTED.format(title=bold(title), space=space, reason=in_words(reason)), title, text)


def file_not_passed_on(title: str, space: str, reason: str) -> kit.Message:
    """To the author: the post stands, its file does not."""
    says = FILE_NOT_PASSED_ON.format(title=bold(title), space=space, reason=in_words(reason))
    return kit.Message(says, [kit.section(says)])


def long_clip(minutes: int, most: int) -> kit.Message:
    """The kind word on a clip that is longer than people watch."""
    says = LONG_CLIP.format(minutes=minutes, most=most)
    return kit.Message(says, [kit.section(says)])


def sentence(says: str) -> kit.Message:
    """A message of one sentence of ours."""
    return kit.Message(says, [kit.section(says)])


def bold(title: str) -> str:
    """A title to stand between two stars."""
    return kit.escape(one_line(title, 150)).replace("*", "∗")


def in_words(reason: str) -> str:
    """Slack's error code as a reason that people understand."""
    return REASONS.get(reason, SOME_REASON.format(reason=kit.escape(kit.shorten(reason or "?", 60))))


def _quoted(text: str) -> kit.Block:
    return kit.section(kit.quote(kit.said(kit.shorten(text, 600))) if text.strip() else GONE)
