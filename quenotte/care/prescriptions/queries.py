"""Reads of prescriptions and letters, and of what they are written from."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils import timezone

from quenotte.base.prepared import prepared
from quenotte.care.patients import queries as patients
from quenotte.care.patients.rules import known_birth
from quenotte.care.prescriptions import drugs
from quenotte.care.prescriptions.models import (
    Correspondent,
    Drug,
    DrugFile,
    Favourite,
    Letter,
    LetterTemplate,
    Prescriber,
    Prescription,
    PrescriptionTemplate,
    State,
)
from quenotte.care.prescriptions.rules import checking, doses, letters, lines, recalling, usual
from quenotte.kernel.dates import age_years
from quenotte.kernel.names import fold

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

#: Papers of a record that its card shows.
CARD_LENGTH = 4
_FAVOURITES = 6


@dataclass(frozen=True, slots=True)
class Model:
    """A template of prescription, the practice's or ours."""

    code: str
    name: str
    lines: tuple[lines.Line, ...]
    remarks: str
    is_active: bool = True
    version: int = 0

    @property
    def is_unread(self) -> bool:
        """Ours, with an antibiotic, that no practitioner of the practice has read and kept yet."""
        return self.version == 0 and usual.holds_antibiotic(self.lines)


@dataclass(frozen=True, slots=True)
class Text:
    """A template of letter, the practice's or ours."""

    code: str
    kind: str
    name: str
    title: str
    body: str
    needs_dentist: bool
    has_correspondent: bool
    is_active: bool = True
    version: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """A line with what it reminds of, and the help of its dose; unknown, nothing is recalled."""

    line: lines.Line
    reminders: tuple[recalling.Reminder, ...]
    help: str
    is_unknown: bool = False


def of_record(patient_id: UUID) -> list[Prescription]:
    """Return the prescriptions of a record, drafts first, then newest first."""
    rows = Prescription.objects.filter(patient_id=patient_id).exclude(state=State.DROPPED)
    rows = rows.defer("sheet")
    return sorted(rows, key=lambda one: one.state != State.DRAFT)


def issued_of(patient_id: UUID) -> QuerySet[Prescription]:
    """Return what was issued to a patient, cancelled ones too, oldest first."""
    rows = Prescription.objects.filter(patient_id=patient_id, number__isnull=False)
    return rows.order_by("issued_at", "id")


def letters_of_record(patient_id: UUID) -> list[Letter]:
    """Return the letters of a record, drafts first, then newest first."""
    rows = Letter.objects.filter(patient_id=patient_id).exclude(state=State.DROPPED)
    return sorted(rows, key=lambda one: one.state != State.DRAFT)


def card_of(patient_id: UUID) -> list[tuple[Any, ...]]:
    """Return the newest prescriptions: id, state, number, lines, creation and issue."""
    return list(_newest(patient_id))


@prepared
def _newest(patient_id: UUID) -> QuerySet[Prescription, tuple[Any, ...]]:
    rows = Prescription.objects.filter(patient_id=patient_id).exclude(state="dropped")
    columns = ("id", "state", "number", "lines", "created_at", "issued_at")
    return rows.order_by("-created_at").values_list(*columns)[: CARD_LENGTH + 1]


def patient_of_prescription(prescription_id: UUID) -> UUID | None:
    """Return whose prescription it is: what an emergency grant is asked about."""
    rows = Prescription.objects.filter(id=prescription_id)
    return rows.values_list("patient_id", flat=True).first()


def patient_of_letter(letter_id: UUID) -> UUID | None:
    """Return whose letter it is: what an emergency grant is asked about."""
    return Letter.objects.filter(id=letter_id).values_list("patient_id", flat=True).first()


def checked(
    found: Iterable[lines.Line], patient: "Patient", weight_kg: float | None
) -> list[Checked]:
    """Return each line with its reminders, from the alerts and the age of a patient."""
    kept = list(found)
    noted = [
        recalling.Noted(one.code, one.kind, one.label) for one in patients.alerts_of(patient.id)
    ]
    age = age_of(patient, timezone.localdate())
    twice = recalling.doubles(kept)
    own = _own_adult_lines(patient.practice_id) if checking.is_child(weight_kg, age) else ()
    more = checking.checks(kept, weight_kg, age, own)
    return [
        Checked(
            line,
            (
                *recalling.reminders(line, noted, age),
                *([twice[place]] if place in twice else []),
                *more[place],
            ),
            doses.help_for(line, weight_kg=weight_kg, age_years=age),
            checking.is_unknown(line),
        )
        for place, line in enumerate(kept)
    ]


def _own_adult_lines(practice_id: UUID) -> set[tuple[str, str]]:
    """Return the lines of the practice's own templates and favourites that name no child."""
    rows = PrescriptionTemplate.objects.filter(practice_id=practice_id)
    own = [(row.name, line) for row in rows for line in lines.from_json(row.lines)]
    own += [("", line) for _id, line in _favourite_lines(practice_id)]
    return {(line.title, line.posology) for name, line in own if not usual.is_for_child(name, line)}


def age_of(patient: "Patient", today: date) -> int | None:
    """Return the age in years, None when the birth date was never asked."""
    born_on = known_birth(patient.born_on)
    return age_years(born_on, today) if born_on else None


def models_of(practice_id: UUID, *, hidden: bool = False) -> list[Model]:
    """Return the templates of a practice: its own, and ours that it did not change."""
    own = {
        row.code: _model(row)
        for row in PrescriptionTemplate.objects.filter(practice_id=practice_id)
    }
    ours = {
        one.code: Model(one.code, str(one.name), one.lines, str(one.remarks)) for one in usual.USUAL
    }
    found = sorted((ours | own).values(), key=lambda one: fold(one.name))
    return [one for one in found if hidden or one.is_active]


def model_of(practice_id: UUID, code: str) -> Model | None:
    """Return one template by its code."""
    return next((one for one in models_of(practice_id, hidden=True) if one.code == code), None)


def _read_models(practice_id: UUID) -> list[Model]:
    """Return the templates whose lines are proposed: those that wait to be read are not."""
    return [one for one in models_of(practice_id) if not one.is_unread]


def _model(row: PrescriptionTemplate) -> Model:
    kept = tuple(lines.from_json(row.lines))
    return Model(row.code, row.name, kept, row.remarks, row.is_active, row.version)


def texts_of(practice_id: UUID, *, hidden: bool = False) -> list[Text]:
    """Return the letters of a practice: its own, and ours that it did not change."""
    own = {row.code: _text(row) for row in LetterTemplate.objects.filter(practice_id=practice_id)}
    ours = {one.code: _usual_text(one) for one in letters.USUAL}
    found = sorted((ours | own).values(), key=lambda one: (one.kind, fold(one.name)))
    return [one for one in found if hidden or one.is_active]


def text_of(practice_id: UUID, code: str) -> Text | None:
    """Return one letter template by its code."""
    return next((one for one in texts_of(practice_id, hidden=True) if one.code == code), None)


def _text(row: LetterTemplate) -> Text:
    return Text(
        row.code, row.kind, row.name, row.title, row.body, row.needs_dentist,
        row.has_correspondent, row.is_active, row.version,
    )  # fmt: skip


def _usual_text(one: letters.UsualLetter) -> Text:
    return Text(
        one.code, one.kind, str(one.name), str(one.title), str(one.body), one.needs_dentist,
        one.has_correspondent,
    )  # fmt: skip


def favourites_of(practice_id: UUID) -> list[Favourite]:
    """Return the lines that a practice kept, in order."""
    return list(Favourite.objects.filter(practice_id=practice_id, is_active=True))


@dataclass(frozen=True, slots=True)
class Proposed:
    """A line that the typed words may mean.

    ``origins`` are the names of the templates that it stands in; ``is_prevention``: in no other
    than those that prepare a care (endocarditis).
    """

    key: str
    line: lines.Line
    origins: tuple[str, ...] = ()
    is_favourite: bool = False
    is_prevention: bool = False


def proposed(practice_id: UUID, text: str) -> list[Proposed]:
    """Return what the typed words may mean: favourites, usual lines, then the public file.

    What treats stands before what prepares a care: the dose is another one.
    """
    asked = fold(text).split()
    usual_ones = _usual_proposed(practice_id)
    known = {_words(one.line): one for one in usual_ones}
    own = []
    for ident, line in _favourite_lines(practice_id):
        same = known.pop(_words(line), Proposed("", line))
        own.append(replace(same, key=f"fav:{ident}", line=line, is_favourite=True))
    found = [one for one in (*own, *known.values()) if asked and _begins(asked, one.line)]
    near = sorted(found, key=lambda one: one.is_prevention)[:_FAVOURITES]
    return near + [Proposed(f"cis:{drug.cis}", line_of(drug)) for drug in found_drugs(text)]


def _usual_proposed(practice_id: UUID) -> list[Proposed]:
    origins: dict[tuple[str, str], list[str]] = {}
    for model in _read_models(practice_id):
        for line in model.lines:
            origins.setdefault(_words(line), []).append(model.name)
    return [
        Proposed(
            f"usual:{number}",
            line,
            tuple(dict.fromkeys(origins[_words(line)])),
            is_prevention=all(map(usual.is_prevention, origins[_words(line)])),
        )
        for number, line in enumerate(usual_lines(practice_id))
    ]


def usual_lines(practice_id: UUID) -> list[lines.Line]:
    """Return the lines of the templates, each posology once, in a stable order."""
    every = (line for model in _read_models(practice_id) for line in model.lines)
    return list({_words(line): line for line in every}.values())


def _words(line: lines.Line) -> tuple[str, str]:
    return line.title, line.posology


def _favourite_lines(practice_id: UUID) -> list[tuple[UUID, lines.Line]]:
    rows = favourites_of(practice_id)
    return [(row.id, line) for row in rows for line in lines.from_json([row.line])]


def line_by_key(practice_id: UUID, key: str) -> lines.Line | None:
    """Return the line that a proposed key names."""
    kind, _sep, value = key.partition(":")
    if kind == "cis":
        drug = Drug.objects.filter(cis=value[:8]).first()
        return line_of(drug) if drug else None
    if kind == "usual":
        every = usual_lines(practice_id)
        return every[int(value)] if value.isdecimal() and int(value) < len(every) else None
    return next(
        (
            lines.from_json([row.line])[0]
            for row in favourites_of(practice_id)
            if str(row.id) == value
        ),
        None,
    )


def belonging(
    practice_id: UUID, found: Iterable[lines.Line], before: Iterable[lines.Line] = ()
) -> list[lines.Line]:
    """Return typed lines with the code and the substances that belong to their names.

    What the public file says today counts; of a medicine that it no longer holds, what the
    lines of ``before``, of the templates and of the favourites say: never what a page sent.
    """
    kept = list(found)
    codes = {line.cis for line in kept if line.cis}
    if not codes:
        return [lines.belonging(line, None) for line in kept]
    known = {cis: line_of(drug) for cis, drug in Drug.objects.in_bulk(codes).items()}
    if codes - known.keys():
        models = (line for model in models_of(practice_id, hidden=True) for line in model.lines)
        favourites = (line for _id, line in _favourite_lines(practice_id))
        for line in (*before, *models, *favourites):
            known.setdefault(line.cis, line)
    return [lines.belonging(line, known.get(line.cis) if line.cis else None) for line in kept]


def found_drugs(text: str) -> list[Drug]:
    """Return the medicines of the public file that the typed words may mean."""
    codes = drugs.index().search(text)
    by_code = Drug.objects.in_bulk(codes)
    return [by_code[code] for code in codes if code in by_code]


def line_of(drug: Drug) -> lines.Line:
    """Return a line with what the public file tells: its name says strength and form."""
    name, _comma, form = drug.name.partition(",")
    return lines.Line(
        name=name.strip()[: lines.LONGEST_NAME],
        form=form.strip()[: lines.LONGEST_WORDS],
        cis=drug.cis,
        substances=tuple(drug.substances),
    )


def drug_file() -> DrugFile | None:
    """Return which edition of the public file is here."""
    return DrugFile.objects.order_by("-edition").first()


def conditions_of(codes: Iterable[str]) -> dict[str, str]:
    """Return the conditions of prescription that the public file tells of some medicines."""
    rows = Drug.objects.filter(cis__in=[code for code in codes if code])
    return {row[0]: row[1] for row in rows.values_list("cis", "conditions") if row[1]}


def prescriber(person_id: UUID) -> Prescriber:
    """Return what the papers of this person say of her; not saved when she said nothing yet."""
    return Prescriber.objects.filter(person_id=person_id).first() or Prescriber(person_id=person_id)


def correspondents(practice_id: UUID, *, hidden: bool = False) -> list[Correspondent]:
    """Return those whom the practice writes to."""
    rows = Correspondent.objects.filter(practice_id=practice_id)
    return list(rows if hidden else rows.filter(is_active=True))


def correspondent(practice_id: UUID, correspondent_id: UUID) -> Correspondent | None:
    """Return one of them."""
    return Correspondent.objects.filter(practice_id=practice_id, id=correspondent_id).first()


def issued_lines(prescription: Prescription) -> list[lines.Line]:
    """Return the lines of a prescription."""
    return lines.from_json(prescription.lines)


def _begins(asked: list[str], line: lines.Line) -> bool:
    words = f" {fold(line.title)} {fold(' '.join(line.known_substances))}"
    return all(f" {word}" in words for word in asked)


def told_weight(patient_id: UUID) -> tuple[Decimal, datetime] | None:
    """Return the last weight that a prescription was written for, in kilograms, and when.

    Not that of a prescription which was cancelled or given up: the weight may be why.
    """
    rows = Prescription.objects.filter(patient_id=patient_id, weight_kg__isnull=False)
    rows = rows.exclude(state__in=[State.DROPPED, State.CANCELLED])
    found = rows.order_by("-changed_at").values_list("weight_kg", "issued_at", "changed_at").first()
    if found is None or found[0] is None:
        return None
    return found[0], found[1] or found[2]
