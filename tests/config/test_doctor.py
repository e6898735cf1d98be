import json
import os
import shutil
import socket
import sqlite3
from collections.abc import Iterator
from contextlib import closing, nullcontext
from pathlib import Path
from typing import Any

import pytest
from django.db import DatabaseError, connection

from quenotte.base.files.models import Blob
from quenotte.config import data_folder, doctor
from quenotte.config.doctor import contents, database, folder, machine
from quenotte.config.doctor.finding import Finding, State, guarded

pytestmark = pytest.mark.real_clock


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    made = data_folder.prepare(tmp_path / "data")
    monkeypatch.setenv("QUENOTTE_DATA", str(made))
    return made


def states(findings: Any) -> list[str]:
    return [finding.state.value for finding in findings]


def test_folder_is_well(data: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(folder, "is_encrypted", lambda _folder: True)
    usage = shutil.disk_usage(data)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=10**12))
    assert states(folder.examine()) == ["ok"] * 5


def test_folder_that_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QUENOTTE_DATA", str(tmp_path / "nowhere"))
    (finding,) = folder.examine()
    assert finding.state is State.BAD
    assert "--data" in finding.advice


def test_folder_that_cannot_be_written(data: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(os, "access", lambda *_a: False)
    (finding,) = folder.examine()
    assert (finding.state, "ne peut pas être écrit" in finding.words) == (State.BAD, True)


@pytest.mark.parametrize(
    ("free", "state"), [(10, State.BAD), (5 * 10**9, State.ATTENTION), (10**12, State.OK)]
)
def test_room(data: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, free: int, state: State):
    settings.DISK_FLOOR_BYTES = 10**9
    usage = shutil.disk_usage(data)
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: usage._replace(free=free))
    assert folder.room(data).state is state


def test_data_that_others_may_read(data: Path):
    (data / "db.sqlite3").write_text("")
    (data / "db.sqlite3").chmod(0o644)
    (data / "gone").symlink_to(data / "nowhere")
    finding = folder.permissions(data)
    assert finding.state is State.BAD
    assert finding.words.startswith("1 élément lisible par d’autres comptes")
    assert "db.sqlite3" in finding.words
    (data / "logs").chmod(0o755)
    assert "2 éléments lisibles" in folder.permissions(data).words
    assert "chmod" in finding.advice


def test_file_of_another_account_is_named(data: Path, monkeypatch: pytest.MonkeyPatch):
    (data / "media").mkdir()
    (data / "media" / "disks.json").touch()
    assert folder.owners(data).state is State.OK
    real = Path.lstat

    def lstat(path: Path) -> os.stat_result:
        state = real(path)
        fields = list(state)
        fields[4] += path.name == "disks.json"
        return os.stat_result(fields)

    monkeypatch.setattr(Path, "lstat", lstat)
    finding = folder.owners(data)
    assert (finding.state, "media/disks.json" in finding.words) == (State.BAD, True)
    assert f"chown -R --reference={data} {data}" in finding.advice


@pytest.mark.parametrize(
    ("answer", "state"), [(True, "ok"), (False, "attention"), (None, "attention")]
)
def test_encryption_is_told(
    data: Path, monkeypatch: pytest.MonkeyPatch, answer: bool | None, state: str
):
    monkeypatch.setattr(folder, "is_encrypted", lambda _folder: answer)
    assert folder.encryption(data).state.value == state


def test_encryption_is_found_under_a_volume(data: Path, tmp_path: Path):
    device = data.stat().st_dev
    sys_root = tmp_path / "sys"
    number = f"{os.major(device)}:{os.minor(device)}"
    assert folder.is_encrypted(data, sys_root=sys_root) is None
    volume, crypt = sys_root / "devices" / "dm-1", sys_root / "devices" / "dm-0"
    for block in (volume, crypt):
        (block / "dm").mkdir(parents=True)
        (block / "slaves").mkdir()
        (block / "dm" / "uuid").write_text("LVM-x")
    (sys_root / "dev" / "block").mkdir(parents=True)
    (sys_root / "dev" / "block" / number).symlink_to(volume)
    (volume / "slaves" / "dm-0").symlink_to(crypt)
    (crypt / "slaves" / "dm-1").symlink_to(volume)
    assert folder.is_encrypted(data, sys_root=sys_root) is False
    (crypt / "dm" / "uuid").write_text("CRYPT-LUKS2-x")
    assert folder.is_encrypted(data, sys_root=sys_root) is True


@pytest.mark.parametrize(
    ("answer", "state"), [(True, "ok"), (None, "attention"), (False, "attention")]
)
def test_clock(monkeypatch: pytest.MonkeyPatch, answer: bool | None, state: str):
    monkeypatch.setattr(machine, "is_synchronised", lambda: answer)
    assert states(machine.clock()) == [state]


def test_clock_of_another_age(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(machine, "FIRST_YEAR", 2300)
    assert states(machine.clock()) == ["bad"]


@pytest.mark.parametrize(
    ("tool", "said", "expected"),
    [
        ("timedatectl", "yes", True),
        ("timedatectl", "no", False),
        ("timedatectl", "?", None),
        ("chronyc", "Leap status     : Normal", True),
        ("chronyc", "Leap status     : Not synchronised", False),
        ("chronyc", "506 Cannot talk to daemon", None),
    ],
)
def test_time_services_are_asked(
    monkeypatch: pytest.MonkeyPatch, tool: str, said: str, expected: bool | None
):
    monkeypatch.setattr(Path, "exists", lambda _self: False)
    monkeypatch.setattr(shutil, "which", lambda name: name if name == tool else None)
    monkeypatch.setattr(machine, "_ask", lambda *_command: said)
    assert machine.is_synchronised() is expected


def test_time_service_of_systemd(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Path, "exists", lambda _self: True)
    assert machine.is_synchronised() is True


def test_tool_that_is_missing_says_nothing():
    assert machine._ask("no-such-program-here") == ""
    assert machine._ask("echo", "oui") == "oui"


def test_ports_free_taken_and_ours(data: Path, monkeypatch: pytest.MonkeyPatch):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        places = [("127.0.0.1", 0, "pages"), ("127.0.0.1", port, "DICOM")]
        assert states(machine.ports(places)) == ["ok", "bad"]
        monkeypatch.setattr("quenotte.config.instance.holder", lambda _folder: 7)
        assert states(machine.ports(places)) == ["ok", "ok"]


@pytest.mark.django_db
def test_database_is_well(settings: Any, monkeypatch: pytest.MonkeyPatch):
    if connection.vendor == "sqlite":
        monkeypatch.setitem(settings.DATABASES["default"], "NAME", __file__)
    assert states(database.examine()) == ["ok", "ok"]


@pytest.mark.django_db
def test_database_that_does_not_answer(monkeypatch: pytest.MonkeyPatch, settings: Any):
    def broken() -> Finding:
        raise DatabaseError("file is not a database")

    monkeypatch.setitem(settings.DATABASES["default"], "NAME", __file__)
    monkeypatch.setattr(database, "_sqlite", broken)
    monkeypatch.setattr(database, "_postgres", broken)
    (finding,) = database.examine()
    assert finding.state is State.BAD
    assert (finding.words, finding.raw) == (
        "elle ne répond pas ou est abîmée.",
        "file is not a database",
    )


def test_database_that_is_not_there_yet(monkeypatch: pytest.MonkeyPatch, settings: Any):
    monkeypatch.setattr(connection, "vendor", "sqlite")
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", "/nowhere/db.sqlite3")
    assert states(database.examine()) == ["attention"]


class Cursor:
    """A cursor that answers what the test wants."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)

    def __enter__(self) -> "Cursor":
        return self

    def __exit__(self, *_error: object) -> None:
        """Nothing to close."""

    def execute(self, _sql: str) -> "Cursor":
        return self

    def __iter__(self) -> Iterator[Any]:
        return iter(self.answers.pop(0))

    def fetchone(self) -> Any:
        return self.answers.pop(0)

    fetchall = fetchone


@pytest.mark.parametrize(
    ("answers", "words", "raw"),
    [
        (([("row 3 missing from index",)], None), "elle est abîmée.", "row 3 missing from index"),
        (([("ok",)], ("care_note", 1)), "une ligne disparue", "care_note"),
    ],
)
def test_damaged_sqlite_is_told(
    monkeypatch: pytest.MonkeyPatch, answers: Any, words: str, raw: str
):
    monkeypatch.setattr(connection, "cursor", lambda: Cursor(*answers))
    monkeypatch.setattr(database, "_stopped_at", lambda _deadline: nullcontext())
    finding = database._sqlite()
    assert finding.state is State.BAD
    assert words in finding.words
    assert "missing" not in finding.words
    assert raw in finding.raw


def test_index_that_lost_its_rows_is_found(tmp_path: Path):
    """What SQLite's quick check does not read: an index that does not hold what its table holds."""
    with closing(sqlite3.connect(tmp_path / "probe.sqlite3", isolation_level=None)) as probe:
        probe.executescript(
            "CREATE TABLE probe (a, b); CREATE INDEX probe_a ON probe (a);"
            "INSERT INTO probe VALUES (1, 2); PRAGMA writable_schema = ON;"
            "UPDATE sqlite_master SET sql = 'CREATE INDEX probe_a ON probe (b)'"
            " WHERE name = 'probe_a';"
        )
    with closing(sqlite3.connect(tmp_path / "probe.sqlite3")) as probe:
        assert probe.execute("PRAGMA quick_check").fetchone() == ("ok",)
        assert any("probe_a" in words for words in database._anomalies(probe.cursor()))


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="about SQLite alone")
def test_examination_of_sqlite_has_an_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(database, "LONGEST_S", 0)
    monkeypatch.setattr(database, "_STRIDE", 1)
    finding = database._sqlite()
    assert (finding.state, "arrêté au bout de 0 s" in finding.words) == (State.ATTENTION, True)
    assert connection.cursor().execute("SELECT 1").fetchone() == (1,)


@pytest.mark.django_db
@pytest.mark.skipif("connection.vendor == 'sqlite'", reason="about PostgreSQL alone")
def test_index_and_constraint_that_postgres_does_not_trust_are_named():
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE probe (word text)")
        cursor.execute("ALTER TABLE probe ADD CONSTRAINT probe_word CHECK (word <> '') NOT VALID")
    finding = database._postgres()
    assert finding.state is State.BAD
    assert "probe_word" in finding.words


@pytest.mark.parametrize(("version", "state"), [("16.2 (Debian)", "ok"), ("11.9", "attention")])
def test_postgres_version(monkeypatch: pytest.MonkeyPatch, version: str, state: str):
    monkeypatch.setattr(connection, "cursor", lambda: Cursor((version,), []))
    assert database._postgres().state.value == state


@pytest.mark.django_db
def test_database_behind_or_ahead_of_the_code(monkeypatch: pytest.MonkeyPatch):
    from django.db.migrations.executor import MigrationExecutor
    from django.db.migrations.recorder import MigrationRecorder

    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda _self, _targets: [1, 2])
    assert database._migrations().state is State.ATTENTION
    MigrationRecorder(connection).record_applied("base", "9999_future")
    assert database._migrations().state is State.BAD


@pytest.mark.django_db
def test_journal(monkeypatch: pytest.MonkeyPatch):
    from quenotte.base.audit import operations as audit
    from quenotte.base.audit.chain import Fault
    from quenotte.base.audit.chain import Finding as Broken

    assert states(contents.journal()) == ["ok"]
    report = audit.Report(lines=3, findings=(Broken(Fault.ALTERED, 2),), count=1)
    monkeypatch.setattr(audit, "verify", lambda: report)
    assert states(contents.journal()) == ["bad"]


@pytest.mark.django_db
def test_files():
    assert states(contents.files()) == ["ok"]
    Blob.objects.create(sha256="0" * 64, size_bytes=1, media_type="x")
    assert states(contents.files()) == ["bad"]


def test_check_that_breaks_is_a_finding():
    def broken() -> Any:
        raise ZeroDivisionError

    (finding,) = guarded("Sujet", broken)
    assert (finding.state, "ZeroDivisionError" in finding.words) == (State.BAD, False)
    assert finding.raw.startswith("ZeroDivisionError")


@pytest.mark.parametrize("state", list(State))
def test_report_is_words_or_json_with_a_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], state: State
):
    finding = Finding("Horloge", state, "à l’heure.", "Rien.", raw="engine")
    monkeypatch.setattr(doctor, "examine", lambda _places: [finding])
    assert doctor.run([]) == int(state is State.BAD)
    said = capsys.readouterr().out
    assert "Horloge : à l’heure." in said
    assert "engine" not in said
    doctor.run([], as_json=True)
    (row,) = json.loads(capsys.readouterr().out)
    assert (row["state"], row["raw"]) == (state.value, "engine")


@pytest.mark.django_db
def test_contents_are_left_alone_when_the_database_is_bad(
    data: Path, monkeypatch: pytest.MonkeyPatch
):
    bad = Finding("Base de données", State.BAD, "abîmée")
    monkeypatch.setattr(database, "examine", lambda: [bad])
    assert "Journal" not in {finding.subject for finding in doctor.examine([])}
    monkeypatch.setattr(database, "examine", list)
    assert {"Journal", "Fichiers"} <= {finding.subject for finding in doctor.examine([])}


def test_missing_folder_is_named_and_not_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUENOTTE_DATA", str(tmp_path / "nowhere"))
    findings = doctor.examine([("127.0.0.1", 0, "pages")])
    assert [finding.state for finding in findings] == [State.BAD]
    assert not (tmp_path / "nowhere").exists()
