"""Names that blocks and handlers share: what a button, a form, a command or a shortcut is called."""

from enum import StrEnum


class ActionId(StrEnum):
    """Every button, select and link that we listen to."""

    AGREE_TO_NOMINATION = "agree_to_nomination"
    DECLINE_NOMINATION = "decline_nomination"
    STOP_KIND = "stop_kind"
    FIND_MORE = "find_more"
    FIND_BACK = "find_back"
    READ_BACK = "read_back"
    LEAVE_ME_OUT = "leave_me_out"
    TAKE_ME_IN = "take_me_in"
    ALLOW_KIND = "allow_kind"
    ACCEPT_ROLE = "accept_role"
    DECLINE_ROLE = "decline_role"
    REMOVE_ROLE = "remove_role"
    ADD_ROLE = "add_role"
    OPEN_SHARE = "open_share"
    OPEN_ASK = "open_ask"
    OPEN_FIND = "open_find"
    OPEN_SETTINGS = "open_settings"
    OPEN_HELP = "open_help"
    OPEN_ROLES = "open_roles"
    OPEN_WORKSPACE_SETTINGS = "open_workspace_settings"
    RESET_SETTING = "reset_setting"
    SHOW_STEPS = "show_steps"
    AGREE_TO_MANAGE = "agree_to_manage"
    DECLINE_TO_MANAGE = "decline_to_manage"
    NAME_MANAGER = "name_manager"


class ModalId(StrEnum):
    """Every form that can be submitted or closed."""

    FIND = "find"
    SHARE = "share"
    SHARE_INSTEAD = "share_instead"
    SAVE = "save"
    ASK = "ask"
    ASK_INSTEAD = "ask_instead"
    SETTINGS = "settings"
    WORKSPACE_SETTINGS = "workspace_settings"
    ROLES = "roles"
    ROLE = "role"
    MANAGER = "manager"


class ShortcutId(StrEnum):
    """Every message shortcut and global shortcut."""

    SAVE_CONTRIBUTION = "save_contribution"
    ASK_FOR_ANSWER = "ask_for_answer"
    THIS_ANSWERS = "this_answers"
    SHARE = "share"
    ASK = "ask"


COMMAND = "/learn"
LETTER_EVENT_TYPE = "commonplace_letter"
