"""Names that blocks and handlers share: what a button, a form, a command or a shortcut is called."""

from enum import StrEnum


class ActionId(StrEnum):
    """Every button, select and link that we listen to."""

    AGREE_TO_NOMINATION = "agree_to_nomination"
    DECLINE_NOMINATION = "decline_nomination"
    STOP_KIND = "stop_kind"


class ModalId(StrEnum):
    """Every form that can be submitted or closed."""

    SHARE = "share"
    SHARE_INSTEAD = "share_instead"
    SAVE = "save"
    ASK = "ask"
    ASK_INSTEAD = "ask_instead"


class ShortcutId(StrEnum):
    """Every message shortcut and global shortcut."""

    SAVE_CONTRIBUTION = "save_contribution"
    ASK_FOR_ANSWER = "ask_for_answer"
    THIS_ANSWERS = "this_answers"
    SHARE = "share"
    ASK = "ask"


COMMAND = "/learn"
LETTER_EVENT_TYPE = "commonplace_letter"
