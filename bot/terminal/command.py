"""The `onespot` command's own frame: its groups, and what the options of its commands mean.

The commands are in accounts.py (those that visit an EHR), upkeep.py (those on what is kept) and `bot/__main__.py`
(those that need more than the bot itself).
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from bot.problems import PASSWORD
from bot.terminal.behaviour import group

app = group(name="onespot", help="Creates the OneSpot employee account in RevolutionEHR, and keeps it working.")


class RunOrCommand(TyperGroup):
    """`onespot evidence 12` is `onespot evidence make 12`."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["make", *args]
        return super().parse_args(ctx, args)


credentials_app, keys_app, db_app, words_app = group(), group(), group(), group()
evidence_app = group(cls=RunOrCommand)
app.add_typer(credentials_app, name="credentials", help="The passwords in the vault.")
app.add_typer(keys_app, name="keys", help="The keys that seal the passwords.")
app.add_typer(db_app, name="db", help="The database.")
app.add_typer(words_app, name="words", help="What a site calls the guide's things.")
app.add_typer(evidence_app, name="evidence", help="Signed evidence of a run, to make and to verify.")

PracticeName = Annotated[str, typer.Argument(metavar="PRACTICE", help="The practice's name.")]
Url = Annotated[str | None, typer.Option(metavar="URL", help="RevolutionEHR's address. [kept, else REVOLUTIONEHR_URL]")]
Admin = Annotated[str, typer.Option(metavar="USERNAME", help=f"The administrator. The password: {PASSWORD}, or asked.")]
Location = Annotated[str | None, typer.Option(metavar="NAME", help="The primary location. [the first listed]")]
Policy = Annotated[str | None, typer.Option(metavar="TEXT", help='What passwords must look like: "12-16 no _".')]
Adopt = Annotated[bool, typer.Option("--adopt", help="Take over an employee of our user name that isn't known here.")]
Resume = Annotated[bool, typer.Option("--resume", help="Go on with the practice's unfinished run.")]
Yes = Annotated[bool, typer.Option("--yes", help="Don't ask after the plan.")]
Json = Annotated[bool, typer.Option("--json", help="Print one JSON object a line.")]
WordsFile = Annotated[
    Path | None, typer.Option("--words", metavar="FILE", help="What the site calls things. [ONESPOT_EHR_WORDS]")
]
Force = Annotated[bool, typer.Option("--force", help="Replace the file if there is one.")]
