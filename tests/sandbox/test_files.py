import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.people import Person, Workplace
from tests.sandbox.conftest import SocketApp


async def test_files_upload_v2_shares_a_file(slack: AsyncWebClient, asha: Person, kitchen: str) -> None:
    """The SDK's three steps end in a message with the file."""
    answer = await slack.files_upload_v2(filename="plan.ics", content=b"BEGIN:VCALENDAR", channel=kitchen)
    shown = (await asha.sees("#kitchen"))[-1]
    assert shown["files"][0]["id"] == answer["file"]["id"]
    assert answer["file"]["shares"]["public"][kitchen][0]["ts"] == shown["ts"]


async def test_a_file_without_a_channel_stays_private(slack: AsyncWebClient, sandbox: Sandbox) -> None:
    """Such a file can be shown by slack_file, and files.info finds it; an unfinished one is not there."""
    step = await slack.files_getUploadURLExternal(filename="chart.png", length=3)
    with pytest.raises(SlackApiError, match="file_not_found"):
        await slack.files_info(file=step["file_id"])
    with pytest.raises(SlackApiError, match="file_not_uploaded"):
        await slack.files_completeUploadExternal(files=[{"id": step["file_id"], "title": "Chart"}])
    async with aiohttp.ClientSession() as session:
        async with session.post(step["upload_url"], data=b"four") as response:
            assert response.status == 400
        async with session.post(step["upload_url"], data=b"png") as response:
            assert response.status == 200
    done = await slack.files_completeUploadExternal(files=[{"id": step["file_id"], "title": "Chart"}])
    assert done["files"][0]["id"] == step["file_id"]
    info = await slack.files_info(file=step["file_id"])
    assert info["file"]["shares"] == {"public": {}, "private": {}}
    assert sandbox.world.files[step["file_id"]].title == "Chart"


async def test_a_deleted_file_is_told(
    app: SocketApp, slack: AsyncWebClient, asha: Person, workplace: Workplace
) -> None:
    """file_deleted comes, and the message shows a tombstone."""
    file = await asha.uploads("notes.txt", b"notes")
    post = await asha.posts("#kitchen", "see", files=[file["id"]])
    await workplace.post("delete_file", as_="asha", file=file["id"])
    assert (await app.hears(1, "file_deleted"))[0]["file_id"] == file["id"]
    shown = next(message for message in await asha.sees("#kitchen") if message["ts"] == post.ts)
    assert shown["files"][0]["mode"] == "tombstone"
    with pytest.raises(SlackApiError, match="file_deleted"):
        await slack.files_info(file=file["id"])


@pytest.mark.parametrize("name", ["talk.ics", "pack.md", "Überblick.csv"])
async def test_what_the_app_uploads_can_be_downloaded(
    slack: AsyncWebClient, sandbox: Sandbox, kitchen: str, asha: Person, name: str
) -> None:
    """A file that is no picture comes as a download, with its name and its bytes."""
    await slack.files_upload_v2(filename=name, content="Zeile\r\n", channel=kitchen)
    file = (await asha.sees("#kitchen"))[-1]["files"][0]
    async with (
        aiohttp.ClientSession() as session,
        session.get(sandbox.url + file["sandbox_url"], params={"as": "asha"}) as response,
    ):
        assert response.status == 200
        assert await response.read() == b"Zeile\r\n"
        disposition = response.content_disposition
    assert disposition
    assert (disposition.type, disposition.filename) == ("attachment", name)
