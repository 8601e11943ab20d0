"""What we count for operators: facts, letters, transactions; never a word or a name."""

from prometheus_client import Counter, Histogram

FACTS = Counter("commonplace_facts_total", "Facts taken in, by what became of them.", ["outcome"])
UNHANDLED = Counter("commonplace_unhandled_total", "Requests that nobody hears or that make no sense.", ["why"])
LETTERS = Counter("commonplace_letters_total", "Letters, by what became of them.", ["outcome"])
TRANSACTION_SECONDS = Histogram("commonplace_transaction_seconds", "How long a group takes to commit.")
