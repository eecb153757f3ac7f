"""How every command behaves: its help is plain text, and what goes wrong in it becomes words and an exit status.

The one place where exceptions become words. Light to import: `onespot --help` passes here.
"""

from __future__ import annotations

import functools
import os
import sys
import traceback
from collections.abc import Callable
from typing import Any

import typer

from bot.problems import Exit, SettingsProblem, problem_json

HELP = {"help_option_names": ["-h", "--help"]}


def group(**words: Any) -> typer.Typer:
    """A Typer application as ours all are."""
    return typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings=HELP,
        **words,
    )


def in_words(command: Callable[..., int | None]) -> Callable[..., None]:
    """The command, which ends with its exit status and raises nothing else. `as_json` among its options is heeded."""

    @functools.wraps(command)
    def worded(*args: Any, **given: Any) -> None:
        try:
            status = command(*args, **given) or 0
        except SettingsProblem as problem:
            status = _usage(str(problem), as_json=bool(given.get("as_json")))
        except (KeyboardInterrupt, typer.Abort):
            sys.stderr.write("\nStopped.\n")
            status = 1
        except typer.Exit:
            raise
        except Exception as error:  # noqa: BLE001  (the last resort: nobody reads a traceback who didn't ask for it)
            status = _unexpected(error, as_json=bool(given.get("as_json")))
        raise typer.Exit(int(status))

    return worded


def _usage(sentence: str, *, as_json: bool) -> int:
    if as_json:
        _line(problem_json("USAGE", sentence))
    sys.stderr.write(f"onespot: {sentence}\n")
    return Exit.USAGE


def _unexpected(error: Exception, *, as_json: bool) -> int:
    """Words for a defect. The error's own text may quote anything, so it is shown only where somebody debugs."""
    if os.environ.get("ONESPOT_DEBUG") == "1":
        traceback.print_exception(error)
    what = f"Something unexpected happened ({type(error).__name__})."
    if as_json:
        _line(problem_json("TRANSIENT", what))
    sys.stderr.write(
        f"What happened: {what}\n"
        "What it means: this is a defect of the program; what was done so far is kept.\n"
        "What to do: try again (provision: with --resume); to report it, run it with ONESPOT_DEBUG=1.\n"
    )
    return Exit.FAILED


def _line(values: dict[str, Any]) -> None:
    from bot.terminal.screen import write_line

    write_line(sys.stdout, values)
