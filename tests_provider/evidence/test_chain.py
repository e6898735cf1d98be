"""The chain of a practice is checked against its files, its rows, its paper and the journal."""

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from quenotte.base.audit.rules import Actor
from quenotte.base.files import operations as files
from quenotte.base.files.shelves import shelf
from quenotte.kernel.memento import canonical
from quenotte.kernel.memento.comparing import Turn
from quenotte.kernel.memento.dossiers import digest_of
from quenotte.provider.evidence import queries, rules
from quenotte.provider.evidence.models import Dossier
from tests.support.emptying import triggers_lifted
from tests_provider.evidence.test_making import machine, make
from tests_provider.fleet.test_judging import WINDOWS, tell

__all__ = ["machine"]
pytestmark = pytest.mark.django_db


@pytest.fixture
def dossiers(machine: Any, actor: Actor, frozen_clock: Any) -> list[Dossier]:
    """Three dossiers of a practice, a month apart; the disk was encrypted after the first."""
    made = []
    for number in range(3):
        encrypted = {"mount": "C:", "total_mib": 9, "free_mib": 9, "is_encrypted": number > 0}
        tell(machine, {**WINDOWS, "disks": {"value": [encrypted]}})
        made.append(make(machine.customer_id, actor))
        frozen_clock.shift(timedelta(days=30))
    return made


def faults(dossiers: list[Dossier]) -> dict[int, tuple[str, ...]]:
    """Return the faults of each dossier that has one, by its number."""
    found = queries.proofs_of(dossiers[0].customer_id)
    return {one.dossier.number: one.faults for one in found if one.faults}


def change(*statements: str) -> None:
    """Change what triggers protect, as somebody may who has the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # No trigger is lifted while a foreign key waits to be looked at.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with triggers_lifted(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def overwrite(sha256: str, content: bytes) -> None:
    path = shelf().local_path(sha256)
    assert path is not None
    path.chmod(0o600)
    path.write_bytes(content)


def test_chain_that_nobody_touched_is_whole(dossiers: list[Dossier]):
    assert faults(dossiers) == {}


def test_what_moved_is_told_from_the_files(dossiers: list[Dossier]):
    second = dossiers[1]
    moved = queries.changes_of(second, queries.content_of(second))
    assert {one.item: one.turn for one in moved if one.turn is not Turn.SAME} == {
        "encryption": Turn.BETTER
    }
    assert queries.changes_of(dossiers[0], queries.content_of(dossiers[0])) == []


def test_file_that_was_changed_is_told(dossiers: list[Dossier]):
    file = queries.written(dossiers[1])
    overwrite(dossiers[1].json_file_id, file.replace(b'"bad":', b'"bad": ', 1))
    assert faults(dossiers) == {2: ("rewritten",)}
    overwrite(dossiers[1].json_file_id, file.replace(b"44000", b"44001"))
    assert faults(dossiers) == {2: ("edited",)}
    overwrite(dossiers[1].json_file_id, b"{}")
    assert faults(dossiers) == {2: ("unreadable", "away"), 3: ("missing",)}


def test_paper_that_was_changed_is_told(dossiers: list[Dossier]):
    overwrite(dossiers[2].pdf_file_id, b"%PDF-1.7")
    assert faults(dossiers) == {3: ("paper",)}


def test_file_that_is_not_there_is_told(dossiers: list[Dossier]):
    path = shelf().local_path(dossiers[0].json_file_id)
    assert path is not None
    path.unlink()
    assert faults(dossiers)[1] == ("away",)


def test_row_that_points_to_another_file_is_told_by_the_journal(dossiers: list[Dossier]):
    other = dossiers[0].json_file_id
    change(f"UPDATE provider_dossier SET json_file_id = '{other}' WHERE number = 2")
    assert "away" in faults(dossiers)[2]


@pytest.mark.parametrize("words", ["digest = 'x'", "journal_number = 1"])
def test_row_that_was_changed_is_told(dossiers: list[Dossier], words: str):
    change(f"UPDATE provider_dossier SET {words} WHERE number = 2")
    assert "journal" in faults(dossiers)[2]


def test_last_dossier_that_was_removed_is_known_by_the_journal(
    dossiers: list[Dossier], actor: Actor
):
    customer_id, house = dossiers[0].customer_id, actor.practice_id
    assert house is not None
    assert queries.lost_of(customer_id, house) == []
    change("DELETE FROM provider_making", "DELETE FROM provider_dossier WHERE number = 3")
    assert faults(dossiers) == {}
    assert [one.number for one in queries.lost_of(customer_id, house)] == [3]


def test_dossier_that_was_removed_is_missing(dossiers: list[Dossier]):
    change("DELETE FROM provider_making", "DELETE FROM provider_dossier WHERE number = 2")
    assert faults(dossiers) == {3: ("missing",)}


def told_again(dossier: Dossier, digest: str) -> str:
    """Return what makes the journal tell another digest of a dossier, without the key of seals."""
    told = {
        "count": dossier.number,
        "digest": rules.grouped(digest),
        "file": rules.grouped(dossier.pdf_file_id),
        "to": rules.grouped(dossier.customer_id.hex),
    }
    detail, line = json.dumps(told), dossier.journal_number
    return f"UPDATE base_line SET detail = '{detail}' WHERE number = {line}"


def test_line_of_the_journal_that_was_changed_with_the_dossier_vouches_for_nothing(
    dossiers: list[Dossier], actor: Actor
):
    last, house = dossiers[2], actor.practice_id
    assert house is not None
    assert queries.broken_lines(house) == []
    content = canonical.read(queries.written(last))
    content["counts"]["bad"] = 0
    digest = content["hash"] = digest_of(content)
    file = canonical.written(content)
    kept = files.keep(file, media_type="application/json")
    change(
        f"UPDATE provider_dossier SET digest = '{digest}', json_file_id = '{kept.sha256}'"
        f" WHERE number = 3",
        told_again(last, digest),
    )
    # Its PDF is the one that was made: nothing else is said of it.
    assert faults(dossiers) == {3: ("journal",)}
    assert [line.number for line in queries.broken_lines(house)] == [last.journal_number]


def test_line_that_names_another_practice_now_is_told(dossiers: list[Dossier], actor: Actor):
    house, line = actor.practice_id, dossiers[2].journal_number
    assert house is not None
    change(
        "DELETE FROM provider_making",
        "DELETE FROM provider_dossier WHERE number = 3",
        f"""UPDATE base_line SET detail = '{{"count": 3, "to": "0000"}}' WHERE number = {line}""",
    )
    assert faults(dossiers) == {}
    assert [one.number for one in queries.broken_lines(house)] == [line]


@pytest.mark.parametrize("content", [b"{}", b"[]", b"no JSON"])
def test_file_that_is_not_the_one_that_was_made_is_not_read(
    dossiers: list[Dossier], content: bytes
):
    overwrite(dossiers[1].json_file_id, content)
    with pytest.raises(queries.NotGenuine):
        queries.content_of(dossiers[1])
    kept = files.keep(content, media_type="application/json")
    change(f"UPDATE provider_dossier SET json_file_id = '{kept.sha256}' WHERE number = 1")
    first = queries.dossier_of(dossiers[0].customer_id, 1)
    assert first is not None
    with pytest.raises(queries.NotGenuine):
        queries.content_of(first)
