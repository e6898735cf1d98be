"""A private PostgreSQL for the suite, started before Django reads its settings.

Loaded as a pytest plugin (``-p tests.support.postgres``). Does nothing unless
``QUENOTTE_TEST_DATABASE=postgres``.
"""

import atexit
import os
import pwd
import shutil
import subprocess
import tempfile
import time
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import psycopg
from psycopg import sql

_SERVERS: list["subprocess.Popen[bytes]"] = []
_WANTED = os.environ.get("QUENOTTE_TEST_DATABASE", "sqlite")


def binaries() -> Path:
    """Return the folder of PostgreSQL's programs."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    if found:
        return found[-1].parent
    on_path = shutil.which("postgres")
    if on_path is None:
        raise RuntimeError("PostgreSQL is missing: run `make test`, which installs it")
    return Path(on_path).resolve().parent


def start() -> str:
    """Start a server on a Unix socket in a temporary folder; return its address."""
    folder = Path(tempfile.mkdtemp(prefix="qpg-"))
    data = folder / "data"
    user = make_cluster(data)
    # Nothing of it outlives the run: no crash of the machine has to be survived. Its questions are
    # small: compiling them would cost more than they do. What looks after a real server would count
    # tables between two tests, while they are empty; a test that then fills one within its own
    # transaction is planned for no rows, and a question over five hundred took half a minute.
    options = (
        "-c listen_addresses='' -c max_connections=80 -c fsync=off -c full_page_writes=off"
        " -c synchronous_commit=off -c wal_level=minimal -c max_wal_senders=0 -c jit=off"
        " -c autovacuum=off"
    )
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [binaries() / "postgres", "-D", data, "-k", folder, *options.replace("'", "").split()],
            stdout=subprocess.DEVNULL,
            stderr=log,
            user=user,
            cwd=folder,
        )
    _SERVERS.append(server)
    atexit.register(_stop, server, folder)
    wait_for(folder, user)
    return f"postgres://quenotte@/postgres?host={quote(str(folder))}"


def give_to_server(folder: Path) -> str | None:
    """Make a folder the server's own; return the account that runs it, None for ours.

    PostgreSQL refuses to run as root: then Debian's ``postgres`` user runs it.
    """
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("postgres")
    for path in (folder, *folder.rglob("*")):
        os.chown(path, entry.pw_uid, entry.pw_gid, follow_symlinks=False)
    return entry.pw_name


def make_cluster(data: Path, *more: str) -> str | None:
    """Make a cluster of which everybody on this machine is the owner; return who runs it."""
    user = give_to_server(data.parent)
    subprocess.run(
        [
            *(str(binaries() / "initdb"), "-D", str(data), "-U", "quenotte", "-A", "trust"),
            *("-E", "UTF8", "--locale=C.UTF-8", "--no-sync", *more),
        ],
        check=True,
        capture_output=True,
        user=user,
        cwd=data.parent,
    )
    return user


def new_database(name: str, *, template: str = "template1") -> str:
    """Make a database of the running server like ``template``, where nobody is; return its URL."""
    url = urlsplit(os.environ["QUENOTTE_DATABASE_URL"])
    with psycopg.connect(urlunsplit(url), autocommit=True) as connection:
        words = sql.SQL("CREATE DATABASE {} TEMPLATE {}")
        connection.execute(words.format(sql.Identifier(name), sql.Identifier(template)))
    return urlunsplit(url._replace(path=f"/{name}"))


def servers() -> list["subprocess.Popen[bytes]"]:
    """Return the servers started by this process, oldest first."""
    return _SERVERS


def wait_for(folder: Path, user: str | None) -> None:
    """Return when the server whose socket is in this folder answers. Raises: RuntimeError."""
    for _ in range(150):
        ready = subprocess.run(
            [binaries() / "pg_isready", "-q", "-h", folder], user=user, cwd=folder, check=False
        )
        if ready.returncode == 0:
            return
        time.sleep(0.1)
    raise RuntimeError("the private PostgreSQL did not start")


def _stop(server: "subprocess.Popen[bytes]", folder: Path) -> None:
    # SIGINT is PostgreSQL's fast shutdown: open connections are cut.
    server.send_signal(2)
    server.wait(timeout=20)
    shutil.rmtree(folder, ignore_errors=True)


if _WANTED == "postgres" and not os.environ.get("QUENOTTE_DATABASE_URL"):
    # The environment, so that processes and xdist workers that tests start share it.
    os.environ["QUENOTTE_DATABASE_URL"] = start()
