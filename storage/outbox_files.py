"""Files that the app writes itself, as letters."""

from typing import Any

from storage.outbox import Letter


def send_file(
    workspace: str,
    person: str,
    filename: str,
    content: str,
    comment: str,
    *,
    dm: str | None = None,
    **more: Any,
) -> Letter:
    """A text file in somebody's DM, said with `comment`; nothing private may be in it, for the outbox keeps it.

    `more` are fields of the letter.
    """
    payload = {"filename": filename, "content": content, "title": filename, "initial_comment": comment}
    return Letter(workspace, dm or person, payload, method="files.upload", recipient=person, **more)
