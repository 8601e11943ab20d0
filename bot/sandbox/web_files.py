"""Serving content: uploads in, files out to the app and to people, pictures of people, the page itself."""

from pathlib import Path
from urllib.parse import quote

from aiohttp import BodyPartReader, web

from bot.sandbox.control import Asked, refusal, sentence
from bot.sandbox.control_state import may_open_file
from bot.sandbox.errors import Refused, SlackError
from bot.sandbox.files import MOST_BYTES, add_file, app_may_read, existing_file, file_object
from bot.sandbox.model import File, Json
from bot.sandbox.world import World

PAGE = Path(__file__).parent / "page"
_SHOWN_INLINE = ("image/png", "image/jpeg", "image/gif", "image/webp", "video/", "audio/")
# What people upload is not ours: it never runs as a page of this origin.
_SAFE = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
    "Cache-Control": "private, max-age=3600",
}
_PAGE_POLICY = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data: blob: https: http:; media-src 'self' blob:; "
        "style-src 'self' 'unsafe-inline'; frame-ancestors 'none'; form-action 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


class WebFiles:
    """Handlers for everything that is not JSON."""

    def __init__(self, world: World, page: Path = PAGE) -> None:
        self._world = world
        self._page = page.resolve()

    async def upload_step_two(self, request: web.Request) -> web.Response:
        """Take the bytes that files.getUploadURLExternal announced."""
        upload = self._world.tickets.uploads.get(request.match_info["ticket"])
        if upload is None:
            return web.Response(status=404, text="not found")
        if request.content_type == "multipart/form-data":
            content = await _first_file(request)
        else:
            content = await request.read()
        if len(content) != upload.length:
            return web.Response(status=400, text="the length is not the one that was announced")
        upload.content = content
        return web.Response(text=f"OK - {len(content)}")

    async def upload_by_person(self, request: web.Request) -> web.Response:
        """POST /sandbox/files: keep what a person uploads until they share it."""
        try:
            fields, name, content = await _read_form(request)
            asked = Asked(self._world, fields)
            duration = int(fields["duration_ms"]) if fields.get("duration_ms") else None
            title = asked.text("title", "")
            file = add_file(self._world, name, content, asked.me.id, title=title, duration_ms=duration)
        except ValueError:
            return refusal("'duration_ms' must be a number.")
        except (Refused, SlackError) as error:
            return refusal(sentence(error))
        shown = file_object(self._world, file) | {"sandbox_url": f"/sandbox/files/{file.id}"}
        return web.json_response({"ok": True, "file": shown})

    async def for_app(self, request: web.Request) -> web.Response:
        """url_private: the content for the app, with its token."""
        app = self._world.app
        if request.headers.get("Authorization") != f"Bearer {app.bot_token}" or app.bot_token in app.revoked:
            # Slack sends people without a token to its sign-in page, as HTML with status 200.
            return web.Response(text="<html><title>Sign in</title></html>", content_type="text/html")
        file = self._world.files.get(request.match_info["file"].rpartition("-")[2])
        if file is None or file.deleted or not app_may_read(self._world, file):
            return web.Response(status=404, text="not found")
        return _content(file)

    async def for_person(self, request: web.Request) -> web.Response:
        """GET /sandbox/files/<id>: the content for somebody who may see it."""
        try:
            file = existing_file(self._world, request.match_info["file"])
            person = Asked(self._world, dict(request.query)).me
        except (Refused, SlackError) as error:
            return refusal(sentence(error))
        if not may_open_file(self._world, file, person):
            return refusal("This file was not shared with you.")
        return _content(file)

    async def avatar(self, request: web.Request) -> web.Response:
        """A round picture with initials."""
        person = self._world.people.get(request.match_info["person"])
        if person is None:
            return web.Response(status=404, text="not found")
        svg = (
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 72 72">'
            f'<rect width="72" height="72" rx="16" fill="{_colour(person.colour)}"/>'
            '<text x="36" y="46" font-family="sans-serif" font-size="28" text-anchor="middle" fill="#fff">'
            f"{_letters(person.initials)}</text></svg>"
        )
        return web.Response(text=svg, content_type="image/svg+xml", headers=_SAFE)

    async def page(self, _: web.Request) -> web.StreamResponse:
        """The page."""
        return self._page_file("index.html")

    async def page_part(self, request: web.Request) -> web.StreamResponse:
        """One of the page's own files; nothing above its folder."""
        return self._page_file(request.match_info["path"])

    def _page_file(self, name: str) -> web.StreamResponse:
        path = (self._page / name).resolve()
        if not path.is_relative_to(self._page) or not path.is_file() or "\x00" in name:
            return web.Response(status=404, text="not found")
        return web.FileResponse(path, headers=_PAGE_POLICY)


def _content(file: File) -> web.Response:
    inline = file.mimetype.startswith(_SHOWN_INLINE)
    safe_name = "".join(
        letter if letter.isascii() and letter.isprintable() and letter != '"' else "_" for letter in file.name
    )
    # The second form is for names outside of ASCII; whoever does not know it takes the first.
    names = f"filename=\"{safe_name}\"; filename*=UTF-8''{quote(file.name, safe='', errors='replace')}"
    headers = _SAFE | {"Content-Disposition": f"{'inline' if inline else 'attachment'}; {names}"}
    return web.Response(body=file.content, content_type=file.mimetype, headers=headers)


def _colour(colour: str) -> str:
    digits = colour.removeprefix("#")
    return f"#{digits}" if len(digits) == 6 and digits.isalnum() else "#4a7c59"  # noqa: PLR2004 - rrggbb


def _letters(initials: str) -> str:
    return "".join(f"&#{ord(letter)};" for letter in initials)


async def _first_file(request: web.Request) -> bytes:
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader):
            return await _read_part(part)
    return b""


async def _read_form(request: web.Request) -> tuple[Json, str, bytes]:
    if request.content_type != "multipart/form-data":
        raise Refused("Please send a multipart form with 'as' and 'file'.")
    fields: Json = {}
    name, content = "", None
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader):
            continue
        if part.name == "file":
            name, content = part.filename or "file", await _read_part(part)
        elif part.name:
            fields[part.name] = (await _read_part(part)).decode(errors="replace")
    if content is None:
        raise Refused("Please add a 'file'.")
    return fields, name, content


async def _read_part(part: BodyPartReader) -> bytes:
    content = bytearray()
    while chunk := await part.read_chunk():
        content += chunk
        if len(content) > MOST_BYTES:
            raise SlackError("file_too_large")
    return bytes(content)
