"""What Slack's error codes mean for a letter: it is done already, it will never go, or nobody knows."""

# The message may have been posted all the same.
UNSURE = {"internal_error", "fatal_error", "request_timeout"}

THROTTLED = {"ratelimited", "rate_limited"}

# These pass when somebody mends the token or Slack recovers, however long that takes.
PASSING = {
    "accesslimited",
    "invalid_auth",
    "message_limit_exceeded",
    "not_authed",
    "org_login_required",
    "service_unavailable",
    "team_added_to_org",
    "token_expired",
}

# No later attempt will fare better.
NEVER = {
    # the place
    "channel_not_found",
    "not_in_channel",
    "is_archived",
    "restricted_action",
    "restricted_action_non_threadable_channel",
    "restricted_action_read_only_channel",
    "restricted_action_thread_locked",
    "restricted_action_thread_only_channel",
    "messages_tab_disabled",
    "method_not_supported_for_channel_type",
    "cannot_reply_to_message",
    "thread_not_found",
    "is_inactive",
    "ekm_access_denied",
    "team_access_not_granted",
    "not_allowed_token_type",
    "missing_scope",
    "no_permission",
    "permission_denied",
    "not_enabled",
    "access_denied",
    # the person
    "user_not_found",
    "users_not_found",
    "user_disabled",
    "user_not_visible",
    "user_not_in_channel",
    "invalid_user_combination",
    "cannot_dm_bot",
    "account_inactive",
    "token_revoked",
    # the letter
    "invalid_arguments",
    "invalid_arg_name",
    "invalid_array_arg",
    "invalid_blocks",
    "invalid_blocks_format",
    "invalid_metadata_format",
    "invalid_metadata_schema",
    "metadata_too_large",
    "metadata_must_be_sent_from_app",
    "msg_blocks_too_long",
    "msg_too_long",
    "no_text",
    "too_many_attachments",
    "view_too_large",
    "invalid_view",
    "invalid_name",
    "unknown_method",
    # what it is about
    "bad_timestamp",
    "block_mismatch",
    "cant_delete_message",
    "cant_update_message",
    "compliance_exports_prevent_deletion",
    "edit_window_closed",
    "message_not_found",
    "not_pinnable",
    "too_many_bookmarks",
    "too_many_emoji",
    "too_many_pins",
    "too_many_reactions",
    # its file
    "file_deleted",
    "file_not_found",
    "file_too_large",
    "invalid_channel",
}

# The state that was asked for is there, or what it belonged to is gone: nothing is left to do.
DONE = {
    "reactions.add": {"already_reacted", "message_not_found", "thread_locked"},
    "reactions.remove": {"no_reaction", "message_not_found"},
    "pins.add": {"already_pinned"},
    "pins.remove": {"no_pin", "not_pinned", "message_not_found"},
    "bookmarks.remove": {"not_found"},
    "chat.delete": {"message_not_found"},
}
