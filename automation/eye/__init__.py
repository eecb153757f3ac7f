"""What looks at a page from within: the scripts that run in it, each in a file of its own. Nothing is run from here."""

from __future__ import annotations

from pathlib import Path

PARTS = (
    *("tree", "windows", "places", "kinds", "pictures", "controls"),
    *("checks", "names", "fields", "texts", "icons", "messages"),
)
"""What `look.js` puts together, in the order of who needs whom: each is handed what the parts before it found."""


def look() -> str:
    """The function that says what a person sees in a frame; `automation.sight` makes values of it."""
    parts = ",\n".join(map(script, PARTS))
    return f"(() => {{ const PARTS = [{parts}];\nreturn ({script('look')}); }})()"


def script(name: str) -> str:
    """The text of one file: a function."""
    return (Path(__file__).parent / f"{name}.js").read_text()
