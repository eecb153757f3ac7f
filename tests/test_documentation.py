"""README.md and docs/*.md against the code: commands are run, and what is named has to be there.

A block marked `sh`, or not at all, is a terminal's. It is run in a folder of its own, with a database that knows the
practice "Lumen Eye", unless a comment before it says otherwise (a reader doesn't see it):

- `<!-- not run: why -->`: its commands and options exist, that is all;
- `<!-- later: why -->`: the same, once its command is there;
- `<!-- until Ctrl-C -->`: it serves something, and is stopped when it says so;
- `<!-- may end with 1: why -->`, `<!-- answers: what -->`: as it says; answers are empty lines in any case;
- `<!-- with the stand-in EHR -->`: that is started first (`: all`: with ONESPOT_ALL_STEPS=1 only).
"""

from __future__ import annotations

import ast
import functools
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from pydantic import SecretStr
from typer.main import get_command

from bot.__main__ import app
from bot.checks.messages import DRIFTS, MEANS
from bot.house import SECRETS
from bot.keys import find_keys
from bot.problems import Exit
from bot.settings import Settings
from bot.terminal.command import RunOrCommand
from bot.terminal.init import MANIFEST, app_link
from sandbox.ehr import SandboxEhr
from storage import practices
from storage.database import connect, upgrade
from storage.models import (
    MOVES,
    CheckOutcome,
    Credential,
    DriftGrade,
    ErrorClass,
    Purpose,
    RunStatus,
    utcnow,
)
from storage.vault import Vault
from tests.onespot import EVERYTHING

ROOT = Path(__file__).parent.parent
HAND_WRITTEN = [ROOT / "README.md", *sorted(p for p in (ROOT / "docs").glob("*.md") if p.name != "scorecard.md")]
FILES = [*HAND_WRITTEN, ROOT / "docs" / "scorecard.md", ROOT / "CHANGELOG.md", ROOT / "DECISIONS.md"]
CODE = ("automation", "bench", "bot", "docs", "sandbox", "storage", "tests")
OURS = ("onespot", ".venv/bin/onespot")
PORT = "127.0.0.1:8080"
TIME_LIMIT = 280

_BLOCK = re.compile(r"(?:^<!-- (?P<mark>[^>]*?) -->\n)?^```(?P<kind>\w*)\n(?P<text>.*?)^```$", re.M | re.S)
_COMMENT = re.compile(r"(^|\s)#\s.*$", re.M)


class Block(NamedTuple):
    """A block of a terminal's lines."""

    file: Path
    line: int
    mark: str
    text: str

    def __str__(self) -> str:
        return f"{self.file.name}:{self.line}"


def _blocks() -> Iterator[Block]:
    for file in HAND_WRITTEN:
        words = file.read_text(encoding="utf-8")
        for match in _BLOCK.finditer(words):
            if match["kind"] in ("", "sh"):
                yield Block(file, words[: match.start()].count("\n") + 1, match["mark"] or "", match["text"])


BLOCKS = list(_blocks())


def _marked(*marks: str) -> list[Block]:
    return [block for block in BLOCKS if block.mark.split(":")[0] in marks]


# --- the commands are there


def _problem(words: Sequence[str]) -> str | None:
    """What is wrong with this command line, whose first word is `onespot`; None when all of it exists."""
    command: Any = get_command(app)
    rest = list(words[1:])
    while hasattr(command, "commands") and rest and not rest[0].startswith("-"):
        name = rest.pop(0)
        if isinstance(command, RunOrCommand) and name.isdecimal():
            name = "make"
        if name not in command.commands:
            return f"there is no command {name}"
        command = command.commands[name]
    known = {option for one in command.params for option in one.opts} | {"--help", "-h"}
    lacking = [word for word in rest if word.startswith("-") and word.split("=")[0] not in known]
    return f"{command.name} has no {lacking[0]}" if lacking else None


def _onespot_lines(block: Block) -> list[list[str]]:
    """Each of its command lines that is ours, without what is a comment."""
    found = []
    for line in _COMMENT.sub("", block.text).splitlines():
        words = shlex.split(line)
        while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
            words.pop(0)
        if words and words[0] in OURS:
            found.append(words)
    return found


@pytest.mark.parametrize("block", BLOCKS, ids=str)
def test_every_command_and_option_of_a_block_exists(block: Block) -> None:
    for words in _onespot_lines(block):
        problem = _problem(words)
        assert problem is None or (block.mark.startswith("later") and "no command" in problem), (words, problem)


def _inline(file: Path) -> list[str]:
    """What stands between backticks in running text."""
    return re.findall(r"`([^`\n]+)`", _BLOCK.sub("", file.read_text(encoding="utf-8")))


def _inline_commands() -> list[tuple[Path, str]]:
    return [(file, code) for file in HAND_WRITTEN for code in _inline(file) if code.split()[0] in ("onespot", "make")]


def test_every_command_in_running_text_exists() -> None:
    targets = set(re.findall(r"^([\w./-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    for file, code in _inline_commands():
        words = code.replace("…", "x").split()
        if words[0] == "make":
            assert set(words[1:2]) <= targets, (file.name, code)
        else:
            assert _problem(words) is None, (file.name, code, _problem(words))


def test_every_target_in_a_block_exists() -> None:
    targets = set(re.findall(r"^([\w./-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M))
    named = {match for block in BLOCKS for match in re.findall(r"^make (\S+)", block.text, re.M)}
    assert named
    assert named <= targets


def test_every_reason_is_one_that_is_known() -> None:
    known = ("", "not run", "later", "until Ctrl-C", "may end with 1", "answers", "with the stand-in EHR")
    assert [str(block) for block in BLOCKS if block.mark.split(":")[0] not in known] == []


# --- the commands are run


def _environment(folder: Path) -> dict[str, str]:
    """Ours is the first `onespot` that is found; nothing listens where it looks, and the browser is none."""
    hidden = {*SECRETS, *(name.upper() for name in Settings.model_fields), "ONESPOT_DEBUG"} - {"BROWSER"}
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    (folder / "tmp").mkdir(exist_ok=True)
    return {
        **kept,
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "REVOLUTIONEHR_URL": "http://127.0.0.1:9/",
        "SLACK_API_URL": "http://127.0.0.1:9/",
        "TMPDIR": str(folder / "tmp"),
        "COLUMNS": "80",
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder as somebody has it who uses the program: a practice with a proved password."""
    settings = Settings(_env_file=None, database_url=SecretStr(f"sqlite:///{tmp_path}/onespot.db"), onespot_keys=None)  # type: ignore[call-arg]
    engine = connect(settings.database_url.get_secret_value())
    upgrade(engine)
    practice = practices.save(engine, "Lumen Eye", "http://127.0.0.1:9/", now=utcnow())
    vault = Vault(engine, find_keys(settings, engine))
    vault.keep(practice.id, Purpose.FINAL, Credential("OneSpot2915", SecretStr("invented")), now=utcnow())
    vault.prove(practice.id, now=utcnow())
    engine.dispose()
    return tmp_path


def _run(block: Block, folder: Path, text: str | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["sh", "-e", "-c", text or block.text],
        cwd=folder,
        env={**_environment(folder), **environment},
        input="\n" * 30,
        capture_output=True,
        text=True,
        timeout=TIME_LIMIT,
        check=False,
    )


@pytest.mark.parametrize("block", _marked("", "may end with 1", "answers"), ids=str)
def test_a_block_of_commands_runs(block: Block, folder: Path) -> None:
    done = _run(block, folder, BROWSER=sys.executable)
    fine = (0, 1) if block.mark.startswith("may end with 1") else (0,)
    assert done.returncode in fine, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    assert "Something unexpected" not in done.stderr


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@pytest.mark.parametrize("block", _marked("until Ctrl-C"), ids=str)
def test_a_block_that_serves_something_does_until_it_is_stopped(block: Block, folder: Path) -> None:
    (words,) = _onespot_lines(block)
    if "--port" in words:
        words[words.index("--port") + 1] = str(_free_port())
    program = [sys.executable, "-m", "bot", *words[1:]]
    environment = {**_environment(folder), "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(program, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as serving:
        assert serving.stdout is not None
        said = ""
        for line in serving.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        serving.send_signal(signal.SIGINT)
        assert serving.wait(30) == 0, said
    assert "http://127.0.0.1:" in said


def _with_ehr() -> list[object]:
    skip = pytest.mark.skipif(EVERYTHING not in os.environ, reason=f"{EVERYTHING}=1")
    return [pytest.param(b, marks=skip if b.mark.endswith("all") else ()) for b in _marked("with the stand-in EHR")]


@pytest.mark.browser
@pytest.mark.parametrize("block", _with_ehr(), ids=str)
def test_a_block_with_the_stand_in_ehr_runs(block: Block, tmp_path: Path) -> None:
    with SandboxEhr("legacy") as ehr:
        here = ehr.url.split("/")[2]
        done = _run(block, tmp_path, block.text.replace(PORT, here))
    assert PORT in block.text
    assert done.returncode == 0, done.stdout + done.stderr


# --- links and pictures


def _slugs(file: Path) -> set[str]:
    """The anchors of its headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", _BLOCK.sub("", file.read_text(encoding="utf-8")), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.name)
def test_links_lead_to_files_headings_and_pictures_that_are_there(file: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", file.read_text(encoding="utf-8")):
        if target.startswith("https://"):
            continue
        path, _, anchor = target.partition("#")
        led = (file.parent / path).resolve() if path else file
        assert led.exists(), target
        assert not anchor or anchor in _slugs(led), target


def test_the_link_to_slack_holds_the_manifest() -> None:
    (link,) = re.findall(r"\]\((https://api\.slack\.com/apps\?[^)]+)\)", (ROOT / "README.md").read_text("utf-8"))
    assert link == app_link(MANIFEST.read_text(encoding="utf-8"))


# --- what is named is in the code


@functools.cache
def _code() -> str:
    """All of the code and of what configures it, as text; not this file."""
    files = [path for top in CODE for path in (ROOT / top).rglob("*.py") if path != Path(__file__)]
    others = ["Makefile", "compose.yaml", "manifest.yml", "pyproject.toml", "Procfile", "Dockerfile", ".ci/run"]
    return "\n".join(path.read_text(encoding="utf-8") for path in [*files, *(ROOT / name for name in others)])


def test_every_name_in_capitals_is_in_the_code() -> None:
    """Settings, statuses, classes, outcomes, tables: whatever is written like a constant."""
    known = set(re.findall(r"\b[A-Z][A-Z0-9_]{3,}\b", _code())) | {name.upper() for name in Settings.model_fields}
    for file in HAND_WRITTEN:
        text = file.read_text(encoding="utf-8")
        plain = set(re.findall(r"\b[A-Z][A-Z0-9]*_[A-Z0-9_]+\b", text))
        coded = {word for code in _inline(file) for word in re.findall(r"\b[A-Z][A-Z0-9_]{3,}\b", code)}
        stands_for_something = {"PRACTICE", "USER", "YOUR", "HOST", "FILE"}
        assert plain | coded - stands_for_something <= known | stands_for_something, file.name


def test_every_path_in_running_text_exists() -> None:
    tops = "|".join(re.escape(path.name) for path in ROOT.iterdir() if path.is_dir() and path.name != ".venv")
    for file in HAND_WRITTEN:
        for code in _inline(file):
            if re.fullmatch(rf"({tops})/[\w./-]*", code) and code not in ("evidence/", "bench/results.json"):
                assert (ROOT / code).exists(), (file.name, code)
            elif re.fullmatch(r"[\w/]+\.(py|js)", code):
                assert list(ROOT.glob(f"[a-z]*/**/{code}")) or (ROOT / code).exists(), (file.name, code)


def test_every_button_and_label_in_bold_is_in_the_code() -> None:
    for file in HAND_WRITTEN:
        for words in re.findall(r"\*\*([^*\n]+)\*\*", file.read_text(encoding="utf-8")):
            assert words in _code(), (file.name, words)


def test_every_metric_is_in_the_code() -> None:
    named = {word for file in HAND_WRITTEN for word in re.findall(r"`(onespot_\w+)`", file.read_text("utf-8"))}
    made = set(re.findall(r'"(onespot_\w+)"', (ROOT / "bot" / "metrics.py").read_text(encoding="utf-8")))
    assert named == made


def _rows(file: str, columns: int) -> list[list[str]]:
    """The cells of its tables with that many columns, heads and all."""
    lines = (ROOT / "docs" / file).read_text(encoding="utf-8").splitlines()
    rows = [[cell.strip() for cell in line[1:].rstrip("|").split("|")] for line in lines if line.startswith("|")]
    return [row for row in rows if len(row) == columns]


def test_the_settings_are_all_there_with_their_defaults() -> None:
    said = {row[0]: row[1] for row in _rows("settings.md", 3)[2:]}
    assert list(said) == [name for name in said if name.lower() in Settings.model_fields]
    assert set(said) == {name.upper() for name in Settings.model_fields}
    in_words = {"slack_api_url", "onespot_keys", "secret_intake", "onespot_workers", "onespot_evidence", "browser"}
    for name, field in Settings.model_fields.items():
        if name in in_words:
            assert field.default is None
            continue
        default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
        value = "" if default is None else str(default).lower() if isinstance(default, bool) else str(default)
        assert said[name.upper()] == value, name


def _words(node: ast.expr) -> str:
    """A text of the code, with “…” for what is put in."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(_words(part) if isinstance(part, ast.Constant) else "…" for part in node.values)
    return ""


@functools.cache
def _sentences() -> str:
    """Every text in the program, one a line. What is put in is “…”, also where several follow one another."""
    found = {
        _words(node)
        for top in ("automation", "bot", "storage")
        for path in (ROOT / top).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, (ast.Constant, ast.JoinedStr))
    }
    return "\n".join(re.sub("…+", "…", text) for text in found)


def test_every_sentence_of_the_table_of_errors_is_the_programs() -> None:
    for row in _rows("errors.md", 2):
        if not set(row[0]) <= set("-:") and row[0] not in ("what happened", "what it says", "grade", *DriftGrade):
            assert row[0] in _sentences(), row[0]


def test_what_to_do_about_an_error_is_what_the_program_says() -> None:
    text = (ROOT / "docs" / "errors.md").read_text(encoding="utf-8")
    for line in text[text.index("### CREDENTIAL") : text.index("## What a check finds")].splitlines():
        if line.startswith("|") and line.endswith(". |"):
            assert line[1:].split("|")[1].strip() in _sentences(), line


def test_every_class_outcome_grade_and_status_stands_in_the_documentation() -> None:
    classes = {row[0] for row in _rows("errors.md", 4)}
    assert classes - {"class", "---"} == {str(one) for one in ErrorClass}
    heads = re.findall(r"^### (\w+)$", (ROOT / "docs" / "errors.md").read_text(encoding="utf-8"), re.M)
    assert heads == [str(one) for one in ErrorClass]
    outcomes = {row[0]: row[1:] for row in _rows("errors.md", 3)}
    assert set(outcomes) - {"outcome", "---"} == {str(one) for one in CheckOutcome}
    grades = {row[0]: row[1] for row in _rows("errors.md", 2)}
    for outcome in CheckOutcome:
        means, do = MEANS[outcome]
        assert means.startswith(outcomes[outcome][0].rstrip(".")), outcome
        assert do.startswith(outcomes[outcome][1].rstrip(".")), outcome
    for grade in DriftGrade:
        assert DRIFTS[grade].startswith(grades[grade].rstrip(".")), grade
    statuses = {row[0]: row[1] for row in _rows("terminal.md", 3)}
    assert {status: name for status, name in statuses.items() if status.isdigit()} == {
        str(int(one)): one.name for one in Exit
    }


def test_the_table_of_moves_is_the_codes() -> None:
    text = (ROOT / "docs" / "develop.md").read_text(encoding="utf-8")
    for status, onward in MOVES.items():
        line = re.search(rf"^{status}\s+-> (.*)$", text, re.M)
        said = set(re.findall(r"[A-Z]{4,}", line[1])) if line else set()
        assert said == {str(one) for one in onward}, status
    assert issubclass(RunStatus, StrEnum)
