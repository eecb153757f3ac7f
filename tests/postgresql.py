"""A throwaway PostgreSQL for the tests: made in a temporary folder, on a free port, gone at the end."""

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import NullPool, create_engine, make_url, text

FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin", "/usr/local/pgsql/bin")


def why_not() -> str | None:
    """Why the storage tests can't use PostgreSQL here, as a sentence; None when they can."""
    if importlib.util.find_spec("psycopg") is None:
        return "psycopg is not installed (the extra `scale`), so storage is tested on SQLite only."
    if _programs() is None:
        return "initdb and pg_ctl are not on this machine, so storage is tested on SQLite only."
    if os.geteuid() == 0 and _user() is None:
        return "PostgreSQL refuses root, and there is no user `postgres` or `nobody`: storage is tested on SQLite only."
    return None


@contextmanager
def cluster() -> Iterator[str]:
    """A running server; yields the address of its first database."""
    with server() as running:
        yield running.address


class Server(NamedTuple):
    """A running server."""

    address: str
    """Of its first database."""
    restart: Callable[[], None]
    """Stops it, whoever is in the middle of something, and starts it again."""


@contextmanager
def server() -> Iterator[Server]:
    """A server of its own, gone at the end."""
    programs = _programs()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="onespot-postgresql-"))
    user = _user() if os.geteuid() == 0 else None
    if user is not None:
        os.chown(folder, user.pw_uid, user.pw_gid)
    port = _free_port()
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off"
    data = folder / "data"
    try:
        _run([programs / "initdb", "-D", data, "-U", "onespot", "-A", "trust", "-E", "UTF8", "-N"], folder, user)
        _run([programs / "pg_ctl", "start", "-w", "-D", data, "-l", folder / "log", "-o", options], folder, user)

        def restart() -> None:
            _run([programs / "pg_ctl", "stop", "-w", "-m", "fast", "-D", data], folder, user)
            _run([programs / "pg_ctl", "start", "-w", "-D", data, "-l", folder / "log", "-o", options], folder, user)

        yield Server(f"postgresql://onespot@127.0.0.1:{port}/postgres", restart)
    finally:
        if (data / "postmaster.pid").exists():
            _run([programs / "pg_ctl", "stop", "-w", "-m", "immediate", "-D", data], folder, user)
        shutil.rmtree(folder)


@contextmanager
def database(at: str, name: str) -> Iterator[str]:
    """A new database on this server, dropped at the end."""
    address = make_url(at).set(drivername="postgresql+psycopg")
    admin = create_engine(address, isolation_level="AUTOCOMMIT", poolclass=NullPool)  # it may be restarted meanwhile
    with admin.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
    yield make_url(at).set(database=name).render_as_string()
    with admin.connect() as connection:
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
    admin.dispose()


def _programs() -> Path | None:
    found = [path for pattern in FOLDERS for path in sorted(Path("/").glob(pattern[1:]))]
    found += [Path(initdb).parent for initdb in [shutil.which("initdb")] if initdb]
    return next((path for path in reversed(found) if (path / "initdb").exists() and (path / "pg_ctl").exists()), None)


def _user() -> pwd.struct_passwd | None:
    users = {user.pw_name: user for user in pwd.getpwall()}
    return users.get("postgres") or users.get("nobody")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _run(command: list[str | Path], folder: Path, user: pwd.struct_passwd | None) -> None:
    who: dict[str, Any] = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
    with (folder / f"{Path(command[0]).name}.txt").open("w") as said:  # no pipe: the server would keep it open
        status = subprocess.run(command, cwd=folder, stdout=said, stderr=said, stdin=subprocess.DEVNULL, **who)
    assert status.returncode == 0, Path(said.name).read_text()
