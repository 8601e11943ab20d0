"""How contributions and nominations look and what they say."""

from bot.blocks import kit
from bot.ids import ActionId

NOMINATED = "{name} thinks this is worth keeping for everyone:"
KEEP_QUESTION = "Shall it go into the library, under your name? You have a week; silence means no."
YES, NO = "Yes, keep it", "No, thanks"
WHY_NOMINATED = "{name} nominated something you wrote"


def nomination(
    nominator: str, text: str, workspace_url: str, channel: str, ts: str, thread_ts: str | None
) -> kit.Message:
    """The one question to the author of a nominated message."""
    place = f"{channel}:{ts}"
    link = kit.link(kit.permalink(workspace_url, channel, ts, thread_ts), "See it where you wrote it")
    intro = NOMINATED.format(name=kit.escape(nominator))
    return kit.Message(
        intro,
        [
            kit.section(intro),
            kit.section(kit.quote(kit.said(kit.shorten(text, 600)))),
            kit.section(f"{KEEP_QUESTION} {link}"),
            kit.actions(
                f"nomination:{place}",
                kit.button(YES, ActionId.AGREE_TO_NOMINATION, value=place, style="primary"),
                kit.button(NO, ActionId.DECLINE_NOMINATION, value=place),
            ),
            *kit.started_footer(
                WHY_NOMINATED.format(name=kit.escape(nominator)), "nomination", ActionId.STOP_KIND
            ),
        ],
    )
