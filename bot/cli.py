"""The command line: run, sandbox, check, import, export, stats, replay, programme, roster, db.

Results go to standard output, everything else to standard error. Exit 0 done, 1 failed, 2 wrong usage.
"""

import asyncio
import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from bot.config import Settings, load_settings
from bot.errors import CommandFailed
from bot.logs import set_up_logs
from bot.secrets import key_file

app = typer.Typer(
    name="commonplace",
    help="Commonplace: people learn from each other where they already talk.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
database_commands = typer.Typer(help="Look after the database.", no_args_is_help=True)
app.add_typer(database_commands, name="db")
programme_commands = typer.Typer(help="Programmes as files.", no_args_is_help=True)
app.add_typer(programme_commands, name="programme")
roster_commands = typer.Typer(help="Who is in a programme, as CSV.", no_args_is_help=True)
app.add_typer(roster_commands, name="roster")

NOTHING_THERE = "nothing is there; give the zip that Slack made, or the folder it was unpacked to"

Workspace = Annotated[str | None, typer.Option(help="The workspace's id, T…, where there are several.")]
RosterFile = Annotated[Path, typer.Argument(help="A CSV file with a column “person”.")]
ProgrammeKey = Annotated[str | None, typer.Option(help="The programme's short name, for lines without one.")]
RunName = Annotated[str | None, typer.Option(help="The run's name, where the programme has several.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for programs to read.")]


@app.command()
def run(
    http: Annotated[bool, typer.Option("--http", help="Let Slack call us over HTTP.")] = False,
    socket: Annotated[bool, typer.Option("--socket", help="Connect to Slack by Socket Mode.")] = False,
) -> None:
    """Connect to Slack and work until stopped."""
    if http and socket:
        raise typer.BadParameter("choose one of --http and --socket")
    settings = _settings(require_slack=True)
    transport = settings.transport("http" if http else "socket" if socket else None)
    from bot import process

    process.run(settings, transport)


@app.command()
def sandbox(
    port: Annotated[int, typer.Option(help="Where the page is served.", min=0, max=65535)] = 8765,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page.")] = True,
    database: Annotated[str | None, typer.Option(help="Keep what happens in this database.")] = None,
) -> None:
    """Try everything in a small Slack of our own, in the browser, without an account."""
    from bot import cli_sandbox

    asyncio.run(cli_sandbox.run(port, database, browser=browser))


@app.command()
def check(
    manifest: Annotated[
        Literal["http", "socket"] | None, typer.Option(help="Print this manifest instead.")
    ] = None,
    address: Annotated[str | None, typer.Option(help="The app's public address, https://…")] = None,
) -> None:
    """Test tokens, scopes, database, migrations, key and clock, and say how to mend each."""
    from bot.manifest import EXAMPLE_ADDRESS, as_yaml
    from bot.manifest import manifest as form

    if address and manifest != "http":
        raise typer.BadParameter("--address goes with --manifest http")
    if manifest:
        typer.echo(as_yaml(form(address or EXAMPLE_ADDRESS if manifest == "http" else None)), nl=False)
        return
    from bot import checks

    findings = checks.find_all()
    for finding in findings:
        typer.echo(finding.line())
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


@app.command()
def stats(as_json: AsJson = False) -> None:
    """Count what is stored; counts only, no names and no words."""
    from bot import cli_data

    counts = cli_data.read_counts(_settings())
    if as_json:
        typer.echo(json.dumps(counts, indent=2))
    else:
        cli_data.print_counts(counts)


@app.command("import")
def import_(
    file: Annotated[Path, typer.Argument(help="A Slack export, zip or folder.")],
    workspace: Annotated[
        str | None, typer.Option(help="The workspace's id, T…; else the export tells.")
    ] = None,
    channels: Annotated[str, typer.Option(help="Only these, by name, with commas between them.")] = "",
    as_json: AsJson = False,
) -> None:
    """Take in a Slack export; safe to repeat, and nobody gets a message about it."""
    if not file.exists():
        raise typer.BadParameter(NOTHING_THERE, param_hint=f"'{file}'")
    from bot import cli_data

    names = tuple(name.strip().removeprefix("#") for name in channels.split(",") if name.strip())
    result = cli_data.import_file(_settings(), file, workspace, names or None)
    if as_json:
        typer.echo(json.dumps(result, indent=2))
    else:
        cli_data.print_counts(result)


@app.command()
def export(
    folder: Annotated[Path, typer.Argument(help="A new or empty folder.", file_okay=False)],
    format: Annotated[Literal["csv", "json"], typer.Option("--format", help="One file per table.")] = "csv",  # noqa: A002  # the option's name
) -> None:
    """Write contributions, discussions and counts into files, without private text."""
    from bot import cli_data

    for path in cli_data.export(_settings(), folder, format):
        typer.echo(path)


@app.command()
def replay() -> None:
    """Run again what failed for a reason of ours."""
    from bot import cli_data

    settings = _settings()
    cli_data.open_current(settings).close()
    import bot.replay

    result: Any = bot.replay.replay(settings)
    cli_data.print_counts(cli_data.as_counts(result))
    if result.failing:
        raise typer.Exit(1)


@database_commands.command()
def upgrade() -> None:
    """Bring the database to the tables of this version."""
    from bot import cli_data

    settings = _settings()
    cli_data.upgraded(settings).close()
    typer.echo(f"The database is up to date: {settings.database_shown}")


@database_commands.command()
def backup(
    file: Annotated[
        Path | None, typer.Argument(help="Where to; else beside the database.", dir_okay=False)
    ] = None,
) -> None:
    """Copy the SQLite database, also while the app runs."""
    from bot import cli_data

    settings = _settings()
    original = settings.database_file
    if original is None:
        raise CommandFailed(
            "PostgreSQL is backed up by its own tool: "
            f"pg_dump --format=custom --file=commonplace.dump {settings.database_shown}"
        )
    typer.echo(cli_data.back_up(settings, original, file))
    typer.echo(f"Keep a copy of {key_file(original).name} too, apart from this one.", err=True)


@programme_commands.command("apply")
def apply_programme(
    file: Annotated[Path, typer.Argument(help="A programme as YAML.")],
    workspace: Workspace = None,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Say what would change, change nothing.")
    ] = False,
) -> None:
    """Make a programme as its file says; safe to repeat, and nothing happens before you agree."""
    from bot import cli_programmes

    def confirm(changes: list[str]) -> bool:
        typer.echo("\n".join(changes))
        return not dry_run and (yes or typer.confirm("Apply this?", err=True))

    done = cli_programmes.apply_file(_settings(), file, workspace, confirm)
    if done.changes is None:
        typer.echo(f"{file.name}: everything is so already.")
    elif done.applied:
        typer.echo(f"Applied {file.name}.", err=True)


@programme_commands.command("templates")
def print_templates(
    name: Annotated[str | None, typer.Argument(help="Print this one, to be saved and changed.")] = None,
) -> None:
    """List the templates that come with the app, or print one."""
    from bot.programme_files import template, templates

    if name is not None:
        typer.echo(template(name).text, nl=False)
        return
    for key, one in templates().items():
        typer.echo(f"{key}\t{one.spec.title}: {one.spec.purpose}")


@roster_commands.command("import")
def import_roster(
    file: RosterFile,
    programme: ProgrammeKey = None,
    run: RunName = None,
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Enrol people, and learn who manages whom; all lines or none, safe to repeat."""
    _take_roster(file, workspace, programme, run, completes=False, as_json=as_json)


@roster_commands.command("complete")
def complete_roster(
    file: RosterFile,
    programme: ProgrammeKey = None,
    run: RunName = None,
    workspace: Workspace = None,
    as_json: AsJson = False,
) -> None:
    """Say who has finished a programme; all lines or none, safe to repeat."""
    _take_roster(file, workspace, programme, run, completes=True, as_json=as_json)


def _take_roster(
    file: Path,
    workspace: str | None,
    programme: str | None,
    run: str | None,
    *,
    completes: bool,
    as_json: bool,
) -> None:
    from bot import cli_data, cli_programmes

    done = cli_programmes.take_roster(_settings(), file, workspace, programme, run, completes=completes)
    counts = cli_data.as_counts(done)
    if as_json:
        typer.echo(json.dumps(counts, indent=2))
    else:
        cli_data.print_counts(counts)


def _settings(*, require_slack: bool = False) -> Settings:
    settings = load_settings(require_slack=require_slack)
    set_up_logs(settings.log_level, settings.log_format, settings.secrets)
    return settings
