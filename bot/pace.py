"""How fast we may speak: Slack's published limits, and the rests that it asks for; in real time only."""

from collections import deque
from collections.abc import Callable
from time import monotonic

MINUTE = 60.0
POST = "chat.postMessage"
POSTS_PER_WORKSPACE = 300  # "several hundred a minute"
BURST = 3  # "one a second per channel, short bursts tolerated"
TIER_2, TIER_3, TIER_4 = 20, 50, 100
MOST_CHANNELS = 10_000  # remembered at a time; a channel that was quiet for three seconds needs no memory

# How often a minute, per workspace; tier 3 where nothing is said.
PER_MINUTE = {
    POST: POSTS_PER_WORKSPACE,
    "files.upload": TIER_4,
    "chat.postEphemeral": TIER_4,
    "views.publish": TIER_4,
    "bookmarks.add": TIER_2,
    "bookmarks.edit": TIER_2,
    "bookmarks.remove": TIER_2,
    "pins.add": TIER_2,
    "pins.remove": TIER_2,
}


class Window:
    """At most so many within so many seconds."""

    def __init__(self, most: int, seconds: float) -> None:
        self._most = most
        self._seconds = seconds
        self._taken: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until there is room; 0 when there is."""
        while self._taken and self._taken[0] <= now - self._seconds:
            self._taken.popleft()
        return 0.0 if len(self._taken) < self._most else self._taken[0] + self._seconds - now

    def take(self, now: float) -> None:
        """Use one."""
        self._taken.append(now)


class Pace:
    """What was said lately in each workspace, and what may be said now."""

    def __init__(self, now: Callable[[], float] = monotonic) -> None:
        """`now` gives seconds that never go back."""
        self._now = now
        self._methods: dict[tuple[str, str], Window] = {}
        self._channels: dict[tuple[str, str], Window] = {}
        self._rests: dict[tuple[str, str], float] = {}

    def wait(self, workspace: str, method: str, conversation: str) -> float:
        """Seconds to wait before this call; 0 when it may go now."""
        now = self._now()
        waits = [self._rests.get((workspace, method), now) - now, self._method(workspace, method).wait(now)]
        if method == POST:
            waits.append(self._channel(workspace, conversation).wait(now))
        return max(0.0, *waits)

    def take(self, workspace: str, method: str, conversation: str) -> None:
        """This call goes out now."""
        now = self._now()
        self._method(workspace, method).take(now)
        if method == POST:
            self._channel(workspace, conversation).take(now)
            self._forget_quiet_channels(now)

    def rest(self, workspace: str, method: str, seconds: float) -> None:
        """Slack asked us to leave this method of this workspace alone for a while."""
        until = self._now() + seconds
        self._rests[workspace, method] = max(until, self._rests.get((workspace, method), until))

    def closed(self) -> set[tuple[str, str]]:
        """The pairs of workspace and method for which nothing may go now."""
        now = self._now()
        self._rests = {pair: until for pair, until in self._rests.items() if until > now}
        return {*self._rests, *(pair for pair, window in self._methods.items() if window.wait(now) > 0)}

    def _method(self, workspace: str, method: str) -> Window:
        most = PER_MINUTE.get(method, TIER_3)
        return self._methods.setdefault((workspace, method), Window(most, MINUTE))

    def _channel(self, workspace: str, conversation: str) -> Window:
        return self._channels.setdefault((workspace, conversation), Window(BURST, float(BURST)))

    def _forget_quiet_channels(self, now: float) -> None:
        if len(self._channels) > MOST_CHANNELS:
            self._channels = {
                place: window for place, window in self._channels.items() if window.wait(now) > 0
            }
