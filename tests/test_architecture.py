"""The arrows of the house: who may import whom. Walks the imports, also those inside functions."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FOLDERS = ("storage", "automation", "bot", "sandbox")
WIRING = (
    *("bot/__main__.py", "bot/hands.py"),
    *("bot/worker.py", "bot/execution.py", "bot/rotation.py", "bot/workplace.py", "bot/verdicts.py"),
)


def _files(folder: str) -> list[Path]:
    return sorted((ROOT / folder).rglob("*.py"))


@functools.cache
def _tree(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"))


def _imports(file: Path) -> Iterator[str]:
    """The modules that a file imports, in full: `from storage import runs` is `storage.runs` (and maybe a name)."""
    package = file.relative_to(ROOT).with_suffix("").parts[:-1]
    for node in ast.walk(_tree(file)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield from (f"{module}.{alias.name}" for alias in node.names)


def _name(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def _module(imported: str, modules: Mapping[str, Path]) -> str:
    """The module of ours that an import names or takes a name from; nothing for all others."""
    names = (imported, imported.rpartition(".")[0])
    return next((name for name in names if name in modules), "")


def _of(folder: str, imports: Iterator[str]) -> list[str]:
    return [name for name in imports if name.split(".")[0] == folder]


def _files_that_import(folder: str, *, among: str) -> dict[str, list[str]]:
    found = {str(file.relative_to(ROOT)): _of(folder, _imports(file)) for file in _files(among)}
    return {file: names for file, names in found.items() if names}


@pytest.mark.parametrize("other", ["automation", "bot", "sandbox"])
def test_storage_knows_nobody(other: str) -> None:
    assert _files_that_import(other, among="storage") == {}


@pytest.mark.parametrize("other", ["bot", "sandbox"])
def test_automation_knows_neither_the_bot_nor_the_sandbox(other: str) -> None:
    assert _files_that_import(other, among="automation") == {}


def test_automation_takes_only_the_vocabulary_from_storage() -> None:
    taken = _files_that_import("storage", among="automation")
    assert [name for names in taken.values() for name in names if not name.startswith("storage.models")] == []


def test_only_the_wiring_and_what_works_import_automation() -> None:
    assert set(_files_that_import("automation", among="bot")) <= set(WIRING)


def test_only_what_is_done_with_the_stand_ins_imports_the_sandbox() -> None:
    assert set(_files_that_import("sandbox", among="bot")) <= {"bot/terminal/stand_ins.py"}


@pytest.mark.parametrize("other", ["storage", "automation", "bot"])
def test_the_sandbox_knows_nobody(other: str) -> None:
    assert _files_that_import(other, among="sandbox") == {}


def test_only_the_command_itself_knows_the_terminal() -> None:
    files = [file for file in _files("bot") if file.parent.name != "terminal"]
    found = {str(f.relative_to(ROOT)) for f in files if any(n.startswith("bot.terminal") for n in _imports(f))}
    assert found == {"bot/__main__.py"}


def test_a_browser_is_driven_in_automation_only() -> None:
    for folder in ("storage", "bot", "sandbox"):
        assert _files_that_import("playwright", among=folder) == {}


def test_no_files_import_each_other_in_a_circle() -> None:
    """Not within functions either, and not for types alone."""
    modules = {_name(file): file for folder in FOLDERS for file in _files(folder)}
    uses = {name: {m for i in _imports(file) if (m := _module(i, modules)) != name} for name, file in modules.items()}
    with_nothing_below = {""}
    while free := {name for name, used in uses.items() if used <= with_nothing_below} - with_nothing_below:
        with_nothing_below |= free
    assert set(uses) - with_nothing_below == set()


def test_nothing_but_tests_imports_tests() -> None:
    for folder in FOLDERS:
        assert _files_that_import("tests", among=folder) == {}


def test_every_module_says_what_it_is() -> None:
    silent = [
        str(file.relative_to(ROOT))
        for folder in FOLDERS
        for file in _files(folder)
        if file.stat().st_size and not ast.get_docstring(_tree(file))
    ]
    assert silent == []


def test_there_are_three_broad_excepts_at_most() -> None:
    """One that ends by raising again what came is no such thing."""
    broad = [
        f"{file.relative_to(ROOT)}:{node.lineno}"
        for folder in FOLDERS
        for file in _files(folder)
        for node in ast.walk(_tree(file))
        if isinstance(node, ast.ExceptHandler) and _is_broad(node)
    ]
    assert len(broad) <= 3, broad


def _is_broad(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    passes_on = isinstance(last, ast.Raise) and last.exc is None
    named = isinstance(handler.type, ast.Name) and handler.type.id in ("Exception", "BaseException")
    return (handler.type is None or named) and not passes_on
