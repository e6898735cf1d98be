"""Each way of tampering with the journal is found and named, on both engines."""

from pathlib import Path
from uuid import uuid4

import pytest
from django.conf import settings
from pytest_django import Settings

from quenotte.base.audit import chain, verification
from quenotte.base.audit.chain import Fault, Finding
from quenotte.base.audit.models import Head, Line
from quenotte.base.audit.operations import anchor, record, verify
from quenotte.base.audit.rules import SYSTEM, Action, head_seal_of
from tests.base.audit.tampering import tamper

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def journal(settings: Settings, tmp_path: Path) -> None:
    """Write ten lines, and keep the anchors in a folder of this test."""
    settings.DATA_DIR = tmp_path
    for count in range(10):
        record(action=Action.READ, actor=SYSTEM, patient_id=uuid4(), detail={"count": count})


def _found() -> list[Finding]:
    report = verify()
    assert report.count == len(report.findings)
    assert report.is_sound == (not report.findings)
    return list(report.findings)


def test_verify_of_a_whole_journal_finds_nothing() -> None:
    assert verify().lines == 10
    assert _found() == []


def _empty() -> None:
    """Leave the journal as an installation writes it."""
    first = head_seal_of(settings.AUDIT_KEY, 0, "")
    tamper("DELETE FROM base_line", f"UPDATE base_head SET number = 0, seal = '{first}'")


def test_verify_of_an_empty_journal_finds_nothing() -> None:
    _empty()

    assert _found() == []


@pytest.mark.parametrize(
    "head", ["UPDATE base_head SET number = 0, seal = ''", "DELETE FROM base_head"]
)
def test_verify_names_an_emptied_journal_with_a_forged_head(head: str) -> None:
    tamper("DELETE FROM base_line", head)

    assert _found() == [Finding(Fault.EMPTIED, 0)]
    assert "a été vidé" in str(_found()[0])
    record(action=Action.READ, actor=SYSTEM)
    assert _found() == [Finding(Fault.UNSURE, 1)]


@pytest.mark.parametrize(
    "change",
    [
        "person_label = 'Quelqu’un d’autre'",
        "action = 'search'",
        "result = 'refused'",
        "workstation = 'Poste FFFF'",
        "patient_id = NULL",
        "practice_id = '6f3fbc1e5f4747c9a6d14c3bd8f0a111'",
        "object_id = '1'",
        "detail = '{\"count\": 99}'",
        "at = '2020-01-01 00:00:00'",
    ],
)
def test_verify_names_an_altered_line(change: str) -> None:
    tamper(f"UPDATE base_line SET {change} WHERE number = 4")

    assert _found() == [Finding(Fault.ALTERED, 4)]


def test_verify_names_an_altered_last_line() -> None:
    tamper("UPDATE base_line SET result = 'refused' WHERE number = 10")

    assert _found() == [Finding(Fault.ALTERED, 10)]


def test_verify_names_removed_lines() -> None:
    tamper("DELETE FROM base_line WHERE number IN (3, 6, 7)")

    assert _found() == [Finding(Fault.REMOVED, 3, 3), Finding(Fault.REMOVED, 6, 7)]
    assert [str(finding) for finding in _found()] == [
        "Ligne 3 : elle a été retirée.",
        "Lignes 6 à 7 : elles ont été retirées.",
    ]


def test_verify_names_the_removed_first_lines() -> None:
    tamper("DELETE FROM base_line WHERE number < 3")

    assert _found() == [Finding(Fault.REMOVED, 1, 2)]


def test_verify_names_lines_that_changed_places() -> None:
    tamper(
        "UPDATE base_line SET number = 100 WHERE number = 4",
        "UPDATE base_line SET number = 4 WHERE number = 7",
        "UPDATE base_line SET number = 7 WHERE number = 100",
    )

    assert _found() == [Finding(Fault.MOVED, 4, 7), Finding(Fault.MOVED, 7, 4)]
    assert "portait le numéro 7" in str(_found()[0])


def test_verify_names_a_gap_that_was_closed_by_renumbering() -> None:
    tamper(
        "DELETE FROM base_line WHERE number = 8",
        "UPDATE base_line SET number = 8 WHERE number = 9",
        "UPDATE base_line SET number = 9 WHERE number = 10",
    )

    assert Finding(Fault.MOVED, 8, 9) in _found()
    assert Finding(Fault.TRUNCATED, 10, 10) in _found()


def test_verify_names_a_forged_line() -> None:
    tamper(f"UPDATE base_line SET result = 'refused', seal = '{'0' * 64}' WHERE number = 5")

    assert _found() == [Finding(Fault.FORGED, 5)]


def test_verify_names_a_line_sealed_but_not_following(settings: Settings) -> None:
    line = Line.objects.get(number=5)
    from quenotte.base.audit.rules import COLUMNS, seal_of

    line.previous_seal = "f" * 64
    seal = seal_of(settings.AUDIT_KEY, [getattr(line, name) for name in COLUMNS])
    tamper(
        "UPDATE base_line SET previous_seal = %s, seal = %s WHERE number = 5",
        values=[line.previous_seal, seal],
    )

    assert [finding.first for finding in _found()] == [5, 6]


def test_verify_names_a_line_added_behind_the_back() -> None:
    tamper(
        "INSERT INTO base_line (number, at, person_label, workstation, source, action, "
        "object_kind, object_id, result, detail, previous_seal, seal) SELECT 11, at, "
        "person_label, workstation, source, action, object_kind, object_id, result, detail, "
        "seal, seal FROM base_line WHERE number = 10"
    )

    assert {finding.fault for finding in _found()} == {Fault.FORGED, Fault.HEAD}


def test_verify_names_a_cut_end() -> None:
    tamper("DELETE FROM base_line WHERE number > 7")

    assert _found() == [Finding(Fault.TRUNCATED, 8, 10)]


def _cut_and_forge_the_head() -> None:
    tamper(
        "DELETE FROM base_line WHERE number > 7",
        "UPDATE base_head SET number = 7, seal = (SELECT seal FROM base_line WHERE number = 7)",
    )


def test_verify_names_a_cut_end_with_a_forged_head() -> None:
    _cut_and_forge_the_head()

    assert _found() == [Finding(Fault.REPLACED, 7)]
    assert "La fin du journal a été coupée" in str(_found()[0])


def test_verify_names_a_cut_end_for_ever_when_lines_follow_a_forged_head() -> None:
    _cut_and_forge_the_head()
    for _ in range(4):
        record(action=Action.READ, actor=SYSTEM)

    assert _found() == [Finding(Fault.UNSURE, 8)]
    assert "coupées juste avant elle" in str(_found()[0])


def test_verify_names_a_cut_end_when_lines_follow_a_removed_head() -> None:
    tamper("DELETE FROM base_line WHERE number > 7", "DELETE FROM base_head")

    assert record(action=Action.READ, actor=SYSTEM).number == 8
    assert _found() == [Finding(Fault.UNSURE, 8)]


def test_verify_names_a_cut_end_when_lines_follow_an_untouched_head() -> None:
    tamper("DELETE FROM base_line WHERE number > 7")

    assert record(action=Action.READ, actor=SYSTEM).number == 11
    assert _found() == [Finding(Fault.REMOVED, 8, 10), Finding(Fault.UNSURE, 11)]


def test_verify_names_a_true_seal_on_the_head_of_another_line() -> None:
    tamper("UPDATE base_head SET number = 9", "DELETE FROM base_line WHERE number > 9")

    assert _found() == [Finding(Fault.REPLACED, 9)]


def test_verify_finds_an_older_head_put_back_by_the_anchors() -> None:
    older = Head.objects.get()
    for _ in range(3):
        record(action=Action.READ, actor=SYSTEM)
    anchor()
    tamper(
        f"DELETE FROM base_line WHERE number > {older.number}",
        f"UPDATE base_head SET number = {older.number}, seal = '{older.seal}'",
    )
    assert _found() == [Finding(Fault.TRUNCATED, 11, 13)]

    for _ in range(4):
        record(action=Action.SEARCH, actor=SYSTEM)
    anchor()
    assert _found() == [Finding(Fault.REWRITTEN, 13)]


def test_verify_compares_the_first_anchor_of_a_number(tmp_path: Path) -> None:
    older = Head.objects.get()
    record(action=Action.READ, actor=SYSTEM)
    anchor()
    path = tmp_path / "anchors" / "journal.txt"
    first = path.read_text()
    path.unlink()
    tamper(
        "DELETE FROM base_line WHERE number = 11",
        f"UPDATE base_head SET number = 10, seal = '{older.seal}'",
    )
    record(action=Action.SEARCH, actor=SYSTEM)
    anchor()
    path.write_text(first + path.read_text())

    assert _found() == [Finding(Fault.REWRITTEN, 11)]


def test_verify_names_everything_gone() -> None:
    tamper("DELETE FROM base_line")

    assert _found() == [Finding(Fault.TRUNCATED, 1, 10)]


def test_verify_finds_a_cut_end_with_a_mended_head_by_the_anchor() -> None:
    assert anchor()
    seal = Line.objects.get(number=7).seal
    tamper(
        "DELETE FROM base_line WHERE number > 7",
        f"UPDATE base_head SET number = 7, seal = '{seal}'",
    )

    assert _found() == [Finding(Fault.TRUNCATED, 8, 10)]


def test_verify_finds_a_journal_rewritten_with_the_stolen_key(
    settings: Settings,
) -> None:
    anchor()
    _empty()
    for _ in range(10):
        record(action=Action.SEARCH, actor=SYSTEM)

    assert _found() == [Finding(Fault.REWRITTEN, 10)]


def test_verify_names_a_replaced_head() -> None:
    tamper(f"UPDATE base_head SET seal = '{'a' * 64}'")

    assert _found() == [Finding(Fault.REPLACED, 10)]


def test_verify_names_a_head_set_back() -> None:
    tamper("UPDATE base_head SET number = 8")

    assert _found() == [Finding(Fault.HEAD, 8, 10)]


def test_verify_names_a_removed_head() -> None:
    tamper("DELETE FROM base_head")

    assert _found() == [Finding(Fault.HEAD, 0, 10)]


def test_record_goes_on_after_the_head_was_removed() -> None:
    tamper("DELETE FROM base_head")

    assert record(action=Action.READ, actor=SYSTEM).number == 11
    assert _found() == [Finding(Fault.UNSURE, 11)]


def test_verify_names_a_tampered_anchor(tmp_path: Path) -> None:
    anchor()
    path = tmp_path / "anchors" / "journal.txt"
    path.write_text(path.read_text().replace("10 ", "11 ", 1))

    assert _found() == [Finding(Fault.ANCHOR, 1)]


def test_anchor_is_written_once_for_the_same_head(tmp_path: Path) -> None:
    assert anchor()
    assert not anchor()
    record(action=Action.READ, actor=SYSTEM)
    assert anchor()

    lines = (tmp_path / "anchors" / "journal.txt").read_text().splitlines()
    assert [line.split()[0] for line in lines] == ["10", "11"]
    assert _found() == []


def test_anchor_of_an_empty_journal_writes_nothing(tmp_path: Path) -> None:
    _empty()

    assert not anchor()
    assert not (tmp_path / "anchors").exists()


def test_verify_with_another_key_finds_every_line(settings: Settings) -> None:
    settings.AUDIT_KEY = "0" * 64

    faults = [finding.fault for finding in _found()]
    # Nothing that this key could prove vouches for the last line either.
    assert faults == [Fault.ALTERED] * 9 + [Fault.FORGED]
    assert len(_found()) == 10


def test_verify_tells_the_first_findings_and_counts_all(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verification, "_TOLD", 3)
    settings.AUDIT_KEY = "0" * 64

    report = verify()

    assert (len(report.findings), report.count) == (3, 10)


def test_verify_looks_for_few_moved_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chain, "_SEARCHES", 1)
    tamper(
        "UPDATE base_line SET number = 100 WHERE number = 4",
        "UPDATE base_line SET number = 4 WHERE number = 7",
        "UPDATE base_line SET number = 7 WHERE number = 100",
    )

    assert [finding.fault for finding in _found()] == [Fault.MOVED, Fault.FORGED]


def test_verify_reads_by_small_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(verification, "_CHUNK", 3)
    tamper("DELETE FROM base_line WHERE number = 5")

    assert _found() == [Finding(Fault.REMOVED, 5, 5)]


def test_head_follows_the_last_line() -> None:
    last = Line.objects.get(number=10)

    assert Head.objects.get().seal == head_seal_of(settings.AUDIT_KEY, 10, last.seal)


def test_verify_survives_what_is_no_identifier(monkeypatch: pytest.MonkeyPatch) -> None:
    from django.db import connection

    if connection.vendor == "postgresql":
        # Its column types refuse such a value: there is nothing to survive.
        with pytest.raises(Exception, match="uuid"):
            tamper("UPDATE base_line SET person_id = 'personne' WHERE number = 5")
        return
    tamper("UPDATE base_line SET person_id = 'personne' WHERE number = 5")

    assert _found() == [Finding(Fault.ALTERED, 5)]
