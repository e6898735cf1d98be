"""Periodontal examinations: a few patients with two each, one that is being typed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from django.db.models import F

from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.patients.models import Patient
from quenotte.care.perio.models import PerioExam, PerioSite, PerioStatement, PerioTooth
from quenotte.care.perio.queries import known_teeth
from quenotte.care.perio.rules.mouths import ENTRANCES, SITES, Presence, is_interdental
from quenotte.care.perio.rules.paths import USUAL, path
from quenotte.config.demo.patients import draw_uuid

_PATIENTS: Final = 7
_AGE_YEARS: Final = 40
#: Days before today of the two examinations of each; the last patient's second is a draft.
_DAYS_AGO: Final = (400, 75)
_SAID: Final = (
    "Parodontite généralisée. Détartrage et surfaçage par quadrant, réévaluation à trois mois.",
    "Bonne réponse au traitement initial. Maintenance tous les quatre mois, brossettes montrées.",
)


@dataclass(frozen=True)
class _Mouth:
    """One patient: how ill the gum is (0 to 1), which teeth are worst, which are gone."""

    patient: Patient
    severity: float
    worst: frozenset[int]
    absent: frozenset[int]
    implants: frozenset[int]

    @property
    def there(self) -> list[int]:
        steps = path(USUAL, lower_first=False, teeth=range(11, 49))
        return [tooth for tooth in dict.fromkeys(tooth for tooth, _ in steps)
                if tooth not in self.absent]  # fmt: skip


def fill(practice: Practice, people: Sequence[Patient], now: datetime) -> None:
    """Make the examinations; nothing of the rest of the demo depends on what is drawn here."""
    random = Random(2018)  # noqa: S311 - invented data, not a secret
    author = Person.objects.get(practice=practice, username="alice")
    mouths = [_mouth(random, one, now.date()) for one in _chosen(people, now.date())]
    exams: list[PerioExam] = []
    teeth: list[PerioTooth] = []
    sites: list[PerioSite] = []
    for mouth in mouths:
        for number, days in enumerate(_DAYS_AGO):
            is_draft = mouth is mouths[-1] and number > 0
            at = now if is_draft else now - timedelta(days=days)
            exam = _exam(random, mouth.patient, author, at)
            exams.append(exam)
            teeth += _teeth(random, exam, mouth)
            sites += _sites(random, exam, mouth, is_treated=number > 0)
    _keep(exams, teeth, sites, author)


def _chosen(people: Sequence[Patient], today: date) -> list[Patient]:
    grown = [one for one in people if (today - one.born_on).days > 365 * _AGE_YEARS]
    return grown[:_PATIENTS]


def _mouth(random: Random, patient: Patient, today: date) -> _Mouth:
    known = known_teeth(patient.id, patient.born_on, today)
    absent = frozenset(tooth for tooth, seen in known.items() if seen is Presence.MISSING)
    implants = frozenset(tooth for tooth, seen in known.items() if seen is Presence.IMPLANT)
    there = [tooth for tooth in known if tooth not in absent]
    worst = frozenset(random.sample(there, min(7, len(there))))
    return _Mouth(patient, random.uniform(0.3, 1), worst, absent, implants)


def _exam(random: Random, patient: Patient, author: Person, at: datetime) -> PerioExam:
    exam_id = draw_uuid(random)
    return PerioExam(
        id=exam_id,
        patient=patient,
        examined_on=at.date(),
        examiner=author,
        examined_by=author.full_name,
        started_at=at,
        draft_of=exam_id,
    )


def _teeth(random: Random, exam: PerioExam, mouth: _Mouth) -> Iterator[PerioTooth]:
    for tooth in sorted(mouth.absent):
        yield PerioTooth(exam=exam, tooth=tooth, presence=Presence.MISSING)
    for tooth in sorted(mouth.implants):
        yield PerioTooth(exam=exam, tooth=tooth, presence=Presence.IMPLANT)
    for tooth in sorted(mouth.worst - mouth.implants):
        row = PerioTooth(exam=exam, tooth=tooth, mobility=random.choice((0, 1, 1, 2)))
        for entrance in ENTRANCES.get(tooth, ()):
            grade = random.choice((None, 1, 1, 2))
            setattr(row, f"furcation_{entrance.lower()}", grade)
        yield row


def _sites(
    random: Random, exam: PerioExam, mouth: _Mouth, *, is_treated: bool
) -> Iterator[PerioSite]:
    for tooth in mouth.there:
        for site in SITES:
            yield _site(random, exam, mouth, tooth, site, is_treated=is_treated)


def _site(
    random: Random, exam: PerioExam, mouth: _Mouth, tooth: int, site: str, *, is_treated: bool
) -> PerioSite:
    depth = random.choice((2, 2, 2, 3, 3))
    if tooth in mouth.worst:
        depth += round(mouth.severity * random.uniform(1, 5 if is_interdental(site) else 2.5))
    if is_treated and depth > 3:
        depth -= random.choice((0, 1, 2, 2))
    recession = random.choice((0, 0, 0, 1)) + (tooth in mouth.worst) * random.choice((0, 1, 2))
    calm = 0.35 if is_treated else 1
    return PerioSite(
        exam=exam,
        tooth=tooth,
        site=site,
        depth=depth,
        recession=recession + (1 if is_treated and tooth in mouth.worst else 0),
        bleeding=random.random() < calm * (0.75 if depth > 3 else 0.18),
        plaque=random.random() < calm * (0.5 if is_interdental(site) else 0.25),
        suppuration=depth >= 6 and random.random() < calm * 0.4,
    )


def _keep(
    exams: list[PerioExam], teeth: list[PerioTooth], sites: list[PerioSite], author: Person
) -> None:
    """Insert all as drafts, then close: a closed examination takes nothing more."""
    if not exams:
        return
    *closed, draft = exams
    half = _typed_half()
    PerioExam.objects.bulk_create(exams)
    PerioTooth.objects.bulk_create(teeth)
    PerioSite.objects.bulk_create(
        [one for one in sites if one.exam is not draft or (one.tooth, one.site) in half],
        batch_size=1_000,
    )
    PerioExam.objects.filter(id=draft.id).update(draft_of=draft.patient_id)
    PerioExam.objects.filter(id__in=[one.id for one in closed]).update(
        status=PerioExam.Status.CLOSED,
        draft_of=None,
        closed_at=F("started_at"),
        closed_by=F("examined_by"),
    )
    PerioStatement.objects.bulk_create(_statements(closed[: 2 * (_PATIENTS - 2)], author))


def _typed_half() -> set[tuple[int, str]]:
    """Return what was typed so far of the examination of this morning: the upper jaw's outside."""
    return set(path(USUAL, lower_first=False, teeth=range(11, 49))[:57])


def _statements(closed: list[PerioExam], author: Person) -> Iterator[PerioStatement]:
    for number, exam in enumerate(closed):
        yield PerioStatement(
            exam=exam,
            kind=PerioStatement.Kind.CONCLUSION,
            author=author,
            signed_as=author.full_name,
            signed_at=exam.started_at,
            text=_SAID[number % 2],
            stage="III",
            grade="B",
            extent="localised",
        )
