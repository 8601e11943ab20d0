"""The direction of imports, and the other promises that code makes about itself."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("bot", "handlers", "storage", "schedules")


# Rules that write to somebody without asking the budget: each answers what that person just did.
ANSWERS = {
    "cards": "the words that others use",
    "clips": "the clip that the person posted or promised",
    "contributions": "their contribution could not be posted",
    "direct": "what they wrote to the app",
    "journal": "what they wrote was saved",
    "journal_choice": "which of several questions did they answer?",
    "questions": "their question could not be posted",
    "welcome": "they installed the app",
}


def sources() -> list[Path]:
    """Every file of ours."""
    return [
        path
        for folder in FOLDERS
        for path in sorted((ROOT / folder).rglob("*.py"))
        if "versions" not in path.parts  # migrations are written once and are as long as they are
    ]


def test_imports_point_one_way() -> None:
    """The contracts in pyproject.toml hold."""
    done = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-logo", "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_every_module_has_its_place() -> None:
    """Whoever adds a module says in pyproject.toml where it stands."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    placed = set(re.findall(r"[\w.]+", " ".join(contracts[0]["layers"])))
    modules = {
        f"bot.{path.stem}"
        for path in (ROOT / "bot").iterdir()
        if path.suffix == ".py" or (path.is_dir() and any(path.glob("*.py")))
    }
    assert modules - placed - {"bot.__init__", "bot.__pycache__", "bot.sandbox"} == set()


def test_sandbox_knows_nothing_of_ours_but_the_clock() -> None:
    """The sandbox cannot cheat: whatever it knows of the app came over HTTP or a WebSocket."""
    graph = grimp.build_graph(*FOLDERS, cache_dir=None)
    inside = graph.find_descendants("bot.sandbox") | {"bot.sandbox"}
    known = {imported for module in inside for imported in graph.find_modules_directly_imported_by(module)}
    assert known - inside <= {"bot.clock"}


@pytest.mark.parametrize("name", ["bot", "bot.rules"])
def test_importing_a_package_starts_nothing(name: str) -> None:
    """A rule can be imported without a framework, a database or an event loop being loaded."""
    heavy = {"slack_bolt", "aiohttp", "apscheduler", "sqlalchemy"}
    code = f"import sys, {name}; print(sorted({heavy} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("path", sources(), ids=lambda path: str(path.relative_to(ROOT)))
def test_file_keeps_the_house_rules(path: Path) -> None:
    """A file says in its first line what it is for, no function is over 50 lines, no error vanishes."""
    tree = ast.parse(path.read_text("utf-8"))
    assert ast.get_docstring(tree) or not tree.body
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 50, f"{node.name} is long"
        if isinstance(node, ast.ExceptHandler):
            assert not (len(node.body) == 1 and isinstance(node.body[0], ast.Pass)), "an error vanishes"


def test_who_starts_a_message_asks_the_budget() -> None:
    """A rule that writes to somebody passes the budget, or stands above with what it answers."""
    writers = {
        path.stem: names & {"wish", "request", "spend", "settle"}
        for path in (ROOT / "bot" / "rules").glob("*.py")
        if (names := _names(path)) & {"tell", "letter_to", "post_to_person"}
    }
    assert {name for name, asks in writers.items() if not asks} == ANSWERS.keys()


def _names(path: Path) -> set[str]:
    used = ast.walk(ast.parse(path.read_text("utf-8")))
    return {
        node.id if isinstance(node, ast.Name) else node.attr
        for node in used
        if isinstance(node, ast.Name | ast.Attribute)
    }
