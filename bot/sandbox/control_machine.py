"""Control API: the clock, faults, and looking on at calls and deliveries."""

from bot.sandbox.advance import Advance
from bot.sandbox.control import Act, Asked
from bot.sandbox.delivery import Deliveries
from bot.sandbox.errors import Refused
from bot.sandbox.faults import KINDS, Faults
from bot.sandbox.model import Json
from bot.sandbox.socket_mode import Sockets
from bot.sandbox.web_api import WebApi

LONGEST_WAIT = 60.0
_REASONS = ("refresh_requested", "warning", "link_disabled")


class Machine:
    """What stands behind the workspace: clock, faults, deliveries, calls."""

    def __init__(
        self, advance: Advance, faults: Faults, deliveries: Deliveries, sockets: Sockets, web_api: WebApi
    ) -> None:
        self.advance = advance
        self.faults = faults
        self.deliveries = deliveries
        self.sockets = sockets
        self.web_api = web_api

    def standing(self) -> Json:
        """What /sandbox/state says about it."""
        return {
            "clock": self.advance.shown(),
            "faults": [rule.as_json() for rule in self.faults.rules],
            "connected": self.deliveries.connected,
        }

    def gets(self) -> dict[str, Act]:
        """GET addresses under /sandbox/."""
        return {
            "clock": self._clock,
            "faults": self._show_faults,
            "calls": self._calls,
            "deliveries": self._deliveries,
        }

    def posts(self) -> dict[str, Act]:
        """POST addresses under /sandbox/."""
        return {
            "clock": lambda asked: self.advance.advance(asked.values),
            "clock/report": lambda asked: self.advance.report(asked.values),
            "faults": self._set_faults,
            "disconnect": self._disconnect,
        }

    async def _clock(self, asked: Asked) -> Json:
        if asked.values.get("after") is None:
            return self.advance.shown()
        try:
            after, wait = int(asked.values["after"]), float(asked.values.get("wait", 25))
        except ValueError:
            raise Refused("'after' and 'wait' must be numbers.") from None
        return await self.advance.wait_for_change(after, min(max(wait, 0.0), LONGEST_WAIT))

    def _show_faults(self, _: Asked) -> Json:
        return {"rules": [rule.as_json() for rule in self.faults.rules], "kinds": list(KINDS)}

    def _set_faults(self, asked: Asked) -> Json:
        rules = asked.values.get("rules")
        if not isinstance(rules, list):
            raise Refused("'rules' must be a list.")
        self.faults.replace(rules)
        asked.world.changes.tell({"type": "faults"})
        return self._show_faults(asked)

    def clear_faults(self, asked: Asked) -> Json:
        """Put no rules in force."""
        self.faults.replace([])
        asked.world.changes.tell({"type": "faults"})
        return {}

    def _calls(self, asked: Asked) -> Json:
        method = asked.given("method")
        try:
            since = int(asked.values.get("since") or 0)
        except ValueError:
            raise Refused("'since' must be a number.") from None
        calls = [
            call for call in self.web_api.calls if call["n"] > since and method in (None, call["method"])
        ]
        return {"calls": calls}

    def _deliveries(self, _: Asked) -> Json:
        deliveries = self.deliveries
        return {
            "in_flight": deliveries.in_flight,
            "delivered": deliveries.delivered,
            "retried": deliveries.retried,
            "dropped": deliveries.dropped,
            "sent": dict(deliveries.sent),
        }

    def _disconnect(self, asked: Asked) -> Json:
        reason = asked.text("reason", "refresh_requested")
        if reason not in _REASONS:
            raise Refused(f"'reason' is one of {', '.join(_REASONS)}.")
        self.sockets.disconnect(reason)
        return {}
