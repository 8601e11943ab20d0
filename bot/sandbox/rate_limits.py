"""Slack's published rate limits: tiers per minute and one post a second per channel, when wanted."""

import time
from collections import deque
from collections.abc import Callable

_TIER_1 = ("apps.connections.open",)
_TIER_2 = (
    "conversations.list",
    "users.conversations",
    "users.list",
    "usergroups.list",
    "usergroups.users.list",
    "conversations.setTopic",
    "conversations.setPurpose",
    "bookmarks.add",
    "bookmarks.edit",
    "bookmarks.list",
    "bookmarks.remove",
    "pins.add",
    "pins.remove",
)
_TIER_4 = (
    "chat.postEphemeral",
    "conversations.members",
    "users.info",
    "users.profile.get",
    "views.open",
    "views.push",
    "views.update",
    "views.publish",
    "files.getUploadURLExternal",
    "files.completeUploadExternal",
    "files.info",
)
_SPECIAL = {"auth.test": 600, "api.test": 600, "chat.getPermalink": 600}
_PER_MINUTE = dict.fromkeys(_TIER_1, 5) | dict.fromkeys(_TIER_2, 20) | dict.fromkeys(_TIER_4, 100) | _SPECIAL
_TIER_3_PER_MINUTE = 50
# "1 message a second per channel, short bursts tolerated": three at once, then one a second.
_BURST = 3
_MINUTE = 60.0


class RateLimits:
    """Counts calls in real time and says how long to wait."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._calls: dict[str, deque[float]] = {}

    def wait(self, method: str, channel: str) -> int:
        """Seconds to wait before this call; 0 when it may go ahead, which counts it."""
        if method == "chat.postMessage":
            return self._take(f"post:{channel}", _BURST, float(_BURST)) or self._take("post", 300, _MINUTE)
        return self._take(method, _PER_MINUTE.get(method, _TIER_3_PER_MINUTE), _MINUTE)

    def _take(self, key: str, most: int, seconds: float) -> int:
        now, calls = self._now(), self._calls.setdefault(key, deque())
        while calls and calls[0] <= now - seconds:
            calls.popleft()
        if len(calls) >= most:
            return max(1, int(calls[0] + seconds - now) + 1)
        calls.append(now)
        return 0
