"""The past of the demo: faults of two weeks, a server that fell silent, a storm that is over."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Final

from django.utils import timezone

from quenotte.config.fleet_demo.made import Made
from quenotte.kernel.posture.terms import Cause, Severity
from quenotte.provider.fleet.models import Finding
from quenotte.provider.incidents import rules
from quenotte.provider.incidents.models import Incident, Step
from quenotte.provider.incidents.rules import Kind

_DAYS: Final = 14
#: What began, began while people were there: in minutes of the day, by the provider's clock.
_FROM, _TO = 8 * 60 + 30, 18 * 60 + 50
_SUNDAY: Final = 6
#: In a smaller fleet every machine speaks.
_LEAST: Final = 20


def fallen_silent(made: Sequence[Made], practices: int) -> list[Made]:
    """Return the server of the practice in the middle, which stopped days ago."""
    if practices < _LEAST:
        return []
    servers = [one for one in made if one.simulated.is_server]
    return servers[len(servers) // 2 : len(servers) // 2 + 1]


def spread(at: datetime) -> None:
    """Let what was found at one look have begun at many moments of the two weeks before."""
    rows = Finding.objects.filter(is_open=True, opened_at=at)
    found = list(rows.select_related("machine", "customer"))
    for one in found:
        # Of names: identifiers are drawn anew for each demo, and its past is the same in all.
        whose = one.machine.serial if one.machine else f"{one.customer.postcode} {one.customer}"
        one.since = one.opened_at = _before(at, Random(f"{whose} {one.rule}"))
    Finding.objects.bulk_update(found, ["since", "opened_at"], batch_size=500)


def storm(made: Sequence[Made], now: datetime) -> None:
    """Let a provider of Internet have been down for a while last week: one incident, closed."""
    network = made[0].row.customer.internet_provider
    hit = [one for one in made if one.row.customer.internet_provider == network]
    since = timezone.localtime(now - timedelta(days=6)).replace(hour=10, minute=12, second=0)
    practices, closed_at = len({one.row.customer_id for one in hit}), since + timedelta(minutes=94)
    values = {"name": network, "machines": len(hit), "practices": practices}
    one = Incident.objects.create(
        cause=Cause.STORM, network=network.casefold(), severity=Severity.CRITICAL, since=since,
        opened_at=since, closed_at=closed_at, told_at=since, told_severity=Severity.CRITICAL,
        rule="storm", state="bad", reason="network", rank=rules.rank(Severity.CRITICAL, since),
        machines=len(hit), blown=len(hit), findings=practices, values=values,
    )  # fmt: skip
    for kind, at in ((Kind.OPENED, since), (Kind.CLOSED, closed_at)):
        Step.objects.create(incident=one, at=at, kind=kind, severity=one.severity)


def date_incidents() -> None:
    """Let incidents have been opened when what they are about began."""
    found = list(Incident.objects.filter(closed_at=None))
    for one in found:
        one.opened_at = one.since
    Incident.objects.bulk_update(found, ["opened_at"], batch_size=500)
    steps = list(Step.objects.filter(kind="opened").select_related("incident"))
    for step in steps:
        step.at = step.incident.since
    Step.objects.bulk_update(steps, ["at"], batch_size=500)


def _before(at: datetime, random: Random) -> datetime:
    """Return a moment of the two weeks before, the nearer the likelier, on a working day."""
    local = timezone.localtime(at) - timedelta(days=1 + int(_DAYS * random.random() ** 2))
    if local.weekday() == _SUNDAY:
        local -= timedelta(days=1)
    minute = random.randrange(_FROM, _TO)
    return local.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
