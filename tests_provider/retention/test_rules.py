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
    for now, is_emptied, step in (
        (ENDED, False, None),
        (kept.machines_until - SECOND, False, None),
        (kept.machines_until, False, Step.MACHINES),
        (kept.machines_until, True, None),
        (kept.proofs_until - SECOND, True, None),
        (kept.proofs_until - SECOND, False, Step.MACHINES),
        (kept.proofs_until, True, Step.PRACTICE),
        # One after the other: what fails of the second keeps nothing of the first.
        (kept.proofs_until, False, Step.MACHINES),
    ):
        assert due(kept, is_emptied=is_emptied, now=now) == step


def test_nothing_goes_where_no_end_is_known():
    assert due(None, is_emptied=False, now=ENDED + timedelta(days=9_999)) is None


def test_journal_keeps_what_is_told_as_it_is():
    names = ("machines", "tokens", "incidents", "windows", "exemptions", "digests", "licences")
    words = told({**dict.fromkeys(names, 9_999), "drafts": 0})
    assert re.fullmatch(r"machines:9999,tokens:9999,.*,licences:9999", words)
    assert clean_detail({"fields": words}) == {"fields": words}
