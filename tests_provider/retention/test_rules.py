"""When what goes of a former practice, on plain values."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from quenotte.base.audit.rules import clean_detail
from quenotte.provider.customers.rules import keeping
from quenotte.provider.retention.rules import Step, due, told

ENDED = datetime(2026, 11, 12, 9, 30, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("ended", "machines", "proofs"),
    [
        ("2026-11-12", "2027-11-12", "2031-11-12"),
        # No year after it has that day but each fourth one: a day more, never one less.
        ("2028-02-29", "2029-03-01", "2033-03-01"),
    ],
)
def test_kept_for_whole_years(ended: str, machines: str, proofs: str):
    kept = keeping(datetime.fromisoformat(f"{ended}T09:30:00+00:00"))
    assert f"{kept.machines_until:%Y-%m-%d %H:%M}" == f"{machines} 09:30"
    assert f"{kept.proofs_until:%Y-%m-%d %H:%M}" == f"{proofs} 09:30"


def test_each_step_has_its_hour():
    kept = keeping(ENDED)
    late = kept.proofs_until - timedelta(days=3)
    for now, emptied_at, step in (
        (ENDED, None, None),
        (kept.machines_until - SECOND, None, None),
        (kept.machines_until, None, Step.MACHINES),
        (kept.machines_until, kept.machines_until, None),
        (kept.proofs_until - SECOND, kept.machines_until, None),
        (kept.proofs_until - SECOND, None, Step.MACHINES),
        (kept.proofs_until, kept.machines_until, Step.PRACTICE),
        # One after the other, and never in one run: a month lies between.
        (kept.proofs_until, None, Step.MACHINES),
        (kept.proofs_until, late, None),
        (late + timedelta(days=30) - SECOND, late, None),
        (late + timedelta(days=30), late, Step.PRACTICE),
        # Emptied by a clock that was ahead.
        (kept.proofs_until, kept.proofs_until + timedelta(days=3_650), None),
    ):
        assert due(kept, emptied_at=emptied_at, now=now) == step


def test_nothing_goes_where_no_end_is_known():
    assert due(None, emptied_at=None, now=ENDED + timedelta(days=9_999)) is None


def test_journal_keeps_what_is_told_as_it_is():
    names = ("machines", "tokens", "incidents", "windows", "exemptions", "digests", "licences")
    words = told({**dict.fromkeys(names, 9_999), "drafts": 0})
    assert re.fullmatch(r"machines:9999,tokens:9999,.*,licences:9999", words)
    assert clean_detail({"fields": words}) == {"fields": words}
