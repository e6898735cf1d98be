from dataclasses import replace
from datetime import timedelta

import pytest

from quenotte.kernel.posture.terms import Cause
from quenotte.kernel.posture.windows import Window, heard_at, parted
from tests.kernel.posture.samples import DAY, HOUR, NOW
from tests.kernel.posture.test_grouping import LEFT, LOCK, OTHER

WORK = Window(NOW, NOW + 2 * HOUR, practice="quenottes")


def test_findings_are_muted_while_the_window_is_open():
    assert parted([LEFT, OTHER], [WORK], NOW) == ([OTHER], [LEFT])
    assert parted([LEFT, OTHER], [WORK], NOW - HOUR) == ([LEFT, OTHER], [])


def test_window_is_over_by_itself_and_nothing_was_stored_up():
    assert parted([LEFT], [WORK], NOW + HOUR) == ([], [LEFT])
    assert parted([], [WORK], NOW + 2 * HOUR) == ([], [])
    assert parted([LEFT], [WORK], NOW + 2 * HOUR) == ([LEFT], [])


@pytest.mark.parametrize(
    ("window", "muted"),
    [
        (replace(WORK, practice=""), [LEFT, LOCK, OTHER]),
        (replace(WORK, subject="poste-1"), [LOCK]),
        (replace(WORK, causes=frozenset({Cause.BACKUP})), [LEFT]),
        (replace(WORK, practice="ailleurs"), []),
    ],
)
def test_window_mutes_what_it_is_for(window, muted):
    assert parted([LEFT, LOCK, OTHER], [window], NOW)[1] == muted


def test_silence_counts_from_the_end_of_the_work():
    seen = NOW - HOUR
    after = NOW + 3 * HOUR
    assert heard_at(seen, "quenottes", "poste-1", [WORK], after) == NOW + 2 * HOUR
    assert heard_at(seen, "quenottes", "poste-1", [WORK], NOW + HOUR) == seen
    assert heard_at(seen, "molaires", "poste-9", [WORK], after) == seen
    assert heard_at(after, "quenottes", "poste-1", [WORK], after) == after
    of_disks = replace(WORK, causes=frozenset({Cause.DISKS}))
    assert heard_at(seen, "quenottes", "poste-1", [of_disks], after) == seen


@pytest.mark.parametrize("length", [timedelta(), -HOUR, 8 * DAY])
def test_window_must_end(length):
    with pytest.raises(ValueError, match="end"):
        Window(NOW, NOW + length)
