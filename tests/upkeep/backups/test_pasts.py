"""Packs of years that are over: compared at each proof and check, read in their turn, told."""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from quenotte.config.backups import running
from quenotte.devices.repository.checking import What
from quenotte.upkeep.backups import operations, places, queries, rotten, wording
from quenotte.upkeep.backups.models import Destination
from quenotte.upkeep.backups.operations import outcomes, tending
from tests.upkeep.conftest import PASSPHRASE

pytestmark = [pytest.mark.django_db, pytest.mark.one_engine]


@pytest.fixture
def years(real_place: str, frozen_clock: Any) -> str:
    """A place with a year that is over and one in use, a copy in each."""
    operations.run(real_place)
    frozen_clock.move_to(timezone.now() + timedelta(days=330))
    operations.run(real_place)
    assert one().epoch == 2027
    return real_place


def one() -> Destination:
    found = Destination.objects.order_by("created_at").first()
    assert found is not None
    return found


def pack_of(place: str) -> Path:
    """Return a pack of the year that is over."""
    return min(path for path in (Path(place) / "data").rglob("*") if path.is_file())


def cut(pack: Path) -> None:
    pack.chmod(0o600)
    pack.write_bytes(pack.read_bytes()[:-20])


def lose(pack: Path) -> None:
    pack.unlink()


@pytest.mark.parametrize("harm", [lose, cut])
def test_proof_tells_what_an_older_year_lost_and_stays_good(years: str, harm: Any):
    pack = pack_of(years)
    harm(pack)
    proof = operations.prove(years)
    assert proof.state == "done"
    assert f"dans une année passée : {pack.name[:12]}" in proof.outcome
    assert pack.name[:12] in queries.status().standings[0].trouble
    # It is news once, and no copy claims to have made up for it.
    assert "année passée" not in operations.prove(years).outcome
    operations.run(years)
    assert rotten.gone(one().id) == [pack.name]


@pytest.mark.parametrize("harm", [lose, cut])
def test_check_names_it_too(years: str, harm: Any):
    assert operations.verify(years, read_data=False) == []
    pack = pack_of(years)
    harm(pack)
    (found,) = operations.verify(years, read_data=False)
    assert (found.name, found.is_error) == (pack.name, True)
    assert rotten.gone(one().id) == [pack.name]


def test_content_is_read_in_its_turn_and_kept_in_mind(years: str):
    pack = pack_of(years)
    body = pack.read_bytes()
    pack.chmod(0o600)
    pack.write_bytes(bytes([body[0] ^ 1]) + body[1:])
    assert operations.verify(years) == []
    tending._turn_of(one()).write_text(json.dumps({"after": "", "on": "2020-01-01"}))
    proof = operations.prove(years, reads_packs=True)
    assert proof.state == "done"
    assert f"dans une année passée : {pack.name[:12]}" in proof.outcome
    assert rotten.known(one().id) == []
    # A check that reads no content of that year forgets nothing that a night found there.
    assert [found.name for found in operations.verify(years)] == [pack.name]
    pack.write_bytes(body)
    assert operations.verify(years) == []
    assert rotten.gone(one().id) == []


def test_it_is_put_again_from_a_place_that_was_copied_whole(years: str, tmp_path: Path):
    shutil.copytree(years, tmp_path / "second")
    operations.init(str(tmp_path / "second"), PASSPHRASE)
    pack = pack_of(years)
    pack.unlink()
    assert "année passée" not in operations.prove(years).outcome
    assert pack.is_file()


def test_head_of_an_older_year_is_named(years: str):
    index = next((Path(years) / "index").iterdir())
    cut(index)
    found = operations.verify(years)
    assert [(item.kind, item.name) for item in found] == [("index", index.name)]
    assert rotten.heads(one().id) == [f"index/{index.name}"]


def test_year_of_another_key_is_told_as_unread(years: str, monkeypatch: pytest.MonkeyPatch):
    opened = places.opened

    def closed(place: str) -> Any:
        if place == years:
            raise places.ForeignKey
        return opened(place)

    monkeypatch.setattr(places, "opened", closed)
    (found,) = operations.verify(years)
    assert (found.what, found.is_error) == (What.UNREAD, False)
    assert operations.prove(years).state == "done"


def test_pack_that_rotted_before_the_new_year_is_lost_to_the_old_one(
    real_place: str, frozen_clock: Any
):
    operations.run(real_place)
    pack = pack_of(real_place)
    cut(pack)
    operations.verify(real_place)
    assert rotten.known(one().id) == [pack.name]
    frozen_clock.move_to(timezone.now() + timedelta(days=330))
    operations.run(real_place)
    assert one().epoch == 2027
    assert rotten.gone(one().id) == [pack.name]


def flip(pack: Path) -> None:
    body = bytearray(pack.read_bytes())
    body[len(body) // 2] ^= 1
    pack.chmod(0o600)
    pack.write_bytes(body)


def night(place: str) -> Any:
    """Prove as a night does that reads all packs at once."""
    tending._turn_of(one()).write_text(json.dumps({"after": "", "on": "2020-01-01"}))
    return operations.prove(place, reads_packs=True)


@pytest.mark.parametrize("harm", [lose, cut, flip])
def test_what_was_noted_is_put_again_once_a_place_holds_it(years: str, tmp_path: Path, harm: Any):
    shutil.copytree(years, tmp_path / "second")
    pack = pack_of(years)
    before = pack.read_bytes()
    harm(pack)
    night(years)
    trouble = queries.status().standings[0].trouble
    assert f"dans une année passée de cet emplacement : {pack.name[:12]}" in trouble
    assert "Ajoutez comme emplacement" in trouble
    # As the page says: the place is added, then somebody proves.
    operations.init(str(tmp_path / "second"), PASSPHRASE)
    proof = operations.prove(years)
    assert pack.read_bytes() == before
    assert f"remis d’après une autre copie : data/{pack.name}" in proof.outcome
    assert proof.state == "done"
    assert (rotten.gone(one().id), queries.status().standings[0].trouble) == ([], "")


def test_check_puts_again_what_was_noted_and_says_so(years: str, tmp_path: Path, capsys: Any):
    shutil.copytree(years, tmp_path / "second")
    pack = pack_of(years)
    flip(pack)
    night(years)
    assert running.verify(years, read_data=False, as_json=True) == 1
    outcome = json.loads(capsys.readouterr().out.splitlines()[-1])["outcome"]
    assert "est d’une année passée" in outcome
    # A new copy cannot help there.
    assert "Copiez de nouveau" not in outcome
    operations.init(str(tmp_path / "second"), PASSPHRASE)
    assert running.verify(years, read_data=False, as_json=True) == 0
    told = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert [words.split(":")[1].split()[0] for words in told["findings"]] == ["mended"]
    assert "a été remis d’après un autre" in told["outcome"]
    assert rotten.gone(one().id) == []


def test_both_years_damaged_are_told_apart(years: str, capsys: Any):
    now = next(path for path in (Path(years) / "2027" / "data").rglob("*") if path.is_file())
    for pack in (pack_of(years), now):
        lose(pack)
    running.verify(years, read_data=True, as_json=True)
    outcome = json.loads(capsys.readouterr().out.splitlines()[-1])["outcome"]
    assert "Copiez de nouveau" in outcome
    assert "est d’une année passée" in outcome


def test_what_was_put_back_by_hand_is_forgotten_by_a_proof(years: str):
    pack = pack_of(years)
    before = pack.read_bytes()
    pack.unlink()
    operations.prove(years)
    assert rotten.gone(one().id) == [pack.name]
    pack.write_bytes(before)
    operations.prove(years)
    assert rotten.gone(one().id) == []


def test_year_that_nobody_opens_forgets_nothing(years: str, monkeypatch: pytest.MonkeyPatch):
    pack = pack_of(years)
    pack.unlink()
    operations.prove(years)
    opened = places.opened

    def closed(place: str) -> Any:
        if place == years:
            raise places.ForeignKey
        return opened(place)

    monkeypatch.setattr(places, "opened", closed)
    operations.verify(years)
    assert rotten.gone(one().id) == [pack.name]


def test_packs_are_spoken_of_in_the_number_that_they_are():
    one_pack, four = ["0a1b2c"], ["0a1b2c", "1b2c3d", "2c3d4e", "3d4e5f"]
    for words in (wording.lost_in_past, wording.lost_for_good, outcomes.of_past, outcomes.rotted):
        assert words(one_pack).lstrip().startswith("Paquet abîmé ou absent")
        assert words(four).lstrip().startswith("Paquets abîmés ou absents")
        assert "0a1b2c, 1b2c3d et 2 autres" in words(four)
    assert "Quenotte les remet" in wording.lost_in_past(four)
