from datetime import UTC, datetime

import pytest

from quenotte.devices.agents.credible import Told
from quenotte.devices.agents.gathering import Gathering
from quenotte.kernel.posture.facts import Source, Unknown


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("machine.name", "PC\x001"),
        ("machine.name", "PC\ud800"),
        ("machine.memory_mib", "8192"),
        ("disks", [{"name": "sda1", "mount": "/\x00"}]),
    ],
)
def test_value_that_no_database_keeps_is_not_credible(key, value):
    found = Gathering(Source.GLPI, datetime(2026, 3, 17, tzinfo=UTC))
    found.tell(key, Told(value))

    (fact,) = found.facts()
    assert (fact.value, fact.unknown) == (None, Unknown.NOT_CREDIBLE)
