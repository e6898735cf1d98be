"""Fills the provider's database with a whole fleet, and writes down what each machine says.

``python -m bench.fleets.filling PRACTICES TALKERS FILE``, in the environment of a provider's
site. Six machines a practice. FILE: a line a machine, of TALKERS of them (the first of each
practice, then the second ...): its key, its serial number and its report, in JSON.
"""

import json
import os
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from quenotte.config.fleet_demo.made import Made

#: Programs of each machine beside the demo's: with them a report has 4 kB.
_PROGRAMS = 22
_BATCH = 500
#: Rules look so many machines at once at most; nobody waits for them here.
_ROUNDS = 100_000


def told(pair: "Made", now: Any) -> Any:
    """Return what a machine says, with as many programs as a real one tells at least."""
    from quenotte.config.fleet_demo import machines

    found = machines.facts(pair.simulated, now)
    more = [
        {"name": f"Logiciel métier {number:02}", "version": f"{number}.4.1", "publisher": "Éditeur"}
        for number in range(_PROGRAMS)
    ]
    return tuple(
        replace(one, value=[*one.value, *more]) if one.key == "software" else one for one in found
    )


def fill(practices: int) -> "list[Made]":
    """Make practices and machines, and take their first reports in."""
    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from quenotte.config.fleet_demo import parc
    from quenotte.provider.fleet import operations as fleet

    assert settings.SEALING_KEY
    now = timezone.now()
    with transaction.atomic():
        made = parc.make(parc.Size(practices, 6), now)
    fleet.make_coming_months()
    for batch in _batches(made):
        fleet.take([one for pair in batch for one in _contacts(pair, now)], at=now)
    return made


def _contacts(pair: "Made", now: Any) -> Iterator[Any]:
    from quenotte.config.fleet_demo import parc

    yield from parc.contacts_of(pair, now, told(pair, now))


def _batches(made: Sequence["Made"]) -> "Iterator[Sequence[Made]]":
    for first in range(0, len(made), _BATCH):
        yield made[first : first + _BATCH]


def talkers(made: Iterable["Made"], count: int) -> Iterator[dict[str, str]]:
    """Yield key, serial number and report of the machines that will talk."""
    from django.utils import timezone

    from quenotte.config.fleet_demo import parc
    from quenotte.wire.fingerprints import Fingerprint, fingerprint_of
    from quenotte.wire.messages import write
    from quenotte.wire.reports import Report

    now = timezone.now()
    for pair in list(made)[:count]:
        facts = told(pair, now)
        yield {
            "key": parc.key_of(pair.simulated.serial),
            "serial": pair.simulated.serial,
            "report": write(Report(now, facts)).decode(),
            "beat": write(Fingerprint(fingerprint_of(facts).digest)).decode(),
        }


def main(practices: int, count: int, path: Path) -> None:
    """Fill, let the rules look at everybody once, and write the talkers down."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.utils import timezone

    from quenotte.provider.fleet import operations as fleet
    from quenotte.provider.incidents import operations as incidents

    call_command("migrate", verbosity=0)
    begun = time.monotonic()
    made = fill(practices)
    with path.open("w") as out:
        for one in talkers(made, count):
            out.write(json.dumps(one) + "\n")
    filled_s = time.monotonic() - begun
    begun_ms = time.process_time() * 1000
    now = timezone.now()
    fleet.judge_due(now=now, rounds=_ROUNDS)
    fleet.sweep(now=now + timedelta(seconds=1))
    incidents.draw(now=now)
    judged_us = (time.process_time() * 1000 - begun_ms) * 1000 / len(made)
    print(json.dumps({"fill_s": round(filled_s, 1), "judge_us": round(judged_us)}))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "quenotte.config.settings.provider")
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
