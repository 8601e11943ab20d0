from collections.abc import AsyncIterator

import pytest

from bot import uploads
from bot.sandbox.files import file_object
from storage.outbox import pass_file_on, post_to_space
from storage.outbox_files import send_file
from storage.session import Database
from tests.letterbox import Letterbox, open_letterbox

CONTENT = b"print('hello')\n" * 100


@pytest.fixture
async def box(database: Database) -> AsyncIterator[Letterbox]:
    """Everything but a running sender."""
    async with open_letterbox(database) as opened:
        yield opened


def shared(box: Letterbox) -> list[bytes]:
    """The contents of the files that the app posted in the channel."""
    return [
        box.world.files[file].content
        for message in box.said(box.channel)
        for file in message.files
        if not box.world.files[file].deleted
    ]


async def test_a_file_is_passed_on_with_its_words(box: Letterbox) -> None:
    """What a person gave in a form appears in the letter's thread, after what was said before."""
    root = box.somebody_posts(box.channel, "Who has a script for this?")
    source = box.somebody_gives("hello.py", CONTENT)
    await box.put_texts(box.channel, "first")
    await box.put(pass_file_on(box.team, box.channel, source, comment="Asha shared this", thread_ts=root.ts))
    box.sender.start()
    await box.until_idle()
    _, message = box.said(box.channel)
    (row,) = [row for row in box.rows() if row.method == "files.upload"]
    assert (message.text, message.thread_ts) == ("Asha shared this", root.ts)
    assert shared(box) == [CONTENT]
    assert (row.state, row.ts, row.file_id) == ("sent", message.ts, message.files[0])


@pytest.mark.parametrize(
    "method",
    ["files.info", "files.getUploadURLExternal", "files.completeUploadExternal"],
)
@pytest.mark.parametrize("fault", ["429", "500", "close", "500_after", "close_after", "timeout_after"])
async def test_a_file_arrives_exactly_once_whatever_the_fault(
    box: Letterbox, method: str, fault: str
) -> None:
    """Nothing that people see happens before the last step, and that one can be asked about."""
    await box.put(pass_file_on(box.team, box.channel, box.somebody_gives("hello.py", CONTENT)))
    box.fault(method, fault)
    box.sender.start()
    await box.until(lambda: box.states() == ["sent"])
    assert shared(box) == [CONTENT]
    assert len(box.said(box.channel)) == 1


async def test_a_file_above_ten_megabytes_is_refused(box: Letterbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """The letter fails with the reason, and what refers to it."""
    monkeypatch.setattr(uploads, "MOST_BYTES", 100)
    (copy,) = await box.put(pass_file_on(box.team, box.channel, box.somebody_gives("big.bin", CONTENT)))
    await box.put(post_to_space(box.team, box.channel, {"text": "See the file"}, thread_of=copy))
    box.sender.start()
    await box.until(lambda: box.states() == ["failed", "failed"])
    assert box.rows()[0].error == uploads.TOO_LARGE


async def test_a_file_that_is_gone_fails_for_good(box: Letterbox) -> None:
    """Nobody tries for ever to pass on what was deleted."""
    await box.put(pass_file_on(box.team, box.channel, "F0GONE"))
    box.sender.start()
    await box.until(lambda: box.states() == ["failed"])
    assert box.rows()[0].error == "file_not_found"


@pytest.mark.parametrize(
    "url",
    [
        "https://files.slack.com.example.org/x",
        "http://files.slack.com/x",
        "https://files.slack.com:8443/x",
        "http://169.254.169.254/latest/meta-data",
        "http://127.0.0.1:1/x",
        "file:///etc/passwd",
        "",
    ],
)
async def test_our_token_goes_to_slacks_own_hosts_only(box: Letterbox, url: str) -> None:
    """An address that is neither Slack's nor the server we talk to is never asked."""
    client = await box.client_for(box.team)
    with pytest.raises(uploads.Unfit):
        uploads._check_host(client, url)


async def test_slacks_own_hosts_are_asked(box: Letterbox) -> None:
    """Files of Slack itself, and those of the sandbox."""
    client = await box.client_for(box.team)
    source = box.world.files[box.somebody_gives("a.txt", b"a")]
    uploads._check_host(client, "https://files.slack.com/files-pri/T1-F1/a.txt")
    uploads._check_host(client, file_object(box.world, source)["url_private"])


async def test_a_file_that_we_wrote_arrives_in_the_persons_messages(box: Letterbox) -> None:
    """A calendar file needs nobody to have given it, and the first of them opens the conversation."""
    await box.put(send_file(box.team, box.person, "talk.ics", "BEGIN:VCALENDAR\r\n", "For your calendar"))
    box.sender.start()
    await box.until(lambda: box.states() == ["sent"])
    (row,) = box.rows()
    assert row.channel
    (message,) = box.said(row.channel)
    (file,) = message.files
    assert (message.text, box.world.files[file].name) == ("For your calendar", "talk.ics")
    assert box.world.files[file].content == b"BEGIN:VCALENDAR\r\n"
