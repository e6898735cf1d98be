"""An inventory agent of the demo that died alone: its machine is heard, it is not."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from quenotte.config.fleet_demo import machines
from quenotte.config.fleet_demo.made import Made
from quenotte.kernel.enrolment import Agent, digest, new_key
from quenotte.kernel.posture.facts import Source
from quenotte.kernel.posture.silence import CADENCES, Watch, silence
from quenotte.kernel.posture.voices import CONFIRMED_AFTER
from quenotte.provider.customers import queries as customers
from quenotte.provider.enrolment import rules
from quenotte.provider.enrolment.models import Machine
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet.facts import fingerprint, stored
from quenotte.provider.fleet.models import Finding
from quenotte.provider.fleet.operations import AGENT_SILENCE, Contact
from quenotte.wire.reports import Report

#: So long ago it spoke last.
SILENT_FOR: Final = timedelta(days=9)
#: In a smaller fleet every agent speaks.
_LEAST: Final = 20
#: What an inventory tells of what a companion tells too.
_TELLS: Final = ("machine.", "os.", "software", "disks", "antivirus.")


def chosen(made: Sequence[Made], practices: int) -> Made | None:
    """Return a workstation without a fault, a third down the fleet; None: that is a small one."""
    if practices < _LEAST:
        return None
    desks = [one for one in made if not (one.simulated.is_server or one.simulated.faults)]
    return desks[len(desks) // 3]


def add(pair: Made, at: datetime) -> Machine:
    """Give a workstation an inventory agent, and let that one speak for the last time."""
    agent = Machine.objects.create(
        customer_id=pair.row.customer_id,
        token_id=pair.row.token_id,
        host=pair.row,
        name=pair.row.name,
        agent=Agent.GLPI,
        agent_name=f"{pair.row.name}-2026-01-12-08-31-07",
        hardware_uuid=pair.row.hardware_uuid,
        serial=pair.row.serial,
        key_digest=digest(new_key()),
        standing=rules.Standing.ACCEPTED,
        enrolled_at=pair.row.enrolled_at,
        decided_at=pair.row.decided_at,
    )
    told = tuple(one for one in machines.facts(pair.simulated, at) if one.key.startswith(_TELLS))
    facts = Report(at, told).observed(Source.GLPI, at)
    key = bytes(agent.key_digest)
    fleet.take([Contact(key, Source.GLPI, fingerprint(facts), stored(facts))], at=at)
    return agent


def date(agent: Machine, now: datetime) -> None:
    """Let its silence have been found when it became one."""
    hours = customers.hours_of([agent.customer_id]).get(agent.customer_id)
    cadence, patience = CADENCES[Agent.GLPI]
    noticed = silence(now - SILENT_FOR, Watch(cadence, patience, hours), now).alert_after
    one = Finding.objects.get(machine=agent.host, rule=AGENT_SILENCE)
    one.since, one.opened_at = noticed, noticed + CONFIRMED_AFTER
    one.values = {**one.values, "noticed_at": {Agent.GLPI: noticed.isoformat()}}
    one.save()
