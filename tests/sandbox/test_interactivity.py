from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.people import NotPossible, Person, eventually
from tests.sandbox.conftest import Json, SocketApp, line, modal, plain, section


def button(action_id: str = "go", **details: Any) -> Json:
    """A button in a row of its own."""
    return {
        "type": "actions",
        "elements": [{"type": "button", "action_id": action_id, "text": plain("Go")} | details],
    }


def opens(slack: AsyncWebClient, view: Json) -> Any:
    """An app that answers everything by opening this form."""

    async def answer(request: SocketModeRequest) -> None:
        await slack.views_open(trigger_id=request.payload["trigger_id"], view=view)

    return answer


def answers(body: Any) -> Any:
    """An app that acknowledges with this."""

    async def answer(_: SocketModeRequest) -> Any:
        return body

    return answer


async def test_a_command_is_answered_in_the_acknowledgement(
    app: SocketApp, asha: Person, ada: Person
) -> None:
    """The answer is ephemeral unless it asks for the channel."""
    app.answer = answers({"text": "For you"})
    assert (await asha.types("/learn help", "#kitchen")) == {"response_type": "ephemeral", "text": "For you"}
    assert "For you" not in [message["text"] for message in await ada.sees("#kitchen")]
    app.answer = answers({"text": "For all", "response_type": "in_channel"})
    await asha.types("/learn help", "#kitchen")
    assert "For all" in [message["text"] for message in await ada.sees("#kitchen")]
    with pytest.raises(NotPossible, match="/lern is not a command"):
        await asha.types("/lern help")


async def test_a_trigger_opens_one_form_and_only_once(
    app: SocketApp, asha: Person, slack: AsyncWebClient, sandbox: Sandbox
) -> None:
    """The second use is refused, and so is a late one."""
    app.answer = opens(slack, modal(line()))
    await asha.types("/learn share")
    form = await asha.form()
    assert form["title"]["text"] == "Form"
    used = app.received[0].payload["trigger_id"]
    for trigger, code in ((used, "exchanged_trigger_id"), ("1.2.3", "invalid_trigger_id")):
        with pytest.raises(SlackApiError, match=code):
            await slack.views_open(trigger_id=trigger, view=modal(line()))
    sandbox.world.triggers.seconds = -1.0
    late = sandbox.world.triggers.issue("U0ASHA")
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        await slack.views_open(trigger_id=late, view=modal(line()))


async def test_shortcuts_bring_their_message(app: SocketApp, asha: Person, ada: Person) -> None:
    """message_action carries message and channel, shortcut neither; unknown ones are refused."""
    post = await ada.posts("#kitchen", "worth keeping")
    await asha.uses_shortcut("save_contribution", post)
    await asha.uses_shortcut("share")
    of_message, of_menu = (request.payload for request in app.received[-2:])
    assert (of_message["type"], of_message["message"]["text"]) == ("message_action", "worth keeping")
    assert of_message["channel"]["name"] == "kitchen"
    assert of_menu["type"] == "shortcut"
    assert "channel" not in of_menu
    with pytest.raises(NotPossible):
        await asha.uses_shortcut("share", post)


async def test_a_button_of_a_message(
    app: SocketApp, asha: Person, slack: AsyncWebClient, kitchen: str
) -> None:
    """block_actions has the action with its value, the container, the message and a response_url."""
    posted = await slack.chat_postMessage(channel=kitchen, text="x", blocks=[button(value="42")])
    await asha.presses({"channel": kitchen, "ts": posted["ts"]}, "go")
    payload = app.received[-1].payload
    assert (payload["type"], payload["actions"][0]["value"]) == ("block_actions", "42")
    assert payload["container"]["message_ts"] == posted["ts"]
    assert payload["message"]["user"] == "U0APP"
    async with aiohttp.ClientSession() as session:
        said = {"replace_original": True, "text": "done"}
        async with session.post(payload["response_url"], json=said) as response:
            assert response.status == 200
    assert (await asha.sees("#kitchen"))[-1]["text"] == "done"


async def test_a_response_url_lives_for_five_answers(app: SocketApp, asha: Person) -> None:
    """The sixth is refused; ephemeral answers can be replaced and deleted."""
    await asha.types("/learn help", "#kitchen")
    url = app.received[-1].payload["response_url"]
    async with aiohttp.ClientSession() as session:
        statuses = []
        for number in range(6):
            async with session.post(url, json={"text": f"answer {number}"}) as response:
                statuses.append(response.status)
    assert statuses == [200] * 5 + [404]


async def test_selects_report_what_was_chosen(
    app: SocketApp, asha: Person, slack: AsyncWebClient, kitchen: str
) -> None:
    """The chosen option comes whole, and stays in the state of the message."""
    options = [{"text": plain(name), "value": name} for name in ("git", "sql")]
    menu = {
        "type": "static_select",
        "action_id": "subject",
        "options": options,
        "placeholder": plain("Which?"),
    }
    blocks = [{"type": "section", "block_id": "s", "text": plain("Subject"), "accessory": menu}]
    posted = await slack.chat_postMessage(channel=kitchen, text="x", blocks=blocks)
    await asha.presses({"channel": kitchen, "ts": posted["ts"]}, "subject", "sql")
    payload = app.received[-1].payload
    assert payload["actions"][0]["selected_option"] == options[1]
    assert payload["state"]["values"]["s"]["subject"]["selected_option"]["value"] == "sql"
    with pytest.raises(NotPossible, match="no option"):
        await asha.presses({"channel": kitchen, "ts": posted["ts"]}, "subject", "cobol")


async def test_a_form_is_checked_before_it_is_sent(
    app: SocketApp, asha: Person, slack: AsyncWebClient
) -> None:
    """Required, too short, no number: said by the client, unseen by the app."""
    number = {"type": "number_input", "is_decimal_allowed": False}
    app.answer = opens(
        slack, modal(line(element={"min_length": 3}), line("count", element=number, optional=True))
    )
    await asha.types("/learn share")
    form, before = await asha.form(), len(app.received)
    assert set((await asha.submits(form))["errors"]) == {"title"}
    wrong = {"title": {"line": "ab"}, "count": {"line": "many"}}
    assert set((await asha.submits(form, wrong))["errors"]) == {"title", "count"}
    assert len(app.received) == before


async def test_a_submitted_form_closes_or_shows_errors(
    app: SocketApp, asha: Person, slack: AsyncWebClient
) -> None:
    """Errors keep it open with what was typed, an empty answer closes it."""
    app.answer = opens(slack, modal(line(), callback_id="share", private_metadata="m"))
    await asha.types("/learn share")
    form = await asha.form()
    app.answer = answers({"response_action": "errors", "errors": {"title": "Taken already."}})
    result = await asha.submits(form, {"title": {"line": "Dough"}})
    assert (result["closed"], result["errors"]) == (False, {"title": "Taken already."})
    sent = app.received[-1].payload["view"]
    assert (sent["callback_id"], sent["private_metadata"]) == ("share", "m")
    assert sent["state"]["values"]["title"]["line"] == {"type": "plain_text_input", "value": "Dough"}
    app.answer = None
    assert (await asha.submits(form))["closed"]
    assert await asha.views() == []


async def test_forms_are_pushed_updated_and_cleared(
    app: SocketApp, asha: Person, slack: AsyncWebClient
) -> None:
    """At most three lie on each other; update keeps what was typed; clear closes all."""
    app.answer = opens(slack, modal(line()))
    await asha.types("/learn share")
    for depth in (2, 3):
        app.answer = answers({"response_action": "push", "view": modal(line())})
        await asha.submits(await asha.form(), {"title": {"line": "x"}})
        assert len(await asha.views()) == depth
    with pytest.raises(NotPossible, match="push_limit_reached"):
        await asha.submits(await asha.form(), {"title": {"line": "typed"}})
    app.answer = answers({"response_action": "update", "view": modal(line(), section("new"))})
    await asha.submits(await asha.form())
    assert (await asha.form())["state"]["values"]["title"]["line"]["value"] == "typed"
    app.answer = answers({"response_action": "clear"})
    await asha.submits(await asha.form())
    assert await asha.views() == []


async def test_an_old_hash_is_a_conflict(app: SocketApp, asha: Person, slack: AsyncWebClient) -> None:
    """views.update with the hash of an earlier version is refused, and a closed form is not found."""
    app.answer = opens(slack, modal(line()))
    await asha.types("/learn share")
    form = await asha.form()
    await slack.views_update(view_id=form["id"], hash=form["hash"], view=modal(line()))
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await slack.views_update(view_id=form["id"], hash=form["hash"], view=modal(line()))
    await asha.closes(form)
    with pytest.raises(SlackApiError, match="not_found"):
        await slack.views_update(view_id=form["id"], view=modal(line()))


async def test_closing_is_told_when_asked_for(app: SocketApp, asha: Person, slack: AsyncWebClient) -> None:
    """view_closed comes for notify_on_close, with is_cleared for the ✕."""
    app.answer = opens(slack, modal(line(), notify_on_close=True))
    await asha.types("/learn share")
    app.answer = None
    await asha.closes(await asha.form(), clear=True)

    async def closed() -> list[Json]:
        return [request.payload for request in app.received if request.payload.get("type") == "view_closed"]

    assert (await eventually(closed))[0]["is_cleared"] is True


async def test_external_options_come_from_the_app(
    app: SocketApp, asha: Person, slack: AsyncWebClient
) -> None:
    """block_suggestion carries what was typed; the app's options come back."""
    menu = {"type": "external_select", "action_id": "who", "min_query_length": 0}
    app.answer = opens(
        slack, modal({"type": "input", "block_id": "b", "label": plain("Who"), "element": menu})
    )
    await asha.types("/learn share")
    option = {"text": plain("Git"), "value": "git"}
    app.answer = answers({"options": [option]})
    form = await asha.form()
    assert (await asha.looks_up(form, "who", "gi"))["options"] == [option]
    assert app.received[-1].payload["value"] == "gi"
    app.answer = None
    assert (await asha.submits(form, {"b": {"who": option}}))["closed"]


async def test_home_is_each_persons_own(
    app: SocketApp, asha: Person, ada: Person, slack: AsyncWebClient
) -> None:
    """views.publish shows one person their Home; buttons there report the view."""
    view = {"type": "home", "blocks": [button()]}
    published = await slack.views_publish(user_id="U0ASHA", view=view)
    home = await asha.home()
    assert home
    assert home["id"] == published["view"]["id"]
    assert await ada.home() is None
    await asha.presses(home, "go")
    payload = app.received[-1].payload
    assert (payload["container"]["type"], payload["view"]["type"]) == ("view", "home")
    with pytest.raises(NotPossible, match="somebody else"):
        await ada.presses(home, "go")


async def test_a_file_in_a_form_arrives_as_a_file(
    app: SocketApp, asha: Person, slack: AsyncWebClient
) -> None:
    """file_input takes uploaded files by id and sends Slack's file objects, which the app may download."""
    element = {"type": "file_input", "action_id": "file", "max_files": 1}
    app.answer = opens(
        slack, modal({"type": "input", "block_id": "f", "label": plain("File"), "element": element})
    )
    await asha.types("/learn share")
    file = await asha.uploads("notes.txt", b"what I learned")
    app.answer = None
    await asha.submits(await asha.form(), {"f": {"file": [file["id"]]}})
    sent = app.received[-1].payload["view"]["state"]["values"]["f"]["file"]["files"][0]
    assert (sent["name"], sent["size"]) == ("notes.txt", 14)
    async with aiohttp.ClientSession() as session:
        headers = {"Authorization": f"Bearer {slack.token}"}
        async with session.get(sent["url_private"], headers=headers) as response:
            assert await response.read() == b"what I learned"
        async with session.get(sent["url_private"]) as response:
            assert response.content_type == "text/html"


@pytest.mark.usefixtures("app")
async def test_somebody_is_invited_by_slacks_own_command(asha: Person, ada: Person) -> None:
    """As everybody does it in Slack; whoever cannot be found is said in a sentence, and nothing typed is lost."""
    await ada.creates("attic")
    with pytest.raises(NotPossible, match="Write whom to invite"):
        await ada.types("/invite @nobody-here", "#attic")
    with pytest.raises(NotPossible, match="Open a channel first"):
        await ada.types("/invite @asha")
    assert await ada.types("/invite @asha", "#attic") is None
    assert any("joined" in str(message) for message in await asha.sees("#attic"))
    with pytest.raises(NotPossible):
        await ada.types("/invite @asha", "#attic")
