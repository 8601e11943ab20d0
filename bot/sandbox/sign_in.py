"""OAuth: the page on which an admin would allow the app, allowed at once."""

import secrets
from urllib.parse import urlencode

from aiohttp import web

from bot.sandbox.guard import is_loopback_url
from bot.sandbox.world import World


class SignIn:
    """Serves /oauth/v2/authorize."""

    def __init__(self, world: World) -> None:
        self._world = world

    async def authorize(self, request: web.Request) -> web.Response:
        """Send the browser back with a code, to an address of this machine only."""
        query, app = request.query, self._world.app
        redirect = query.get("redirect_uri", "")
        if query.get("client_id") != app.client_id:
            return web.Response(status=400, text="Unknown client_id.")
        if not is_loopback_url(redirect):
            return web.Response(status=400, text="redirect_uri must be an address of this machine.")
        code = secrets.token_hex(16)
        self._world.tickets.codes[code] = redirect
        separator = "&" if "?" in redirect else "?"
        answer = urlencode({"code": code, "state": query.get("state", "")})
        raise web.HTTPFound(f"{redirect}{separator}{answer}")
