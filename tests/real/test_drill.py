"""The drill in its small form: attacked with the server's rights, erased, back from the paper."""

from pathlib import Path

import pytest

from quenotte.config.drill import running

pytestmark = [pytest.mark.real_clock, pytest.mark.one_engine]


def test_practice_comes_back_from_paper_after_ransomware(migrated):
    figures = running.play(running.SMALL, "fast", Path(migrated["folder"]))
    assert figures.acknowledged > 15
    assert (figures.lost_acknowledged, figures.vault_objects_altered) == (0, 0)
    assert figures.false_alarms == 0
    assert {"canary", "blob_altered"} <= set(figures.detected_by)
    assert figures.vault_refused > 100
    # What left the machine is back, the files too: only the last moments may be missing.
    assert figures.acknowledged > 2 * figures.lost_last_minute
