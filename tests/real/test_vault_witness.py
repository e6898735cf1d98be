"""A practice that watches its vault: a log that was rewritten raises an alarm, once."""

import hashlib
from pathlib import Path

import pytest

from quenotte.devices.media.vault import ledger
from quenotte.devices.media.vault.practices import Allowance, Practices
from quenotte.upkeep.backups import operations, witnessing
from quenotte.upkeep.backups.models import Copy
from quenotte.upkeep.backups.rounds import copy_hourly
from quenotte.upkeep.guard.models import Anomaly
from tests.real.test_vault import Served
from tests.upkeep.conftest import PASSPHRASE, folder

__all__ = ["folder"]

pytestmark = [
    pytest.mark.django_db(transaction=True), pytest.mark.real_clock, pytest.mark.one_engine,
]  # fmt: skip


def rewritten(log: Path) -> None:
    """Change who sent the second thing, and make each later line fit."""
    head, lines = "", []
    for number, data in enumerate(log.read_bytes().splitlines()):
        line = ledger.read(data)
        line = line._replace(previous=head or line.previous, by="x" if number == 1 else line.by)
        written = ledger.written(line)
        head = hashlib.sha256(written).hexdigest()
        lines.append(written + b"\n")
    log.write_bytes(b"".join(lines))


@pytest.mark.usefixtures("folder")
def test_vault_that_rewrites_its_log_is_caught_by_the_hourly_round(tmp_path: Path):
    served = Served(tmp_path)
    Practices(served.store).enrol("lilas", Allowance())
    served.password = Practices(served.store).enrol("roses", Allowance()).password
    served.start()
    place = f"http://roses:{served.password}@127.0.0.1:{served.port}/roses/2026/"
    destination = operations.init(place, PASSPHRASE).destination
    copy_hourly.function()
    assert Copy.objects.get().state == "done"
    assert witnessing.look(destination)
    assert not Anomaly.objects.exists()

    served.kill()
    # Nobody there: nothing is concluded.
    assert not witnessing.look(destination)
    (log,) = (served.store / "repositories").rglob("received.log")
    rewritten(log)
    served.start()
    copy_hourly.function()
    anomaly = Anomaly.objects.get()
    assert [one["sign"] for one in anomaly.signals] == ["vault"]
    assert witnessing.look(destination)
    assert Anomaly.objects.count() == 1
    served.kill()
