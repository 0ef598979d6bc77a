"""``redactor``: the verbs put together, and the one place where errors become exit codes.

Exit codes: 0 released / clean, 1 findings (``scan --fail-on``), 2 usage or policy,
3 partial, 4 withheld or waiting for review, 5 unreadable, 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from redactor.cli import (
    audit,
    eval,
    keys,
    model,
    policy,
    profile,
    recognizers,
    records,
    redact,
    restore,
    review,
    scan,
    vault,
)
from redactor.errors import RedactorError
from redactor.version import __version__

app = typer.Typer(
    name="redactor",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Find personal data, redact it by policy, prove that it is gone, record every decision.",
    epilog="Exit codes: 0 released or clean, 1 findings (scan --fail-on), 2 usage or policy, "
    "3 partial, 4 withheld or waiting for review, 5 unreadable.",
)
app.command("redact")(redact.redact)
app.command("scan")(scan.scan)
app.command("restore")(restore.restore)
app.command("profile")(profile.profile)
app.command("eval")(eval.evaluate)
app.add_typer(policy.app, name="policy", help="Check and show policies.")
app.add_typer(audit.app, name="audit", help="Verify, show and export the audit trail.")
app.add_typer(review.app, name="review", help="List what waits for a person.")
app.add_typer(vault.app, name="vault", help="Look after what can be restored.")
app.add_typer(keys.app, name="keys", help="List and rotate keys.")
app.add_typer(model.app, name="model", help="Train, export and describe the embedded model.")
app.add_typer(records.app, name="records", help="Hash own records to look for their values.")
app.add_typer(recognizers.app, name="recognizers", help="List and compile recognizers.")


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"redactor {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """Options of the program itself."""


def main() -> int:
    """Run the command line; returns the exit status. No traceback without ``-v``."""
    try:
        app(standalone_mode=True)
    except SystemExit as stop:
        return stop.code if isinstance(stop.code, int) else 2
    except RedactorError as error:
        return _fail(str(error), error.exit_code, error)
    except KeyboardInterrupt:
        return _fail("interrupted: nothing half-done was left", 130, None)
    except BrokenPipeError:
        # the reader of our output left; keep Python from complaining at shutdown
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 4
    except Exception as error:  # the last resort: anything else is a fault of ours
        return _fail(
            f"internal error ({type(error).__name__}): nothing was released for the item at hand; "
            "run again with -v and report it",
            4,
            error,
        )
    return 0


def run() -> None:
    """Console-script entry point."""
    raise SystemExit(main())


def _fail(message: str, code: int, error: BaseException | None) -> int:
    print(f"redactor: {message}", file=sys.stderr)
    if error is not None and {"-v", "--verbose"} & set(sys.argv[1:]):
        import traceback

        # frames only: an exception's own text may quote what it choked on
        frames = traceback.format_tb(error.__traceback__)
        print("".join(frames) + type(error).__name__, file=sys.stderr)
    return code


if __name__ == "__main__":
    run()
