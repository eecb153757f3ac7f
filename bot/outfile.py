"""A file or a folder that a person asked for: for this user only, never over another one unasked; files whole."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from bot.problems import SettingsProblem


@contextmanager
def new_file(path: Path, *, force: bool = False) -> Iterator[BinaryIO]:
    """The file to write to, of mode 0600. `force`: in the place of the one that is there, once it is whole.

    What goes wrong with it is a `SettingsProblem`, and then nothing is left behind.
    """
    try:
        with _beside(path) if force else _made(path) as file:
            yield file
        return
    except FileExistsError:
        sentence = f"There is a file {path} already: say another name, or --force to replace it."
    except FileNotFoundError:
        sentence = f"The folder of {path} does not exist: make it, or say another name."
    except BrokenPipeError:
        raise
    except OSError as error:
        sentence = f"The file {path} can't be written ({error.strerror}): say another name."
    raise SettingsProblem(sentence)


def new_folder(path: Path) -> Path:
    """A folder for files that a person asked for: made, for this user only. One that is there must be empty.

    Raises `SettingsProblem`: it isn't empty, isn't a folder, or can't be made.
    """
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise SettingsProblem(f"The folder {path} isn't empty: say another one.")
        path.chmod(0o700)
        with tempfile.TemporaryFile(dir=path):
            return path
    except (FileExistsError, NotADirectoryError):
        sentence = f"{path} is no folder: say another one."
    except OSError as error:
        sentence = f"The folder {path} can't be used ({error.strerror}): say another one."
    raise SettingsProblem(sentence)


@contextmanager
def _made(path: Path) -> Iterator[BinaryIO]:
    with _or_gone(path, os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)) as file:
        yield file


@contextmanager
def _beside(path: Path) -> Iterator[BinaryIO]:
    if path.is_dir():
        raise IsADirectoryError(0, "it is a folder")
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    with _or_gone(Path(name), descriptor) as file:
        yield file
    os.replace(name, path)


@contextmanager
def _or_gone(path: Path, descriptor: int) -> Iterator[BinaryIO]:
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
    except BaseException:
        path.unlink(missing_ok=True)
        raise
