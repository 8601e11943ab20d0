import pytest
from sqlalchemy import select

from storage.messages import Message
from storage.search import MOST_TERMS, Term, fold, matching_messages, read_term
from storage.session import Database
from storage.spaces import Space
from storage.workspaces import Workspace

TEXTS = {
    "code": "use List.map over the list",
    "accents": "Café-crème for Jürgen",
    "apostrophe": "don’t panic, it's fine",
    "hyphen": "the pre-commit hook",
    "number": "since v1.2.3 or 2019",
    "emoji": "done :tada:",
    "link": "see <https://example.com/guide_book|the guide>",
    "cyrillic": "Привет Жук",
    "japanese": "日本語の学習 もっと",
    "quoted": "“curly” «angled» –dashed–",
}


@pytest.fixture
def texts(database: Database) -> Database:
    """One message for each text, its name being its author."""
    with database.write() as session:
        session.add(Workspace(id="T1"))
        session.flush()
        session.add(Space(workspace="T1", id="C1"))
        session.flush()
        for n, (name, text) in enumerate(TEXTS.items()):
            session.add(
                Message(workspace="T1", channel="C1", ts=f"170000000{n}.000100", author=name, text=text)
            )
        session.commit()
    return database


def found(database: Database, *terms: Term | None) -> set[str | None]:
    """The names of the texts that hold all terms."""
    with database.read() as session:
        matching = matching_messages(session, [term for term in terms if term]).subquery()
        return set(session.scalars(select(Message.author).join(matching, matching.c.id == Message.id)))


@pytest.mark.parametrize(
    ("typed", "names"),
    [
        ("map", {"code"}),
        ("List.map", {"code"}),
        ("list.ma", {"code"}),
        ("map.list", set()),
        ("cafe", {"accents"}),
        ("CAFÉ", {"accents"}),
        ("crème", {"accents"}),
        ("jurgen", {"accents"}),
        ("don't", {"apostrophe"}),
        ("it’s", {"apostrophe"}),
        ("pre-commit", {"hyphen"}),
        ("commit", {"hyphen"}),
        ("v1.2", {"number"}),
        ("2019", {"number"}),
        (":tada:", {"emoji"}),
        ("example.com", {"link"}),
        ("guide_book", {"link"}),
        ("привет", {"cyrillic"}),
        ("жу", {"cyrillic"}),
        ("日本", {"japanese"}),
        ("curly", {"quoted"}),
        ("angled", {"quoted"}),
        ("dashed", {"quoted"}),
    ],
)
def test_both_databases_find_the_same(texts: Database, typed: str, names: set[str]) -> None:
    """Accents, hyphens, apostrophes, code, numbers and other scripts are found alike on SQLite and PostgreSQL."""
    assert found(texts, read_term(typed)) == names


def test_without_spaces_only_the_beginning_is_found(texts: Database) -> None:
    """In Japanese a phrase is found by its beginning, not by its middle: a known limit."""
    assert found(texts, read_term("学習")) == set()


def test_exact_words_do_not_go_on(texts: Database) -> None:
    """A phrase in quotes matches whole words next to each other."""
    assert found(texts, read_term("the list", exact=True)) == {"code"}
    assert found(texts, read_term("the lis", exact=True)) == set()


def test_every_term_must_stand_there(texts: Database) -> None:
    """Several words narrow the search."""
    assert found(texts, read_term("list"), read_term("map")) == {"code"}
    assert found(texts, read_term("list"), read_term("tada")) == set()


def test_many_terms_are_cut(texts: Database) -> None:
    """A very long search looks for its first words only, and finds with these."""
    many = [read_term("list")] * 3 + [read_term(f"l{'i' * n}") for n in range(1, 3)]
    assert found(texts, *many) == set()
    assert found(texts, *[read_term("list")] * (MOST_TERMS * 50)) == {"code"}


def test_the_index_follows_edits(texts: Database) -> None:
    """A changed text is found by its new words only, a deleted row not at all."""
    with texts.write() as session:
        message = session.scalars(select(Message).where(Message.author == "code")).one()
        message.text = "use folds"
        session.commit()
    assert found(texts, read_term("map")) == set()
    assert found(texts, read_term("folds")) == {"code"}


def test_punctuation_is_no_term() -> None:
    """What holds no letter or digit cannot be looked for."""
    assert read_term("!?*: ()\x00_") is None
    assert read_term("It's") == Term(("it", "s"))


def test_folding_keeps_what_is_no_accent() -> None:
    """Latin letters lose their accents; letters of their own right stay."""
    assert fold("Žluť ÉCOLE й ø 한글") == "zlut ecole й ø 한글"
