"""The smallest app that a page can be tried with: any command opens a form, which refuses titles that ask."""

import json
from typing import Any, Self

from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

Json = dict[str, Any]


class TinyApp:
    """Answers commands, presses and forms; keeps what it heard in `heard` as (kind, payload)."""

    def __init__(self, api_url: str, token: str) -> None:
        self.client = AsyncWebClient(token, base_url=api_url)
        self.heard: list[tuple[str, Json]] = []
        self.url = ""
        app = web.Application()
        app.router.add_post("/slack/events", self._receive)
        self._runner = web.AppRunner(app)

    async def __aenter__(self) -> Self:
        """Listen on a free port."""
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}/slack/events"
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening."""
        await self._runner.cleanup()

    def heard_of(self, kind: str) -> list[Json]:
        """The payloads of one kind, in order."""
        return [payload for name, payload in self.heard if name == kind]

    async def _receive(self, request: web.Request) -> web.Response:
        if request.content_type == "application/json":
            event: Json = await request.json()
            kind = str(event.get("event", {}).get("type", event.get("type")))
            self.heard.append((kind, event))
            if kind == "app_home_opened" and event["event"]["tab"] == "home":
                await self.publish_home(event["event"]["user"], "Good morning")
            return web.json_response({"challenge": event.get("challenge")})
        form = await request.post()
        payload: Json = json.loads(str(form["payload"])) if "payload" in form else dict(form)
        kind = str(payload.get("type", "command"))
        self.heard.append((kind, payload))
        return await self._answer(kind, payload)

    async def _answer(self, kind: str, payload: Json) -> web.Response:
        if kind == "command" and payload.get("text") == "pages":
            await self.client.views_open(trigger_id=payload["trigger_id"], view=page_of_many(1))
        elif kind == "command":
            await self.client.views_open(trigger_id=payload["trigger_id"], view=FORM)
        if kind == "block_actions" and payload["actions"][0]["action_id"] == "tiny_more":
            number = int(payload["actions"][0]["value"])
            await self.client.views_update(view_id=payload["view"]["id"], view=page_of_many(number))
        if kind == "view_submission":
            title = payload["view"]["state"]["values"]["title"]["text"]["value"]
            if "?" in title:
                return web.json_response({"response_action": "errors", "errors": {"title": COMPLAINT}})
        return web.Response()

    async def publish_home(self, person: str, words: str) -> None:
        """Publish a Home that says `words` above a button."""
        block = {"type": "header", "text": {"type": "plain_text", "text": words}}
        await self.client.views_publish(user_id=person, view={"type": "home", "blocks": [block, CARD[1]]})

    async def post_card(self, channel: str) -> None:
        """Post a card with a button."""
        await self.client.chat_postMessage(channel=channel, text="A card", blocks=CARD)


COMPLAINT = "A title is no question."

FORM: Json = {
    "type": "modal",
    "callback_id": "tiny",
    "title": {"type": "plain_text", "text": "A tiny form"},
    "submit": {"type": "plain_text", "text": "Share"},
    "blocks": [
        {
            "type": "input",
            "block_id": "title",
            "label": {"type": "plain_text", "text": "Title"},
            "element": {"type": "plain_text_input", "action_id": "text"},
        },
        {
            "type": "input",
            "block_id": "kind",
            "label": {"type": "plain_text", "text": "Kind"},
            "element": {
                "type": "static_select",
                "action_id": "choice",
                "options": [
                    {"text": {"type": "plain_text", "text": word}, "value": word}
                    for word in ("Solution", "Insight")
                ],
            },
        },
    ],
}


def page_of_many(number: int) -> Json:
    """A form with more lines than fit, and a button for the next ones at its end."""
    lines = [f"Line {line} of page {number}" for line in range(1, 41)]
    more = {"type": "button", "action_id": "tiny_more", "text": {"type": "plain_text", "text": "More"}}
    return {
        "type": "modal",
        "title": {"type": "plain_text", "text": "Many lines"},
        "blocks": [
            *({"type": "section", "text": {"type": "mrkdwn", "text": line}} for line in lines),
            {"type": "actions", "elements": [more | {"value": str(number + 1)}]},
        ],
    }


CARD: list[Json] = [
    {"type": "section", "block_id": "words", "text": {"type": "mrkdwn", "text": "*A card* with a button"}},
    {
        "type": "actions",
        "block_id": "buttons",
        "elements": [
            {
                "type": "button",
                "action_id": "tiny_yes",
                "text": {"type": "plain_text", "text": "Count me in"},
                "value": "7",
            }
        ],
    },
]
