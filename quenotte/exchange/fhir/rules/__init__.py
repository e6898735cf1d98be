"""A record as FHIR R4B resources, and the findings of a mouth read back from them."""

from quenotte.care.chart.rules.outcomes import Outcome
from quenotte.exchange.fhir.rules.codes import ACT, CCAM, FINDING, Resource
from quenotte.exchange.fhir.rules.mouths import Charted, charted, charted_in
from quenotte.exchange.fhir.rules.resources import (
    Alerted,
    Filed,
    Noted,
    Performed,
    Person,
    Prescribed,
    alert,
    bundle,
    document,
    medication,
    note,
    patient,
    performed,
)

__all__ = [
    "ACT",
    "CCAM",
    "FINDING",
    "Alerted",
    "Charted",
    "Filed",
    "Noted",
    "Outcome",
    "Performed",
    "Person",
    "Prescribed",
    "Resource",
    "alert",
    "bundle",
    "charted",
    "charted_in",
    "document",
    "medication",
    "note",
    "patient",
    "performed",
]
