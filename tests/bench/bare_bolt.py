"""Bolt with nothing behind it: the measure that recording is compared with."""

import sys

from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

port, api_url, token, secret = int(sys.argv[1]), *sys.argv[2:5]
app = AsyncApp(token=token, signing_secret=secret, client=AsyncWebClient(token=token, base_url=api_url))


@app.event("message")
async def on_message() -> None:
    """Hear and forget."""


app.start(port=port)
