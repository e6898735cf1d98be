"""What follows when a copy looks attacked, each for itself, on real copies of a small database."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.asserts import assertContains

from quenotte.base.jobs.models import Run
from quenotte.base.live.models import Event
from quenotte.base.people.models import Person
from quenotte.devices.media.disks.register import Register
from quenotte.devices.phoenix.choosing import in_order
from quenotte.upkeep.backups import operations as backups
from quenotte.upkeep.backups import places, rounds
from quenotte.upkeep.backups import queries as reads
from quenotte.upkeep.backups.models import Copy, Destination
from quenotte.upkeep.guard import canaries, operations, panels, queries, weighing
from quenotte.upkeep.guard.facts import Compared
from quenotte.upkeep.guard.models import Anomaly, Look
from tests import factories
from tests.upkeep.conftest import PASSPHRASE
from tests.upkeep.guard.test_operations import as_actor

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.one_engine]


PAGE = "/protection/sauvegardes/"


@pytest.fixture
def copies(place: str, folder: Path, frozen_clock: Any) -> tuple[Copy, Copy]:
    """A good copy, then one that was made after a canary was touched."""
    good = backups.run(place)
    frozen_clock.shift(3_600)
    (folder / canaries.FIRST).write_text("encrypted")
    return good, backups.run(place)


def test_copy_waits_in_the_quarantine_lane(place: str, copies: tuple[Copy, Copy]):
    good, bad = copies
    snapshots = {one.id: one for one in places.opened(place).snapshots()}
    # It was taken, beside the good one, and a return takes the good one by itself.
    assert set(snapshots) == {good.snapshot_id, bad.snapshot_id}
    assert "quarantine" in snapshots[bad.snapshot_id].tags
    assert in_order(list(snapshots.values()), [], timezone.now())[0].id == good.snapshot_id
    # The next copies wait there too, however calm.
    assert not backups.run(place).summary["guard"]["is_good"]


def test_copy_set_aside_is_not_compared_with_because_the_database_says_so(
    place: str, copies: tuple[Copy, Copy], alice: Person, frozen_clock: Any
):
    _good, bad = copies
    look = Look.objects.get(snapshot_id=bad.snapshot_id)
    repository = places.opened(place)
    for ending, is_believed in (("repaired", False), ("expected", True)):
        anomaly = Anomaly.objects.get()
        Anomaly.objects.update(closed_at=None, closed_by=None, ending="", reason="")
        operations.close(
            actor=as_actor(alice),
            anomaly_id=anomaly.id,
            ending=ending,
            reason="Nous savons pourquoi",
        )
        Look.objects.update(is_good=True)
        look.refresh_from_db()
        assert (weighing._believed(repository, look) is look) is is_believed


def test_nothing_that_is_kept_goes(place: str, copies: tuple[Copy, Copy], alice: Person):
    destination = Destination.objects.get()
    before = {path for path in Path(place).rglob("*") if path.is_file()}
    old = factories.LookFactory.create(
        destination=destination, at=timezone.now() - timedelta(days=120)
    )
    with pytest.raises(backups.NothingGoes):
        backups.retire(destination.id, actor=as_actor(alice))
    backups.run(place)
    assert Look.objects.filter(pk=old.pk).exists()
    assert before <= {path for path in Path(place).rglob("*") if path.is_file()}
    closed(alice)
    # The last twelve good ones stay whatever their age.
    factories.LookFactory.create_batch(12, destination=destination)
    backups.run(place)
    assert not Look.objects.filter(pk=old.pk).exists()
    backups.retire(destination.id, actor=as_actor(alice))


def test_disks_are_refused_until_it_is_closed(
    folder: Path, copies: tuple[Copy, Copy], alice: Person
):
    assert Register(folder).read().is_refused
    closed(alice)
    assert not Register(folder).read().is_refused


@pytest.mark.usefixtures("copies")
@pytest.mark.parametrize("ending", ["expected", "repaired"])
def test_copy_is_asked_for_when_it_is_closed(
    place: str, alice: Person, ending: str, frozen_clock: Any
):
    operations.close(
        actor=as_actor(alice), anomaly_id=Anomaly.objects.get().id, ending=ending,
        reason="Un essai de la garde, fait par nous",
    )  # fmt: skip
    frozen_clock.shift(60)
    asked = Run.objects.get(name=rounds.copy_after_anomaly.name)
    rounds.copy_after_anomaly(**asked.arguments)
    newest = in_order(places.opened(place).snapshots(), [], timezone.now())[0]
    assert newest.id == Copy.objects.latest("started_at").snapshot_id
    assert "quarantine" not in newest.tags
    # Once is enough, whoever asks.
    rounds.copy_after_anomaly(**asked.arguments)
    assert Copy.objects.count() == 3


@pytest.mark.usefixtures("copies")
def test_everybody_is_told(alice: Person, client_of: Callable[[Person], Client]):
    panels.ask_again()
    assert Event.objects.filter(name="guard.changed", audience="home.read").exists()
    try:
        for role in ("praticien", "assistante", "secretaire", "gestionnaire"):
            person = factories.PersonFactory.create(practice=alice.practice, role=role)
            assertContains(client_of(person).get("/"), "Ne branchez pas le disque de sauvegarde.")
    finally:
        closed(alice)
        panels.ask_again()


def test_last_good_point_is_named(
    copies: tuple[Copy, Copy], alice: Person, client_of: Callable[[Person], Client]
):
    good, bad = copies
    anomaly = Anomaly.objects.get()
    assert (anomaly.good_snapshot, anomaly.good_at) == (good.snapshot_id, good.data_at)
    standing = reads.standing_of(Destination.objects.get())
    assert (standing.last_good_copy, standing.last_whole_copy) == (good, bad)
    # 9.30 is the good one, 10.30 the other.
    assert reads.status().sentence.startswith("Restaurable jusqu’à 9 h 30")
    panels.ask_again()
    try:
        page = client_of(alice).get("/protection/sauvegardes/")
        assertContains(page, "Dernière bonne copie : 17 mars 2026 à 9 h 30")
        assertContains(page, "Copies en quarantaine")
        assertContains(page, "1 fichier témoin a été modifié")
    finally:
        closed(alice)
        panels.ask_again()
    # Whoever says that it was us makes the later one good.
    assert reads.status().sentence.startswith("Restaurable jusqu’à 10 h 30")


_SEALED = (
    "CREATE TRIGGER notes_never_change BEFORE UPDATE ON notes BEGIN SELECT RAISE(ABORT, 'no'); END"
)


def test_rows_of_a_large_database_that_never_change_are_compared_still(
    place: str, folder: Path, frozen_clock: Any, monkeypatch: pytest.MonkeyPatch,
    alice: Person, client_of: Callable[[Person], Client],
):  # fmt: skip
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        database.execute(_SEALED)
        database.executescript("CREATE TABLE plain (text); INSERT INTO plain VALUES ('a')")
        database.commit()
    assert backups.run(place).summary["guard"]["is_good"]
    assert "comparées une à une" not in client_of(alice).get(PAGE).content.decode()
    monkeypatch.setattr(weighing, "MOST_BYTES", 0)
    frozen_clock.shift(3_600)
    # What is not numbered any more is not missing.
    assert backups.run(place).summary["guard"]["signs"] == []
    assertContains(client_of(alice).get(PAGE), "comparées une à une, les autres")
    frozen_clock.shift(3_600)
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        database.execute("DROP TRIGGER notes_never_change")
        database.execute("UPDATE notes SET text = 'rien' WHERE id = 7")
        database.execute("UPDATE plain SET text = 'b'")
        database.execute(_SEALED)
        database.commit()
    backups.run(place)
    (signal,) = Anomaly.objects.get().signals
    assert (signal["sign"], signal["count"], signal["names"]) == ("sealed", 1, ["notes"])


def test_rows_that_are_only_counted_are_said_to_be(
    alice: Person, client_of: Callable[[Person], Client]
):
    assert queries.compared() is Compared.ALL
    factories.LookFactory.create(picture={"compared": "none"}, is_good=True)
    assertContains(client_of(alice).get(PAGE), "comptées, pas comparées une à une")


@pytest.fixture
def spoiled(place: str, folder: Path, frozen_clock: Any) -> Callable[[], dict[str, Any]]:
    """Makes a copy of a practice of which nearly all notes went since a good copy."""
    with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
        database.execute("CREATE TABLE upkeep_look (id INTEGER PRIMARY KEY)")
        database.execute("INSERT INTO upkeep_look VALUES (1)")
        database.commit()
    assert backups.run(place).summary["guard"]["is_good"]
    frozen_clock.shift(3_600)

    def again() -> dict[str, Any]:
        with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
            database.execute("DELETE FROM notes WHERE id <= 290")
            database.execute("DELETE FROM upkeep_look")
            database.commit()
        return backups.run(place).summary["guard"]

    return again


def test_guard_whose_memory_was_emptied_compares_with_what_the_place_promised(
    spoiled: Callable[[], dict[str, Any]],
):
    Look.objects.all().delete()
    seen = spoiled()
    assert not seen["is_good"]
    assert {"memory", "rows_ruined"} <= set(seen["signs"])


@pytest.mark.parametrize("is_ours", [False, True])
def test_guard_trusts_no_promise_without_our_seal(
    spoiled: Callable[[], dict[str, Any]], settings: Any, is_ours: bool
):
    Look.objects.all().delete()
    settings.AUDIT_KEY = settings.AUDIT_KEY if is_ours else "0" * 64
    assert spoiled()["is_good"] is not is_ours


def test_copy_of_a_practice_without_any_copy_comes_back_without_an_alarm(
    place: str, frozen_clock: Any
):
    backups.run(place)
    frozen_clock.shift(3_600)
    # The database is that of the first copy: it knows of none.
    Look.objects.all().delete()
    assert backups.run(place).summary["guard"]["signs"] == []


def closed(person: Person, ending: str = "expected") -> None:
    operations.close(
        actor=as_actor(person), anomaly_id=queries.open_anomalies().get().id, ending=ending,
        reason="Un essai de la garde, fait par nous",
    )  # fmt: skip


@pytest.fixture
def rewritten(place: str, folder: Path, frozen_clock: Any) -> Callable[[str], list[str]]:
    """Makes a copy an hour after many notes became something else; tells what was seen."""
    backups.run(place)

    def again(text: str) -> list[str]:
        frozen_clock.shift(3_600)
        with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
            database.execute("UPDATE notes SET text = ? || text WHERE id <= 200", (text,))
            database.commit()
        return backups.run(place).summary["guard"]["signs"]

    return again


def test_mass_change_that_was_meant_is_held_against_no_later_copy(
    rewritten: Callable[[str], list[str]], place: str, alice: Person, frozen_clock: Any
):
    assert "rows_changed" in rewritten("Relu : ")
    closed(alice)
    frozen_clock.shift(3_600)
    assert backups.run(place).summary["guard"]["is_good"]
    # What follows is compared with what was accepted.
    assert "rows_changed" in rewritten("Chiffré : ")


@pytest.mark.parametrize("is_first_told", [True, False])
def test_mass_change_that_was_meant_is_for_all_places(
    rewritten: Callable[[str], list[str]], place: str, folder: Path, alice: Person,
    frozen_clock: Any, tmp_path: Path, *, is_first_told: bool,
):  # fmt: skip
    other = str(tmp_path / "other")
    backups.init(other, PASSPHRASE)
    first = backups.run(other)
    assert "rows_changed" in rewritten("Relu : ")
    closed(alice)
    if not is_first_told:
        # Whoever has the database alone makes nothing good at the other place either.
        Anomaly.objects.update(closed_by=None)
    frozen_clock.shift(3_600)
    seen = queries.accepted_elsewhere(Look.objects.get(snapshot_id=first.snapshot_id))
    assert (seen is not None) is is_first_told
    if is_first_told:
        # Its file is still another than the one that this place has: that alone is no anomaly.
        seen_there = backups.run(other).summary["guard"]
        assert (seen_there["is_good"], seen_there["signs"]) == (True, ["collapse"])
        # What comes after it is seen there as well.
        frozen_clock.shift(3_600)
        with closing(sqlite3.connect(folder / "db.sqlite3")) as database:
            database.execute("UPDATE notes SET text = 'Chiffré : ' || text WHERE id <= 200")
            database.commit()
        assert "rows_changed" in backups.run(other).summary["guard"]["signs"]


def test_mass_change_that_was_meant_is_forgotten_with_numbers_that_were_not_kept(
    rewritten: Callable[[str], list[str]], place: str, folder: Path, alice: Person
):
    rewritten("Relu : ")
    [doubted] = (folder / "cache").glob("rows-*-doubted")
    doubted.unlink()
    closed(alice)
    assert rewritten("") == []


def test_mass_change_that_was_no_one_of_ours_is_seen_again(
    rewritten: Callable[[str], list[str]], folder: Path, alice: Person
):
    assert "rows_changed" in rewritten("Chiffré : ")
    closed(alice, "repaired")
    assert not list((folder / "cache").glob("rows-*-doubted"))
    assert "rows_changed" in rewritten("")
