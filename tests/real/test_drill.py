"""The drill in its small form: attacked with the server's rights, erased, back from the paper."""

from pathlib import Path

import pytest

from quenotte.config.drill import running
from quenotte.config.drill.figures import SMALL

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine]


def test_practice_comes_back_from_paper_after_ransomware(migrated):
    figures = running.play(SMALL, "fast", Path(migrated["folder"]))
    # What was acknowledged before the attack is back, the files too: only three deliveries of the
    # journal may be missing, and people wrote for longer than that since the last copy.
    assert figures.failed == []
    assert figures.rpo_s <= figures.allowance_s == SMALL.allowance_s
    assert figures.acknowledged > 15
    assert (figures.lost_acknowledged, figures.vault_objects_altered) == (0, 0)
    assert {"canary", "blob_altered"} <= set(figures.detected_by)
    assert figures.vault_refused > 100
