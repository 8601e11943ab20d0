"""Links: our own to a message, a person or a day, and other people's read so that they cannot lie."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from urllib.parse import urlsplit

from bot.blocks.escaping import escape, unescape

_ADDRESS = re.compile(r"[^\s@\\]+@[A-Za-z0-9.-]+")
_LONGEST_HOST = 253
_HOST = re.compile(r"[a-z0-9._:-]{1,253}")
_NO_URL = re.compile(r"[\s\\]")
_USER_ID = re.compile(r"[UWB][A-Z0-9]+")
_DATE_FORMAT = re.compile(r"[^<>|^&]+")

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


@dataclass(frozen=True, slots=True)
class Link:
    """Somebody's link: where it goes, and the words to show ("" = the address itself); both as written."""

    url: str
    shown: str


def parse_link(body: str) -> Link | None:
    """Read the inside of a `<url|label>` token; None when it is no web or mail address we would follow.

    When the label does not say where the link goes, the host (or mail address) is shown after it.
    """
    url, _, label = body.partition("|")
    target = _target(unescape(url))
    if target is None:
        return None
    return Link(url, _honest_label(unescape(url), " ".join(label.split()), target))


def permalink(workspace_url: str, channel: str, ts: str, thread_ts: str | None = None) -> str:
    """The address of a message; `workspace_url` as auth.test gives it, for example https://acme.slack.com/."""
    address = f"{workspace_url.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"
    if thread_ts is None or thread_ts == ts:
        return address
    return f"{address}?thread_ts={thread_ts}&cid={channel}"


def link(url: str, label: str) -> str:
    """Our own link as mrkdwn; the label as plain words (a person's words through `plain`)."""
    words = " ".join(label.split())
    return f"<{escape(url)}|{escape(words)}>" if words else f"<{escape(url)}>"


def mention(person: str) -> str:
    """A live mention, which pings that person: use it only when they should be pinged."""
    if not _USER_ID.fullmatch(person):
        raise ValueError(f"{person!r} is not a Slack user id.")
    return f"<@{person}>"


def date_token(instant: datetime, form: str, fallback: str) -> str:
    """An instant in each reader's own zone, for channels; `form` like "{date_short} {time}"."""
    if not _DATE_FORMAT.fullmatch(form):
        raise ValueError(f"{form!r} is no date format for Slack.")
    seconds = int(_aware(instant).timestamp())
    return f"<!date^{seconds}^{form}|{escape(' '.join(fallback.split()))}>"


def local_day(instant: datetime, zone: tzinfo) -> str:
    """The day in that zone in words, for direct messages: "Tuesday 3 November"."""
    day = _aware(instant).astimezone(zone)
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("A day or time needs an instant with its time zone.")
    return instant.astimezone(UTC)


def _target(url: str) -> str | None:
    """The host of a web address or the address of a mailto, as it should be shown; None for anything else."""
    if _NO_URL.search(url):  # browsers read a backslash as a slash, we would read another host
        return None
    if url[:7].lower() == "mailto:":
        address = url[7:].partition("?")[0]
        return address if _ADDRESS.fullmatch(address) else None
    try:
        parts = urlsplit(url)
        host = _ascii_host(parts.hostname or "")
    except ValueError:
        return None
    return host if parts.scheme in {"http", "https"} and _HOST.fullmatch(host) else None


def _ascii_host(host: str) -> str:
    """Letters that only look like others show as xn--…; raises ValueError for what is no host."""
    if host.isascii() or len(host) > _LONGEST_HOST:
        return host
    return host.encode("idna").decode("ascii")


def _honest_label(url: str, label: str, target: str) -> str:
    """The words to show, in Slack's escaping; "" when the bare address says it all."""
    disguised = "@" in url and url[:7].lower() != "mailto:" and "@" in urlsplit(url).netloc
    if not label:
        return target if disguised or not url.isascii() else ""
    names_itself = not disguised and unescape(label).lower() in _own_names(url)
    says_target = unescape(label).lower() == target.lower() or label.endswith(f"({target})")
    return label if names_itself or says_target else f"{label} ({target})"


def _own_names(url: str) -> set[str]:
    """The ways an address may be written: whole, without its scheme, without its last slash."""
    whole = url.lower()
    if not whole.isascii():
        return set()
    bare = whole.removeprefix("mailto:").removeprefix("https://").removeprefix("http://")
    return {whole, whole.rstrip("/"), bare, bare.rstrip("/")}
