"""`python -m bot …`, also installed as `commonplace`: one command, and one sentence when it fails."""

import os
import sys
from collections.abc import Sequence

import structlog
import typer

from bot.cli import app
from bot.logs import set_up_logs

FAILED = 1
WRONG_USAGE = 2
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command of these arguments (default: those of the process) and leave with its exit code."""
    sys.exit(_run(list(sys.argv[1:] if arguments is None else arguments)))


def _run(arguments: list[str]) -> int:
    set_up_logs("DEBUG" if os.environ.get("LOG_LEVEL", "").upper() == "DEBUG" else "WARNING")
    try:
        return int(typer.main.get_command(app).main(arguments, "python -m bot", standalone_mode=False) or 0)
    except typer.Exit as leave:
        return leave.exit_code
    except (typer.Abort, KeyboardInterrupt):
        return INTERRUPTED
    except typer.TyperException as error:
        if words := _usage(error):
            _say(words)
        return WRONG_USAGE
    except Exception as error:  # noqa: BLE001  # the last place: the operator gets a sentence, the log the traceback
        from bot.complaints import sentence_for

        structlog.get_logger(__name__).debug("command failed", exc_info=error)
        _say(sentence_for(error))
        return FAILED


def _usage(error: typer.TyperException) -> str:
    words = " ".join(str(getattr(error, "format_message", error.__str__)()).split())
    words = words.replace("Value error, ", "")  # the checker's own name for itself
    return f"{words.rstrip('.')}: see python -m bot --help." if words else ""


def _say(sentence: str) -> None:
    for line in sentence.splitlines():  # several mistakes, each on a line of its own
        print(" ".join(line.split()), file=sys.stderr)  # noqa: T201  # a command line speaks


if __name__ == "__main__":
    main()
