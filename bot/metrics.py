"""Counters that an operator watches, served under /metrics."""

from prometheus_client import Counter, Histogram

LETTERS = Counter(
    "commonplace_letters",
    "Letters by what became of an attempt: sent, waiting again, unsure, failed, or an extra copy removed.",
    ["outcome"],
)
FACTS = Counter("commonplace_facts", "Facts heard: recorded, failed or unhandled.", ["outcome"])
UNHANDLED = Counter(
    "commonplace_unhandled", "Requests that nobody hears or that make no sense, by the reason.", ["why"]
)
TRANSACTION_SECONDS = Histogram(
    "commonplace_transaction_seconds",
    "How long a group of facts took to commit.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 5.0),
)


def count_letter(outcome: str) -> None:
    """One more attempt that ended like this: "sent", "waiting", "unsure", "failed" or "doubled"."""
    LETTERS.labels(outcome).inc()


def count_fact(outcome: str) -> None:
    """One more fact that was "recorded", "failed" or "unhandled"."""
    FACTS.labels(outcome).inc()


def count_useless(why: str) -> None:
    """One more request that nobody hears or that makes no sense, with the reason."""
    UNHANDLED.labels(why).inc()
