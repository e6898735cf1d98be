"""A copy of a PostgreSQL practice comes back into an empty database of a real server."""

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from quenotte.devices.phoenix import marker, opening, returning, servers
from quenotte.devices.phoenix.choosing import Wish
from quenotte.devices.phoenix.errors import (
    BadAddress,
    DatabaseNotEmpty,
    NoRestoreProgram,
    NoServer,
    NoServerNamed,
    NotTaken,
)
from quenotte.devices.phoenix.marker import Marker, Stage
from quenotte.devices.phoenix.returning import Told
from quenotte.devices.repository.sources import Source
from quenotte.devices.repository.writing import save
from tests.devices.phoenix import conftest as phoenix
from tests.devices.phoenix.conftest import AT, NOW, PASSPHRASE, Killed, Practice
from tests.support import postgres

pytestmark = pytest.mark.one_engine

practice, target, killed_at = phoenix.practice, phoenix.target, phoenix.killed_at


class Server(Practice):
    """A practice whose rows are in a database of a server."""

    def __init__(self, folder: Path, place: Path, url: str) -> None:
        super().__init__(folder, place)
        self.url = url

    def write(self, words: str) -> None:
        with psycopg.connect(self.url) as database:
            database.execute("CREATE TABLE IF NOT EXISTS notes (words text)")
            database.execute("INSERT INTO notes VALUES (%s)", [words])

    def copy(self, words: str, at: datetime = AT, *, tags: tuple[str, ...] = ()) -> str:
        self.write(words)
        dump = self.folder / "postgres"
        shutil.rmtree(dump, ignore_errors=True)
        command = ["pg_dump", "--format=directory", "--compress=0", "--no-owner", f"--file={dump}"]
        subprocess.run([*command, self.url], check=True)
        sources = [
            Source("postgres", dump),
            Source("keys", self.folder / "keys"),
            Source("blobs", self.folder / "blobs"),
        ]
        return save(self.repository, sources, time=at, host="srv", tags=tags).id

    def back_to(self, target: Path, url: str, wish: Wish | None = None) -> Marker:
        repository, secret = opening.opened(str(self.place), PASSPHRASE)
        secret = marker.Secret(secret.place, secret.master, database=url)
        told = Told(self.said.append)
        return returning.bring_back(target, repository, secret, wish or Wish(), told, now=NOW)


def rows_of(url: str) -> list[str]:
    with psycopg.connect(url) as database:
        return [words for (words,) in database.execute("SELECT words FROM notes ORDER BY ctid")]


def tables_of(url: str) -> list[str]:
    with psycopg.connect(url) as database:
        found = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return sorted(name for (name,) in found)


@pytest.fixture(scope="module")
def server() -> str:
    """The address of a server that runs."""
    return os.environ.get("QUENOTTE_DATABASE_URL") or postgres.start()


@pytest.fixture
def new(server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """Make empty databases."""
    monkeypatch.setenv("QUENOTTE_DATABASE_URL", server)
    made: list[str] = []

    def make() -> str:
        made.append(f"phoenix_{uuid4().hex[:8]}")
        return postgres.new_database(made[-1])

    yield make
    with psycopg.connect(server, autocommit=True) as database:
        for name in made:
            database.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())


@pytest.fixture
def there(practice: Practice, new: Callable[[], str], tmp_path: Path) -> Server:
    return Server(tmp_path / "on-server", tmp_path / "its-copies", new())


def test_database_comes_back_whole_and_nothing_else_into_the_folder(
    there: Server, new: Callable[[], str], target: Path
):
    there.copy("one")
    there.copy("two", AT + timedelta(hours=1))
    url = new()
    found = there.back_to(target, url)
    assert (found.is_open, found.engine) == (True, servers.ENGINE)
    assert found.data_at == (AT + timedelta(hours=1)).isoformat()
    assert rows_of(url) == ["one", "two"]
    assert tables_of(url) == ["notes"]
    names = sorted(path.name for path in target.iterdir())
    assert names == ["keys", "recovery.json", "recovery.key", "run"]
    # Asked again, it has nothing left to do; its rows are in use meanwhile.
    assert there.back_to(target, url) == found


def test_older_copy_and_a_moment(there: Server, new: Callable[[], str], tmp_path: Path):
    first = there.copy("one")
    there.copy("two", AT + timedelta(hours=1))
    for number, wish in enumerate([Wish(first), Wish(as_of=AT)]):
        url = new()
        there.back_to(tmp_path / f"back-{number}", url, wish)
        assert rows_of(url) == ["one"]


def test_database_that_holds_something_is_never_touched(
    there: Server, new: Callable[[], str], target: Path
):
    there.copy("one")
    url = new()
    with psycopg.connect(url) as database:
        database.execute("CREATE VIEW somebodys AS SELECT 1")
    with pytest.raises(DatabaseNotEmpty, match="rien n’y a été écrit"):
        there.back_to(target, url)
    assert not target.exists()
    assert tables_of(url) == []


def test_without_a_server_it_is_refused_before_anything_is_written(
    there: Server, new: Callable[[], str], target: Path, monkeypatch: pytest.MonkeyPatch
):
    there.copy("one")
    for url, refusal in (
        ("", NoServerNamed),
        ("mysql://quenotte@localhost/quenotte", BadAddress),
        ("postgres://quenotte@localhost/quenotte?no=such", BadAddress),
        (f"postgres://quenotte@/quenotte?host={target}", NoServer),
    ):
        with pytest.raises(refusal):
            there.back_to(target, url)
    monkeypatch.setattr(servers, "_PLACES", str(target))
    monkeypatch.setenv("PATH", str(target))
    with pytest.raises(NoRestoreProgram, match="postgresql-client"):
        there.back_to(target, new())
    assert not target.exists()


def test_return_goes_on_wherever_the_machine_stopped(
    there: Server, new: Callable[[], str], target: Path, killed_at: Callable[[int], None]
):
    there.copy("one")
    for number in range(1, 60, 3):
        url = new()
        killed_at(number)
        try:
            there.back_to(target, url)
        except Killed:
            if (found := marker.load(target)) and found.is_open:
                break
            killed_at(-1)
            assert there.back_to(target, url).is_open
            assert (rows_of(url), tables_of(url)) == (["one"], ["notes"])
            shutil.rmtree(target)
        else:
            break
    assert 12 < number < 59


def test_kill_between_the_rows_and_the_marker_finds_its_own_work(
    there: Server, new: Callable[[], str], target: Path, monkeypatch: pytest.MonkeyPatch
):
    first = there.copy("one")
    url = new()

    def stopped(*_values: object) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(returning._Return, "_settle", stopped)
        with pytest.raises(Killed):
            there.back_to(target, url)
    assert tables_of(url) == ["notes", "quenotte_return"]
    found = marker.load(target)
    assert found is not None
    assert found.stage is Stage.DATABASE
    # A copy that came meanwhile is not mixed in; another folder takes this for no empty database.
    there.copy("two", AT + timedelta(hours=1))
    with pytest.raises(DatabaseNotEmpty):
        there.back_to(target.with_name("other"), url)
    assert there.back_to(target, url).snapshot == first
    assert (rows_of(url), tables_of(url)) == (["one"], ["notes"])


def test_server_that_refuses_keeps_an_empty_database(
    there: Server, new: Callable[[], str], target: Path
):
    there.copy("one")
    dump = there.folder / "postgres/toc.dat"
    dump.write_bytes(dump.read_bytes().replace(b"words text", b"words txet"))
    later = AT + timedelta(hours=1)
    save(there.repository, [Source("postgres", there.folder / "postgres")], time=later, host="srv")
    url = new()
    with pytest.raises(NotTaken, match="txet"):
        there.back_to(target, url)
    assert tables_of(url) == ["quenotte_return"]
    # Nothing came: the same database takes the copy before, and shows no trace.
    wish = Wish(there.repository.snapshots()[0].id)
    there.back_to(target.with_name("again"), url, wish)
    assert (rows_of(url), tables_of(url)) == (["one"], ["notes"])


def test_damaged_copy_gives_way_to_the_one_before(
    there: Server, new: Callable[[], str], target: Path
):
    there.copy("one")
    packs = set((there.place / "data").glob("*/*"))
    there.copy("two", AT + timedelta(hours=1))
    for pack in set((there.place / "data").glob("*/*")) - packs:
        pack.unlink()
    url = new()
    assert "abîmée" in there.back_to(target, url).notes[0]
    assert rows_of(url) == ["one"]


def test_copy_of_a_file_needs_no_server(practice: Practice, target: Path):
    practice.copy("one")
    repository, secret = opening.opened(str(practice.place), PASSPHRASE)
    assert not returning.needs_server(repository, Wish())
    secret = marker.Secret(secret.place, secret.master, database="postgres://q@/nowhere")
    found = returning.bring_back(
        target, repository, secret, Wish(), Told(practice.said.append), now=NOW
    )
    assert found.engine == "sqlite"
    assert "sans QUENOTTE_DATABASE_URL" in found.notes[0]


def test_password_is_shown_nowhere(there: Server):
    url = "postgres://quenotte:secret@127.0.0.1:5432/quenotte"
    assert servers.label_of(url) == "postgres://quenotte@127.0.0.1:5432/quenotte"
    assert servers.label_of("postgres:///quenotte") == "postgres:///quenotte"
    secret = marker.Secret("/place", b"{}", database=url)
    marker.save_secret(there.folder, secret)
    assert "secret" not in repr(marker.load_secret(there.folder))
    assert marker.load_secret(there.folder) == secret
