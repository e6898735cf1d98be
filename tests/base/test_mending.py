"""What to do about a broken rule: said to the practice and to its technician, from one table."""

import pytest

from quenotte.base import mending
from quenotte.kernel.posture.rules import RULES
from quenotte.upkeep.workstations.wording import FAULTS

#: Reasons that say that all is well enough.
WELL = {"ok", "ends_soon"}
CODES = [f"{rule.key}.{one}" for rule in RULES for one in rule.reasons if one not in WELL]


@pytest.mark.parametrize("code", CODES)
def test_technician_knows_what_to_do_about_each_broken_rule(code: str):
    assert mending.for_technician(code).endswith(".")


@pytest.mark.parametrize("code", sorted(FAULTS))
def test_practice_reads_of_the_same_mend(code: str):
    assert mending.for_practice(code).endswith(".")
    assert mending.for_practice(code) != mending.for_technician(code)


def test_code_that_nobody_knows_asks_for_nothing():
    assert (
        mending.for_practice("of_tomorrow.yes") == mending.for_technician("of_tomorrow.yes") == ""
    )
    assert mending.for_practice("backup_anomaly.yes") == ""
