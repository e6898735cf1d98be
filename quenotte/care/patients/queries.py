"""Reads of the patients: the banner, the lists; the search is in ``searches``."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.audit import queries as journal
from quenotte.base.audit.rules import Actor
from quenotte.base.prepared import prepared
from quenotte.care.patients import holdings, lookups, rules
from quenotte.care.patients.leads import absorbed_by, leading_to
from quenotte.care.patients.models import MedicalAlert, Merge, Patient, RelatedPerson, SearchKey
from quenotte.care.patients.weights import newest_weight
from quenotte.kernel.dates import age_text
from quenotte.kernel.names import display_name

# Other rooms ask here alone; these are answered in ``leads`` and ``weights``.
__all__ = ["absorbed_by", "leading_to", "newest_weight"]

_FOUND_COLUMNS = (
    "id",
    "birth_name",
    "used_name",
    "first_birth_first_name",
    "used_first_name",
    "born_on",
    "sex",
    "file_number",
    "mobile_phone",
    "other_phone",
    "died_on",
    "is_homonym",
    "has_alert",
)


@dataclass(frozen=True, slots=True)
class Found:
    """A patient as a line of a list. ``is_close``: the spelling is near, not the same."""

    id: UUID
    name: str
    birth_name: str
    born_on: date
    age: str
    sex: str
    file_number: int
    phone: str
    has_alert: bool
    is_dead: bool
    is_homonym: bool
    is_close: bool = False

    @property
    def born(self) -> str:
        """« née » or « né », as it goes with a birth name."""
        return born_word(self.sex)

    @property
    def birth_date(self) -> str:
        """The birth date as it is shown; cheaper than a filter in a long list."""
        return f"{self.born_on:%d/%m/%Y}" if self.age else ""

    @property
    def birth(self) -> str:
        """« 03/04/1985 · 41 ans », or that the date must be asked."""
        return f"{self.birth_date} · {self.age}" if self.age else _("date de naissance à demander")


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert of the banner. ``tone`` is danger, attention or info; words come with it."""

    id: UUID
    code: str
    kind: str
    label: str
    tone: str
    details: str

    @property
    def words(self) -> str:
        """What the chip says: an allergy is named as one."""
        if self.kind == MedicalAlert.Kind.ALLERGY:
            return _("Allergie : %(label)s") % {"label": self.label}
        return self.label

    @property
    def advice(self) -> str:
        """What the list of alerts recommends."""
        known = rules.ALERTS.get(self.code)
        return _(known.advice) if known and known.advice else ""


@dataclass(frozen=True, slots=True)
class Summary:
    """What the banner says beside the name."""

    age: str
    alerts: list[Alert]
    sex: str
    status_words: str
    status_tone: str
    mobile_phone: str
    other_phone: str
    born: str
    birth: str

    @property
    def phone(self) -> str:
        """The number to call first."""
        return self.mobile_phone or self.other_phone


def of_practice(practice_id: UUID) -> QuerySet[Patient]:
    """Return the patients of a practice, for the rooms above to narrow.

    A record that was united with another one is no patient any more.
    """
    return Patient.objects.filter(practice_id=practice_id, merged_into=None)


def with_insured(patients: QuerySet[Patient]) -> QuerySet[Patient]:
    """Add ``insured_nir`` and ``insured_name`` (None: nobody), for a list that leaves."""
    insured = RelatedPerson.objects.filter(
        patient_id=OuterRef("pk"), relation=RelatedPerson.Relation.INSURED, ended_at=None
    ).exclude(nir="")
    first = insured.order_by("full_name", "id")
    return patients.annotate(
        insured_nir=Subquery(first.values("nir")[:1]),
        insured_name=Subquery(first.values("full_name")[:1]),
    )


def found_rows(patients: QuerySet[Patient]) -> list[tuple[Any, ...]]:
    """Return the columns from which ``found_from`` makes lines."""
    return list(_found_columns(patients))


def found_rows_of(patient_ids: Iterable[UUID]) -> list[tuple[Any, ...]]:
    """Return the same columns for a few patients, in no order; a prepared read for a search."""
    wanted = tuple(patient_ids)
    return _found_rows_of(*wanted) if wanted else []


@prepared
def _found_rows_of(*patient_ids: UUID) -> QuerySet[Patient, tuple[Any, ...]]:
    return _found_columns(Patient.objects.filter(id__in=patient_ids))


def _found_columns(patients: QuerySet[Patient]) -> QuerySet[Patient, tuple[Any, ...]]:
    alerts = MedicalAlert.objects.filter(patient_id=OuterRef("id"), ended_at=None)
    return patients.annotate(has_alert=Exists(alerts)).values_list(*_FOUND_COLUMNS)


def found_from(row: tuple[Any, ...], today: date, *, is_close: bool = False) -> Found:
    """Return a line of a list from the columns of a patient."""
    (
        ident,
        birth,
        used,
        first,
        used_first,
        born_on,
        sex,
        number,
        mobile,
        other,
        died,
        same,
        alert,
    ) = row
    return Found(
        id=ident,
        name=display_name(birth, used, used_first or first),
        birth_name=birth.upper() if used and used.casefold() != birth.casefold() else "",
        born_on=born_on,
        age=age_text(born_on, died or today) if rules.known_birth(born_on) else "",
        sex=sex,
        file_number=number,
        phone=rules.shown_phone(mobile or other),
        has_alert=alert,
        is_dead=died is not None,
        is_homonym=same,
        is_close=is_close,
    )


def recent(actor: Actor, limit: int) -> list[Found]:
    """Return the records that this person opened last, newest first."""
    if actor.person_id is None or actor.practice_id is None:
        return []
    ids = journal.recently_opened(actor.person_id, limit)
    rows = found_rows(of_practice(actor.own_practice_id).filter(id__in=ids))
    today = timezone.localdate()
    by_id = {row[0]: found_from(row, today) for row in rows}
    return [by_id[one] for one in ids if one in by_id]


def summary_of(patient: Patient) -> Summary:
    """Return what the banner of a patient says."""
    return Summary(
        age=_age(patient),
        birth=f"{patient.born_on:%d/%m/%Y}" if rules.known_birth(patient.born_on) else "",
        alerts=alerts_of(patient.id),
        sex=patient.get_sex_display(),
        status_words=_status_words(patient),
        status_tone=rules.status_tone(patient.identity_status, is_doubtful=patient.is_doubtful),
        mobile_phone=rules.shown_phone(patient.mobile_phone),
        other_phone=rules.shown_phone(patient.other_phone),
        born=born_word(patient.sex),
    )


def frame_of(patient: Patient) -> dict[str, Any]:
    """Return what ``care/patients/part.html``, the frame of each part of a record, shows."""
    return {"patient": patient, "summary": summary_of(patient)}


def _age(patient: Patient) -> str:
    """Return the age, or nothing when the birth date must still be asked."""
    if rules.known_birth(patient.born_on) is None:
        return ""
    return age_text(patient.born_on, patient.died_on or timezone.localdate())


def _status_words(patient: Patient) -> str:
    if patient.is_fictitious:
        return _("Identité fictive")
    if patient.is_doubtful:
        return _("Identité douteuse")
    return _("Identité %(status)s") % {"status": patient.get_identity_status_display().lower()}


def alerts_of(patient_id: UUID) -> list[Alert]:
    """Return the alerts that hold, the most severe first."""
    alerts = [Alert(*row) for row in _alert_rows(patient_id)]
    return sorted(alerts, key=lambda one: (rules.SEVERITIES.index(one.tone), one.label))


@prepared
def _alert_rows(patient_id: UUID) -> QuerySet[MedicalAlert, tuple[Any, ...]]:
    rows = MedicalAlert.objects.filter(patient_id=patient_id, ended_at=None)
    return rows.values_list("id", "code", "kind", "label", "severity", "details")


def alerts_of_each(patient_ids: Iterable[UUID]) -> dict[UUID, list[Alert]]:
    """Return the alerts that hold for each of some patients, the most severe first; one query."""
    wanted = list(patient_ids)
    found: dict[UUID, list[Alert]] = {patient_id: [] for patient_id in wanted}
    if not wanted:
        return found
    rows = MedicalAlert.objects.filter(patient_id__in=wanted, ended_at=None)
    columns = ("patient_id", "id", "code", "kind", "label", "severity", "details")
    for patient_id, *row in rows.values_list(*columns):
        found[patient_id].append(Alert(*row))
    for alerts in found.values():
        alerts.sort(key=lambda one: (rules.SEVERITIES.index(one.tone), one.label))
    return found


def every_alert(patient_id: UUID) -> QuerySet[MedicalAlert]:
    """Return the alerts of a patient, those that ended too, in the order noted."""
    return MedicalAlert.objects.filter(patient_id=patient_id).order_by("created_at", "id")


def has_alert(patient_id: UUID, alert_id: UUID) -> bool:
    """Return whether this alert holds for this patient."""
    return MedicalAlert.objects.filter(id=alert_id, patient_id=patient_id, ended_at=None).exists()


def relatives_of(patient_id: UUID) -> list[RelatedPerson]:
    """Return those who count for the patient."""
    return list(RelatedPerson.objects.filter(patient_id=patient_id, ended_at=None))


def guardians_of(patient_id: UUID) -> list[str]:
    """Return the names of the legal guardians of a patient."""
    guardian = RelatedPerson.Relation.GUARDIAN
    return [one.full_name for one in relatives_of(patient_id) if one.relation == guardian]


def has_relative(patient_id: UUID, related_id: UUID) -> bool:
    """Return whether this relative counts for this patient."""
    rows = RelatedPerson.objects.filter(id=related_id, patient_id=patient_id, ended_at=None)
    return rows.exists()


def born_word(sex: str) -> str:
    """Return « née » for a woman, « né » otherwise."""
    return _("née") if sex == "F" else _("né")


def guess_from(text: str) -> dict[str, Any]:
    """Return what a search that found nobody tells of a new patient.

    « dupont marie 03/04/1985 » fills name, first name and birth date.
    """
    words = [word for word in text.split() if word.isalpha() or "-" in word or "'" in word]
    born = [part for part in text.split() if part.count("/") == 2]
    guessed: dict[str, Any] = {}
    if words:
        guessed["birth_name"] = words[0].upper()
    if words[1:]:
        guessed["birth_first_names"] = " ".join(words[1:]).title()
    if born:
        guessed["born_on"] = born[0]
    return guessed


def unions_of(patient_id: UUID) -> list[Merge]:
    """Return the unions that hold for this record, the latest first."""
    rows = Merge.objects.filter(survivor_id=patient_id, undone_at=None)
    return list(rows.select_related("absorbed", "merged_by"))


def union(practice_id: UUID, merge_id: UUID) -> Merge | None:
    """Return a union of a practice."""
    rows = Merge.objects.filter(practice_id=practice_id, id=merge_id)
    return rows.select_related("absorbed", "survivor").first()


def belongings_of(patient_id: UUID) -> list[tuple[str, int]]:
    """Return what belongs to a patient, in words, with how many of each there are."""
    counted = ((one, one.count(patient_id)) for one in holdings.registered() if one.label)
    return [(str(one.label), count) for one, count in counted if count]


def moved_by(merge: Merge) -> list[tuple[str, int]]:
    """Return what changed hands with a union, in words, with how many of each."""
    ids = ((one, merge.moved.get(one.key, ())) for one in holdings.registered() if one.label)
    return [(str(one.label), len(some)) for one, some in ids if some]


def current_ids(practice_id: UUID, ids: Iterable[UUID]) -> dict[UUID, UUID]:
    """Return, for each of these records of a practice, the id of the one that it leads to now."""
    rows = Patient.objects.filter(practice_id=practice_id, id__in=list(ids))
    return {row.id: leading_to(row).id for row in rows}


def with_file_numbers(practice_id: UUID, numbers: Iterable[int]) -> list[tuple[Patient, Patient]]:
    """Return each record that has one of these file numbers, with the one it leads to now."""
    rows = Patient.objects.filter(practice_id=practice_id, file_number__in=list(numbers))
    return [(patient, leading_to(patient)) for patient in rows]


def born_and_reachable(practice_id: UUID) -> QuerySet[Patient, tuple[UUID, date]]:
    """Return id and birth date of the patients who may be contacted; one row each."""
    rows = of_practice(practice_id).filter(do_not_contact=False, died_on=None)
    return rows.order_by().values_list("id", "born_on")


def with_phone(practice_id: UUID, phone: str, *, limit: int = 5) -> list[Found]:
    """Return the patients who already have this telephone, or a relative of theirs.

    ``phone`` is in any form; fewer than nine digits are nobody's. A family shares one number:
    this warns, it never forbids.
    """
    digits = lookups.national_digits(phone)
    if len(digits) < 9:
        return []
    keys = SearchKey.objects.filter(practice_id=practice_id, kind=lookups.PHONE, key=digits)
    rows = found_rows(Patient.objects.filter(id__in=keys.values("patient_id"))[:limit])
    today = timezone.localdate()
    return [found_from(row, today) for row in rows]


def by_file_number(practice_id: UUID, text: str) -> UUID | None:
    """Return the patient of a file number, for the filters of the journal."""
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        return None
    found = Patient.objects.filter(practice_id=practice_id, file_number=int(text))
    return found.values_list("id", flat=True).first()


def file_labels(practice_id: UUID, ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the file numbers of patients, never their names: the journal has readers."""
    found = Patient.objects.filter(practice_id=practice_id, id__in=list(ids))
    return {
        patient_id: _("Dossier %(number)s") % {"number": number}
        for patient_id, number in found.values_list("id", "file_number")
    }


def face_files(patient_ids: Iterable[UUID]) -> list[str]:
    """Return the digests of some patients' photographs."""
    rows = Patient.objects.filter(pk__in=list(patient_ids), photo__isnull=False)
    return [sha256 for sha256 in rows.values_list("photo_id", flat=True) if sha256]
