"""What quiets a finding: an exemption, a window, a storm, or nothing."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from quenotte.kernel.posture import grouping, windows
from quenotte.kernel.posture.judging import Verdict
from quenotte.kernel.posture.terms import Cause, Severity, State
from quenotte.provider.fleet import queries as found_now
from quenotte.provider.incidents import queries, rules
from quenotte.provider.incidents.models import Blown, Exemption, Muted, Window
from quenotte.provider.incidents.rules import Standing

if TYPE_CHECKING:
    from quenotte.provider.fleet.models import Finding


@dataclass(frozen=True, slots=True)
class Around:
    """What counts for a batch of practices beside what is found."""

    now: datetime
    windows: Mapping[UUID, Sequence[Window]]
    exemptions: Mapping[UUID, Sequence[Exemption]]
    #: Machines that fell silent while they were expected, and those that a storm explains.
    sudden: frozenset[str]
    blown: frozenset[str]


def around(customer_ids: Collection[UUID], now: datetime) -> Around:
    """Return what counts for some practices now: windows, exemptions, who is part of a storm."""
    open_windows: dict[UUID, list[Window]] = defaultdict(list)
    for window in Window.objects.filter(
        customer_id__in=customer_ids, starts_at__lte=now, ends_at__gt=now
    ):
        open_windows[window.customer_id].append(window)
    standing: dict[UUID, list[Exemption]] = defaultdict(list)
    for exemption in queries.standing_exemptions(now).filter(customer_id__in=customer_ids):
        standing[exemption.customer_id].append(exemption)
    blown = Blown.objects.filter(machine__customer_id__in=customer_ids)
    return Around(
        now,
        open_windows,
        standing,
        frozenset(one.machine for one in found_now.sudden(customer_ids)),
        frozenset(str(one) for one in blown.values_list("machine_id", flat=True)),
    )


def parted(findings: Iterable["Finding"], around: Around) -> dict[Standing, list[grouping.Finding]]:
    """Part what is found by what quiets it: an exemption, a window, a storm, or nothing."""
    found: dict[Standing, list[grouping.Finding]] = {one: [] for one in Standing}
    left: list[grouping.Finding] = []
    for row in findings:
        is_borne = any(_bears(each, row, around.now) for each in _of(around.exemptions, row))
        (found[Standing.BORNE] if is_borne else left).append(_plain(row))
    now_open = [_window(one) for each in around.windows.values() for one in each]
    left, found[Standing.MUTED] = windows.parted(left, now_open, around.now)
    for one in left:
        found[_standing(one, around)].append(one)
    return found


def _standing(one: grouping.Finding, around: Around) -> Standing:
    if one.cause is Cause.SILENCE and one.subject in around.blown:
        return Standing.HELD
    if one.cause is not Cause.SILENCE or one.subject not in around.sudden:
        return Standing.TOLD
    return Standing.WAITING if rules.is_young(one.since, around.now) else Standing.TOLD


def _of(exemptions: Mapping[UUID, Sequence[Exemption]], finding: "Finding") -> Iterable[Exemption]:
    found = exemptions.get(finding.customer_id, ())
    return [one for one in found if one.machine_id == finding.machine_id]


def _bears(exemption: Exemption, finding: "Finding", at: datetime) -> bool:
    """Tell whether an exemption bears what stands; what cannot be read any more stays borne."""
    found = Verdict(finding.rule, State(finding.state), finding.reason, finding.values)
    return exemption.bears(found, at)


def _plain(one: "Finding") -> grouping.Finding:
    return grouping.Finding(
        str(one.customer_id),
        subject(one),
        one.rule,
        Cause(one.cause),
        Severity(one.severity),
        found_now.opened(one),
    )


def subject(one: "Finding") -> str:
    """Return whom a finding is about: a machine, "" for the practice itself."""
    return str(one.machine_id or "")


def _window(one: Window) -> windows.Window:
    return windows.Window(
        one.starts_at, one.ends_at, str(one.customer_id), str(one.machine_id or "")
    )


def muted(
    some: Iterable[grouping.Finding],
    rows: Mapping[tuple[str, str], "Finding"],
    planned: Sequence[Window],
    around: Around,
) -> list[Muted]:
    """Return the log of the windows: what came, or stood, within each of them."""
    return [
        _logged(window, rows[one.subject, one.rule], around.now)
        for one in some
        for window in planned
        if _window(window).covers(one.practice, one.subject, one.cause)
    ]


def _logged(window: Window, row: "Finding", now: datetime) -> Muted:
    return Muted(
        window=window, machine_id=row.machine_id, rule=row.rule, reason=row.reason,
        values=row.values, at=now,
    )  # fmt: skip
