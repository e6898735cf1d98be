"""Findings of a mouth as resources that say what still holds, and read back from them exactly.

Source: HL7 FHIR R4B (4.3.0): Condition, Observation, Procedure, ServiceRequest.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

from quenotte.care.chart.rules import Finding, Kind, Status, sentence_of
from quenotte.care.chart.rules.findings import WORKS, finding_of
from quenotte.care.chart.rules.outcomes import Outcome
from quenotte.exchange.fhir.rules.codes import (
    CATEGORY,
    CLINICAL,
    EXAM,
    FINDING,
    KIND,
    OBSERVED,
    VERIFICATION,
    Resource,
    coded,
    filled,
    surfaces,
    tooth,
)

#: The clinical day of a finding, which its resource may not say as a date of its own.
_DAY: Final = "on"
_NONE: Final[Mapping[str, Finding]] = {}


@dataclass(frozen=True, slots=True)
class Charted:
    """A finding that counts: its event's key, its clinical day, the act at a visit that made it."""

    key: str
    on: date
    finding: Finding
    act_id: str = ""


def charted(
    one: Charted, subject: str, outcome: Outcome | None = None, ended: Mapping[str, Finding] = _NONE
) -> Resource:
    """Return the resource of a finding, which says of it what is true today.

    What is intended is a ServiceRequest, a work a Procedure, what is wrong a Condition, what is no
    diagnosis an Observation. ``outcome``: what became of it, else it stands; ``ended``: the
    findings whose place it took, by their keys. Each names its teeth as body sites, in SNOMED CT
    and by FDI number.
    """
    told = outcome or Outcome(left=one.finding)
    if one.finding.is_intended:
        return _intention(one, subject, told)
    if _is_only_seen(one.finding, told) or _looks_at_ours(one.finding, ended.values()):
        return _observation(one, subject)
    if one.finding.kind in WORKS:
        does = [key for key, old in ended.items() if old.is_intended]
        return _work(one, subject, told, does)
    return _condition(one, subject, told)


def _is_only_seen(finding: Finding, told: Outcome) -> bool:
    """Tell whether a finding is a look of that day, and no state or act of its own.

    A tooth that is there, a sound one; and what a later look says again, once more a thing.
    """
    if finding.kind is Kind.PRESENT or finding.icdas == 0:
        return True
    if not told.is_told_again or told.by is None:
        return False
    return finding.kind not in WORKS or _are_looks(finding, told.by)


def _are_looks(*findings: Finding) -> bool:
    """Tell whether none of these says that something was made here."""
    return all(one.status is not Status.DONE for one in findings)


def _looks_at_ours(finding: Finding, ended: Iterable[Finding]) -> bool:
    """Tell whether a work that was there is one that was made here before, seen again."""
    return _are_looks(finding) and any(
        old.status is Status.DONE and (old.kind, old.surfaces) == (finding.kind, finding.surfaces)
        for old in ended
    )


def _common(one: Charted, subject: str, shown: Finding | None = None) -> Resource:
    finding = shown or one.finding
    day = {"url": _DAY, "valueDate": one.on.isoformat()}
    return {
        "id": one.key,
        "extension": [{"url": FINDING, "extension": [*_exactly(one.finding), day]}],
        "subject": {"reference": subject},
        "code": {
            "coding": [{"system": KIND, "code": finding.kind.value}],
            "text": sentence_of(finding),
        },
        "bodySite": [*map(tooth, finding.teeth), *surfaces(finding.surfaces)],
    }


def _condition(one: Charted, subject: str, told: Outcome) -> Resource:
    state = "active" if told.left else "resolved" if told.ended_on else "inactive"
    return filled(
        {
            "resourceType": "Condition",
            "clinicalStatus": coded(CLINICAL, state),
            "verificationStatus": coded(VERIFICATION, "unconfirmed") if told.is_aside else None,
            "category": [coded(CATEGORY, "encounter-diagnosis")],
            "recordedDate": one.on.isoformat(),
            "abatementDateTime": told.ended_on and told.ended_on.isoformat(),
            **_common(one, subject, told.left),
        }
    )


def _observation(one: Charted, subject: str) -> Resource:
    common = _common(one, subject)
    # An observation has one body site: its first tooth; the words name the surfaces.
    return filled(
        {
            "resourceType": "Observation",
            "status": "final",
            "category": [coded(OBSERVED, EXAM)],
            "effectiveDateTime": one.on.isoformat(),
            **common,
            "bodySite": common["bodySite"][0],
            "valueBoolean": one.finding.icdas != 0,
        }
    )


def _work(one: Charted, subject: str, told: Outcome, does: Collection[str]) -> Resource:
    # What an act left in the mouth is a part of it, and no second thing that was done.
    whole = [{"reference": f"urn:uuid:{one.act_id}"}] if one.act_id else []
    return filled(
        {
            "resourceType": "Procedure",
            "status": "unknown" if told.is_aside else "completed",
            "basedOn": [{"reference": f"urn:uuid:{UUID(key)}"} for key in does],
            "partOf": whole,
            "note": _gone(told),
            **_common(one, subject),
            **_performed(one),
        }
    )


def _performed(one: Charted) -> Resource:
    """Return when a work was made: of what was there before, nobody knows."""
    if one.finding.status is Status.DONE:
        return {"performedDateTime": one.on.isoformat()}
    return {"performedString": f"avant le {one.on:%d/%m/%Y}, où cela a été constaté"}


def _gone(told: Outcome) -> list[Resource]:
    """Say since when a work is not in the mouth any more; one that was looked at again still is."""
    is_seen = told.is_told_again and told.by is not None and _are_looks(told.by)
    if told.ended_on is None or is_seen:
        return []
    return [{"text": f"N’est plus en bouche depuis le {told.ended_on:%d/%m/%Y}."}]


def _intention(one: Charted, subject: str, told: Outcome) -> Resource:
    return filled(
        {
            "resourceType": "ServiceRequest",
            "status": _progress(told),
            "intent": "order" if one.finding.status is Status.REFERRED else "plan",
            "authoredOn": one.on.isoformat(),
            **_common(one, subject, told.left),
        }
    )


def _progress(told: Outcome) -> str:
    if told.left:
        return "active"
    if told.is_aside:
        return "on-hold"
    return "completed" if told.is_fulfilled else "revoked"


def charted_in(found: Mapping[str, Any]) -> list[Charted]:
    """Return the findings of a mouth that a bundle of ours holds, in the order written.

    What has no extension of ours is left out: it says too little of a mouth.

    Raises: ValueError when an extension of ours cannot be read.
    """
    resources = [entry.get("resource", {}) for entry in found.get("entry", ())]
    return [one for resource in resources for one in _charted_of(resource)]


def _charted_of(resource: Mapping[str, Any]) -> Iterable[Charted]:
    for extension in resource.get("extension", ()):
        if extension.get("url") == FINDING:
            parts = extension.get("extension", ())
            try:
                finding = finding_of(_plain(parts))
                key, on = str(resource.get("id", "")), _day_of(resource, parts)
                yield Charted(key, on, finding, _act_of(resource))
            except (KeyError, TypeError) as error:
                raise ValueError(f"unreadable finding: {error}") from error


def _day_of(resource: Mapping[str, Any], parts: Iterable[Mapping[str, Any]]) -> date:
    """Return the day of a finding; bundles written before it was in them date their resource."""
    told = [one.get("valueDate") for one in parts if one.get("url") == _DAY]
    day = next(iter(told), None) or resource.get("performedDateTime")
    return date.fromisoformat(str(day or resource.get("recordedDate") or "")[:10])


def _act_of(resource: Mapping[str, Any]) -> str:
    whole: Mapping[str, Any] = next(iter(resource.get("partOf") or ()), {})
    return str(whole.get("reference", "")).removeprefix("urn:uuid:")


def _exactly(finding: Finding) -> list[Resource]:
    """Return a finding as simple extensions, one for each value."""
    found = []
    for name, value in finding.plain().items():
        for one in value if isinstance(value, list) else [value]:
            kind = "valueInteger" if isinstance(one, int) else "valueString"
            found.append({"url": name, kind: one if isinstance(one, int) else str(one)})
    return found


_MANY: Final = frozenset({"teeth", "pontics", "canals"})


def _plain(extensions: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for one in extensions:
        value = one.get("valueInteger", one.get("valueString"))
        if one["url"] in _MANY:
            found.setdefault(one["url"], []).append(value)
        else:
            found[one["url"]] = value
    return found
