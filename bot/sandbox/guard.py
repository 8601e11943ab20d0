"""Who may talk to the sandbox: programs and pages of this machine, and no other web site."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

_LOOPBACK = ("127.0.0.1", "localhost", "::1")


@web.middleware
async def only_from_here(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse a Host that is no loopback name (DNS rebinding), and requests started by another site."""
    if not _is_loopback(f"//{request.headers.get('Host', '')}"):
        return _forbidden("The sandbox answers to 127.0.0.1 and localhost only.")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("Host"):
        return _forbidden("Another web site may not use the sandbox.")
    if (
        request.headers.get("Sec-Fetch-Site") == "cross-site"
        and request.headers.get("Sec-Fetch-Mode") != "navigate"
    ):
        return _forbidden("Another web site may not use the sandbox.")
    return await handler(request)


def _is_loopback(address: str) -> bool:
    try:
        return urlsplit(address).hostname in _LOOPBACK
    except ValueError:
        return False


def is_loopback_url(url: str) -> bool:
    """Whether this is a plain web address of this machine."""
    return url.startswith(("http://", "https://")) and _is_loopback(url)


def _forbidden(text: str) -> web.Response:
    return web.json_response({"ok": False, "error": text}, status=403)
