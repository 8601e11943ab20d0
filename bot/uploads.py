"""Files that the app posts: what it wrote itself, and what somebody gave in a form, fetched with our token.

The id of the new file is stored before the upload is completed, so that `files.info` can tell afterwards
where it was shared; nothing that anybody sees happens before that.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot import slack_calls
from bot.slack_calls import Done, Never, Outcome, Unsure
from storage.outbox import LetterKind
from storage.outbox_claims import Claimed

MOST_BYTES = 10 * 1024 * 1024
SLACK_HOSTS = ("slack.com", "slack-files.com", "slack-edge.com")
TOO_LARGE = "file_too_large"
UNREADABLE = "the file is empty or cannot be read"
STRANGE_HOST = "the file lies on a strange host"
CHUNK = 64 * 1024
SHARE_SECONDS = (0.2, 0.5, 1.0, 2.0, 4.0)  # between looks for the message of a file

Remember = Callable[[str], Awaitable[None]]


class Unfit(Exception):
    """The file cannot be passed on, now or ever; the argument says why."""


async def upload(client: AsyncWebClient, letter: Claimed, remember: Remember, seconds: float) -> Outcome:
    """Fetch, upload and share a letter's file; `remember` is told the new file's id before it is shared."""
    try:
        async with asyncio.timeout(seconds):
            file_id = await _bring(client, letter)
    except Unfit as unfit:
        return Never(str(unfit))
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        # Nobody has seen anything yet, so doubt means: not sent.
        outcome = slack_calls.judge(error, letter.method, letter.attempt)
        return slack_calls.for_kind(outcome, LetterKind.STATE, letter.attempt)
    await remember(file_id)
    return await _share(client, letter, file_id, seconds)


async def find_share(client: AsyncWebClient, file_id: str, channel: str) -> str | None:
    """The ts of the message that shares this file in the channel; raises SlackApiError."""
    try:
        answer = await client.files_info(file=file_id)
    except SlackApiError as error:
        if error.response.get("error") in ("file_not_found", "file_deleted"):
            return None
        raise
    shares = answer["file"].get("shares") or {}
    for side in shares.values():
        for share in side.get(channel) or ():
            return str(share["ts"])
    return None


async def _bring(client: AsyncWebClient, letter: Claimed) -> str:
    if letter.file_id is not None:
        await _forget(client, letter.file_id)
    name, content = await _content(client, letter)
    place = await client.files_getUploadURLExternal(filename=name, length=len(content))
    await _put(client, str(place["upload_url"]), content)
    return str(place["file_id"])


async def _content(client: AsyncWebClient, letter: Claimed) -> tuple[str, bytes]:
    """The file's name and bytes: written by us, or fetched from what somebody gave."""
    if "content" in letter.payload:
        return letter.payload["filename"], letter.payload["content"].encode()
    source = (await client.files_info(file=letter.payload["source_file"]))["file"]
    return str(source.get("name") or "file"), await _fetch(client, source)


async def _forget(client: AsyncWebClient, file_id: str) -> None:
    """Delete the upload of an earlier attempt: if it is shared late after all, it must not appear twice."""
    try:
        await client.files_delete(file=file_id)
    except SlackApiError as error:
        if error.response.get("error") not in ("file_not_found", "file_deleted"):
            raise


async def fetch(client: AsyncWebClient, file_id: str) -> bytes:
    """The content of a file that somebody gave in a form; raises Unfit, SlackApiError or what the connection raises."""
    return await _fetch(client, (await client.files_info(file=file_id))["file"])


async def _fetch(client: AsyncWebClient, source: Mapping[str, Any]) -> bytes:
    url = str(source.get("url_private_download") or source.get("url_private") or "")
    _check_host(client, url)
    if int(source.get("size") or 0) > MOST_BYTES:
        raise Unfit(TOO_LARGE)
    headers = {"Authorization": f"Bearer {client.token}"}
    async with _session(client).get(url, headers=headers, allow_redirects=False) as answer:
        answer.raise_for_status()
        content = bytearray()
        async for chunk in answer.content.iter_chunked(CHUNK):
            content += chunk
            if len(content) > MOST_BYTES:
                raise Unfit(TOO_LARGE)
    # To whom it does not show a file, Slack shows its sign-in page, with status 200.
    if answer.status != 200 or not content or len(content) != int(source.get("size") or len(content)):  # noqa: PLR2004
        raise Unfit(UNREADABLE)
    return bytes(content)


async def _put(client: AsyncWebClient, url: str, content: bytes) -> None:
    _check_host(client, url)
    async with _session(client).post(url, data=content, allow_redirects=False) as answer:
        answer.raise_for_status()


def _check_host(client: AsyncWebClient, url: str) -> None:
    """Our token goes to Slack's own hosts over TLS only, or to the very server that we talk to."""
    asked, ours = urlsplit(url), urlsplit(client.base_url)
    host = asked.hostname or ""
    if (asked.scheme, asked.netloc) == (ours.scheme, ours.netloc):
        return
    is_slack = any(host == known or host.endswith(f".{known}") for known in SLACK_HOSTS)
    if not (is_slack and asked.scheme == "https" and asked.port in (None, 443)):
        raise Unfit(STRANGE_HOST)


def _session(client: AsyncWebClient) -> aiohttp.ClientSession:
    if client.session is None:
        raise RuntimeError("The client has no session.")
    return client.session


async def _share(client: AsyncWebClient, letter: Claimed, file_id: str, seconds: float) -> Outcome:
    channel = letter.payload.get("channel") or letter.conversation
    completing = client.files_completeUploadExternal(
        files=[{"id": file_id, "title": letter.payload.get("title")}],
        channel_id=channel,
        thread_ts=letter.thread_ts,
        initial_comment=letter.payload.get("initial_comment"),
    )
    try:
        async with asyncio.timeout(seconds):
            await completing
    except Exception as error:  # noqa: BLE001  once the request may have left, any failure is judged
        return slack_calls.judge(error, "files.upload", letter.attempt)
    return await _wait_for_share(client, file_id, channel)


async def _wait_for_share(client: AsyncWebClient, file_id: str, channel: str) -> Outcome:
    """Slack shares a little later than it answers; until it did, nobody knows."""
    with contextlib.suppress(SlackApiError, aiohttp.ClientError, TimeoutError):
        for wait in SHARE_SECONDS:
            ts = await find_share(client, file_id, channel)
            if ts is not None:
                return Done(channel, ts)
            await asyncio.sleep(wait)
    return Unsure("not shared yet")
