"""A place that was set back behind its last copy proves nothing, and is believed no further."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from quenotte.upkeep.backups import operations, proving, queries
from quenotte.upkeep.backups.models import Copy

pytestmark = [pytest.mark.django_db, pytest.mark.any_engine]


@pytest.fixture
def two(real_place: str, frozen_clock: Any) -> tuple[Copy, Copy]:
    """Two copies of a place, an hour apart."""
    earlier = operations.run(real_place)
    frozen_clock.move_to(timezone.now() + timedelta(hours=1))
    return earlier, operations.run(real_place)


def test_older_copy_that_comes_back_is_no_proof_of_the_newer(
    real_place: str, two: tuple[Copy, Copy], tmp_path: Path
):
    earlier, later = two
    snapshot = Path(real_place) / "snapshots" / later.snapshot_id
    snapshot.rename(tmp_path / "aside")

    proof = operations.prove(real_place)
    assert (proof.state, proof.snapshot_id) == ("failed", earlier.snapshot_id)
    assert "n’est plus à cet emplacement" in proof.outcome
    standing = queries.standing_of(earlier.destination)
    assert standing.last_good_copy == earlier
    assert queries.status().sentence.startswith("Restaurable jusqu’à 9 h 30")
    # It goes on until a copy is made there, or the place is put right.
    assert operations.prove(real_place).state == "failed"

    (tmp_path / "aside").rename(snapshot)
    assert operations.prove(real_place).state == "done"
    assert queries.standing_of(later.destination).last_good_copy == later


def test_emptied_place_is_counted_no_more(
    real_place: str, two: tuple[Copy, Copy], frozen_clock: Any
):
    for copy in two:
        (Path(real_place) / "snapshots" / copy.snapshot_id).unlink()
    with pytest.raises(proving.NothingToProve):
        operations.prove(real_place)
    assert queries.status().sentence == "Rien n’est encore sauvegardé."

    # Two copies of one moment have no order: nobody makes them.
    frozen_clock.move_to(timezone.now() + timedelta(minutes=1))
    again = operations.run(real_place)
    assert operations.prove(real_place).state == "done"
    assert queries.standing_of(again.destination).last_good_copy == again
