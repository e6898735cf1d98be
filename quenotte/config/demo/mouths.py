"""What the demo practice charted: a first examination of each mouth, then what its notes tell."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from quenotte.base.people.models import Person
from quenotte.care.chart.models import ChartEvent, Note
from quenotte.care.chart.rules import Finding, Kind, Status
from quenotte.care.chart.rules.places import in_arch_order, is_front
from quenotte.care.patients.models import Patient
from quenotte.config.demo.patients import draw_uuid
from quenotte.kernel.teeth import expected_teeth, is_primary, position

ZONE = ZoneInfo("Europe/Paris")
#: The first examination came before all that was noted since.
_SINCE: Final = 5 * 365 + 30
#: After these, no tooth is left that a note could tell of, or one that carries a bridge.
_OUT_OF_PLAY: Final = frozenset(
    {Kind.MISSING, Kind.IMPLANT, Kind.ROOT, Kind.IMPACTED, Kind.AGENESIS, Kind.BRIDGE}
)
_NUMBER: Final = re.compile(r"\b\d\d\b")
#: What a note says -> what it leaves on the chart; the first that fits counts.
_TOLD: Final[tuple[tuple[str, Kind, Status, str], ...]] = (
    (" : avulsion", Kind.EXTRACTION, Status.DONE, ""),
    ("composite", Kind.FILLING, Status.DONE, "composite"),
    (" : pulpectomie", Kind.ENDODONTICS, Status.DONE, ""),
    (" : obturation canalaire", Kind.ENDODONTICS, Status.DONE, ""),
    ("couronne provisoire", Kind.CROWN, Status.DONE, "temporary"),
    ("pose de la couronne", Kind.CROWN, Status.DONE, "ceramic"),
    ("lésion proximale", Kind.CARIES, Status.WATCH, ""),
    ("Fracture d’un bord", Kind.FRACTURE, Status.EXISTING, ""),
)


def lost(finding: dict[str, object]) -> bool:
    """Tell whether the teeth of a finding are out of play for what the notes tell."""
    return finding["kind"] in _OUT_OF_PLAY


def draw_first(
    random: Random, patient: Patient, author: Person, today: date
) -> Iterator[ChartEvent]:
    """Draw what a patient already had in her mouth at the first examination."""
    day = today - timedelta(days=_SINCE)
    age = (day - patient.born_on).days / 365.25
    if age < 3:
        return
    step, at = draw_uuid(random), datetime.combine(day, time(10), ZONE)
    found = _of_a_child(random, age) if age < 18 else _of_an_adult(random, age)
    for number, finding in enumerate(found):
        yield _event(uuid5(step, str(number)), step, patient, author, finding, at)


def told(note: Note) -> ChartEvent | None:
    """Return what a note leaves on the chart, None when it leaves nothing."""
    for words, kind, status, material in _TOLD:
        if words in note.text and (number := _NUMBER.search(note.text)):
            tooth = int(number[0])
            surfaces = _surfaces(kind, tooth, note.id.int)
            finding = Finding(kind, (tooth,), surfaces, status, material)
            key = uuid5(note.id, "chart")
            return _event(key, key, note.patient, note.author, finding, note.signed_at)
    return None


def _surfaces(kind: Kind, tooth: int, draw: int) -> str:
    """Return surfaces that suit the tooth, the same for the same draw."""
    if kind is Kind.FRACTURE:
        return "I" if is_front(tooth) else "O"
    if kind is Kind.CARIES:
        return "D"
    if kind is not Kind.FILLING:
        return ""
    usual = ("M", "D", "V", "MV") if is_front(tooth) else ("O", "MO", "OD", "MOD")
    return usual[draw % len(usual)]


def _of_a_child(random: Random, age: float) -> Iterator[Finding]:
    for tooth in sorted(expected_teeth(age)):
        if not is_primary(tooth) and position(tooth) == 6 and random.random() < 0.5:
            yield Finding(Kind.SEALANT, (tooth,), "O", material="resin")
        elif is_primary(tooth) and position(tooth) in {4, 5} and random.random() < 0.12:
            kind = random.choice((Kind.CARIES, Kind.FILLING))
            yield Finding(kind, (tooth,), "O", material="glass_ionomer" * (kind is Kind.FILLING))


def _of_an_adult(random: Random, age: float) -> Iterator[Finding]:
    """Draw teeth that were lost, wisdom teeth first, then what the others carry."""
    gone: dict[int, list[Finding]] = {}
    for tooth in sorted(expected_teeth(age)):
        is_wisdom = position(tooth) == 8
        if random.random() < (0.45 if is_wisdom else max(0.0, (age - 35) / 400)):
            gone[tooth] = list(_loss(random, tooth, is_wisdom=is_wisdom))
    _bridge(random, gone)
    for findings in gone.values():
        yield from findings
    for tooth in sorted(expected_teeth(age) - gone.keys()):
        if position(tooth) in {4, 5, 6, 7} and random.random() < min(0.3, (age - 14) / 150):
            yield from _work(random, tooth)


def _loss(random: Random, tooth: int, *, is_wisdom: bool) -> Iterator[Finding]:
    if is_wisdom or random.random() > 0.25:
        is_impacted = is_wisdom and random.random() < 0.2
        yield Finding(Kind.IMPACTED if is_impacted else Kind.MISSING, (tooth,))
    elif random.random() < 0.6:
        yield Finding(Kind.IMPLANT, (tooth,), material="titanium")
        yield Finding(Kind.CROWN, (tooth,), material="zirconia")
    else:
        yield Finding(Kind.ROOT, (tooth,))


def _bridge(random: Random, gone: dict[int, list[Finding]]) -> None:
    """Put a bridge over a first molar that was lost between two teeth that were not."""
    for middle in (16, 26, 36, 46):
        span = in_arch_order((middle - 1, middle, middle + 1))
        if gone.keys() & set(span) == {middle} and random.random() < 0.5:
            bridge = Finding(Kind.BRIDGE, span, material="metal_ceramic", pontics=(middle,))
            gone |= {tooth: [] for tooth in span} | {
                middle: [Finding(Kind.MISSING, (middle,)), bridge]
            }


def _work(random: Random, tooth: int) -> Iterator[Finding]:
    if random.random() < 0.75:
        surfaces = random.choice(("O", "MO", "OD", "MOD"))
        material = random.choice(("amalgam", "composite", "composite"))
        yield Finding(Kind.FILLING, (tooth,), surfaces, material=material)
        return
    yield Finding(Kind.ENDODONTICS, (tooth,))
    if random.random() < 0.7:
        yield Finding(Kind.POST, (tooth,), material="cast")
        yield Finding(Kind.CROWN, (tooth,), material=random.choice(("metal_ceramic", "ceramic")))


def _event(
    key: UUID, step: UUID, patient: Patient, author: Person, finding: Finding, at: datetime
) -> ChartEvent:
    return ChartEvent(
        key=key,
        patient=patient,
        step=step,
        what=ChartEvent.What.FIND,
        on=at.astimezone(ZONE).date(),
        finding=finding.plain(),
        author=author,
        signed_as=author.full_name,
        recorded_at=at,
    )
