"""Reads of visits: the one that goes on, those before, what a note may be filled with."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

from django.db.models import Max, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from quenotte.base.prepared import prepared
from quenotte.care.agenda import queries as agenda
from quenotte.care.patients import queries as patients
from quenotte.care.patients.rules import known_birth
from quenotte.kernel.dates import age_years
from quenotte.kernel.names import display_name
from quenotte.office.catalogue.rules import Done
from quenotte.office.plans import queries as plans
from quenotte.office.plans import rules as plan_rules
from quenotte.office.visits import rules
from quenotte.office.visits.models import (
    Anaesthesia,
    AnaestheticProduct,
    NoteTemplate,
    OpenVisit,
    Visit,
    VisitAct,
    VisitSupply,
)

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient

#: Visits on the page of the earlier ones.
SHOWN = 30
#: What is given and used in a visit, by its kind.
INPUTS: Final[Mapping[str, type[Anaesthesia | VisitSupply]]] = {
    "anaesthetic": Anaesthesia,
    "supply": VisitSupply,
}


@dataclass(frozen=True, slots=True)
class VisitShown:
    """A visit with what was done, used and given."""

    visit: Visit
    acts: list[VisitAct]
    supplies: list[VisitSupply]
    anaesthesias: list[Anaesthesia]
    struck: list[VisitAct] = field(default_factory=list)
    #: Anaesthetics and materials that were struck.
    struck_inputs: list[Anaesthesia | VisitSupply] = field(default_factory=list)

    @property
    def told_acts(self) -> list[VisitAct]:
        """Its acts with those that were struck, each before what replaces it."""
        begin = self.visit.opened_at
        return sorted(
            [*self.acts, *self.struck],
            key=lambda one: (one.done_at, one.noted_at or begin, one.id),
        )

    @property
    def told_inputs(self) -> list[Anaesthesia | VisitSupply]:
        """What was given, then what was used, with what was struck, before what replaces it."""
        begin = self.visit.opened_at
        return sorted(
            [*self.anaesthesias, *self.supplies, *self.struck_inputs],
            key=lambda one: (one.is_material, one.at, one.noted_at or begin, one.id),
        )

    @property
    def replaced(self) -> set[UUID | None]:
        """The ids of what another one took the place of."""
        return {one.replaces_id for one in [*self.told_acts, *self.told_inputs]}

    @property
    def dose_mg(self) -> int:
        """All that was given, whatever the product, in milligrams."""
        return sum(one.dose_mg for one in self.anaesthesias)


@dataclass(frozen=True, slots=True)
class OpenHere:
    """An open visit as a line of Aujourd'hui."""

    visit_id: UUID
    patient_id: UUID
    patient_name: str
    practitioner_id: UUID
    practitioner: str
    opened_at: datetime
    is_left_open: bool


@dataclass(frozen=True, slots=True)
class Planned:
    """An act of the plan that may be done now; ``is_of_session``: it was meant for today."""

    line: plans.LineShown
    plan_letter: str
    session_place: int
    is_of_session: bool


@prepared
def _open_visit(patient_id: UUID) -> QuerySet[OpenVisit, UUID]:
    return OpenVisit.objects.filter(patient_id=patient_id).values_list("visit_id", flat=True)


def open_visit_of(patient_id: UUID) -> UUID | None:
    """Return the visit of a patient that goes on."""
    return next(iter(_open_visit(patient_id)), None)


def visit_of(patient_id: UUID, visit_id: UUID) -> Visit | None:
    """Return a visit of a patient."""
    found = Visit.objects.filter(id=visit_id, patient_id=patient_id)
    return found.select_related("practitioner", "appointment", "note").first()


def shown(visit: Visit) -> VisitShown:
    """Return a visit with what stands of its acts, materials and anaesthetics."""
    acts = list(_told().filter(visit=visit).select_related("practitioner", "struck_by", "done_by"))
    supplies = list(VisitSupply.objects.filter(_TOLD, visit=visit).select_related(*_WHO))
    given = list(Anaesthesia.objects.filter(_TOLD, visit=visit).select_related(*_WHO))
    inputs: list[Anaesthesia | VisitSupply] = [*given, *supplies]
    return VisitShown(
        visit,
        [one for one in acts if one.undone_at is None],
        [one for one in supplies if not one.is_struck],
        [one for one in given if not one.is_struck],
        [one for one in acts if one.is_struck],
        [one for one in inputs if one.is_struck],
    )


def _told() -> QuerySet[VisitAct]:
    """Return the acts that a visit tells of: those that stand, and those that were struck."""
    return VisitAct.objects.filter(Q(undone_at=None) | ~Q(struck_reason=""))


#: What visits tell of what was given or used: it stands, or was struck; and by whom.
_TOLD: Final = Q(removed_at=None) | ~Q(struck_reason="")
_WHO: Final = ("struck_by", "noted_by")


def input_of(visit_id: UUID, kind: str, input_id: UUID) -> Anaesthesia | VisitSupply | None:
    """Return what was given or used, struck or standing; ``kind`` is one of ``INPUTS``."""
    rows = INPUTS[kind]._default_manager.filter(_TOLD, visit_id=visit_id, id=input_id)
    return rows.first()


def moment_of_care(visit: Visit) -> datetime:
    """Return when something is done that is noted now, or that a closed visit forgot."""
    until = visit.closed_at or timezone.now()
    return rules.moment_of_care(
        visit.opened_at,
        until,
        opened_on=timezone.localdate(visit.opened_at),
        until_on=timezone.localdate(until),
    )


def is_of_another_day(visit: Visit) -> bool:
    """Tell whether a visit goes on that was opened on another day: that is its day of care."""
    return visit.closed_at is None and timezone.localdate(visit.opened_at) != timezone.localdate()


def act_of(visit: Visit, act_id: UUID) -> VisitAct | None:
    """Return an act that a visit tells of, struck or standing."""
    return _told().filter(visit=visit, id=act_id).select_related("practitioner").first()


def visits_of(patient_id: UUID) -> list[VisitShown]:
    """Return the visits of a patient, latest first; four queries."""
    rows = Visit.objects.filter(patient_id=patient_id).select_related("practitioner", "note")
    visits = list(rows[:SHOWN])
    ids = [visit.id for visit in visits]
    told = _told().filter(visit_id__in=ids).select_related("struck_by", "done_by")
    acts = _by_visit(one for one in told if one.undone_at is None)
    struck = _by_visit(one for one in told if one.is_struck)
    inputs: list[Anaesthesia | VisitSupply] = [
        *Anaesthesia.objects.filter(_TOLD, visit_id__in=ids).select_related(*_WHO),
        *VisitSupply.objects.filter(_TOLD, visit_id__in=ids).select_related(*_WHO),
    ]
    standing = [one for one in inputs if not one.is_struck]
    supplies = _by_visit(one for one in standing if one.is_material)
    given = _by_visit(one for one in standing if not one.is_material)
    struck_inputs = _by_visit(one for one in inputs if one.is_struck)
    return [
        VisitShown(
            one,
            acts.get(one.id, []),
            supplies.get(one.id, []),
            given.get(one.id, []),
            struck.get(one.id, []),
            struck_inputs.get(one.id, []),
        )
        for one in visits
    ]


def open_here(practice_id: UUID, *, practitioner_id: UUID | None = None) -> list[OpenHere]:
    """Return the open visits of a practice, of one practitioner or of all, oldest first."""
    rows = OpenVisit.objects.filter(visit__practice_id=practice_id)
    if practitioner_id is not None:
        rows = rows.filter(visit__practitioner_id=practitioner_id)
    now, today = timezone.now(), timezone.localdate()
    found = rows.select_related("visit__practitioner", "visit__patient")
    return [
        _line(
            row.visit,
            is_left_open=rules.is_left_open(
                row.visit.opened_at,
                now,
                opened_on=timezone.localdate(row.visit.opened_at),
                today=today,
            ),
        )
        for row in found.order_by("visit__opened_at")
    ]


def _line(visit: Visit, *, is_left_open: bool) -> OpenHere:
    patient = visit.patient
    return OpenHere(
        visit_id=visit.id,
        patient_id=visit.patient_id,
        patient_name=display_name(
            patient.birth_name, patient.used_name, patient.first_birth_first_name
        ),
        practitioner_id=visit.practitioner_id,
        practitioner=visit.practitioner.full_name,
        opened_at=visit.opened_at,
        is_left_open=is_left_open,
    )


def to_sign(practice_id: UUID, *, practitioner_id: UUID | None = None) -> list[OpenHere]:
    """Return the visits that were closed unsigned and whose note waits, oldest first."""
    rows = Visit.objects.filter(practice_id=practice_id, closed_at__isnull=False, note=None)
    if practitioner_id is not None:
        rows = rows.filter(practitioner_id=practitioner_id)
    found = rows.exclude(note_text="").select_related("practitioner", "patient")
    return [_line(one, is_left_open=False) for one in found.order_by("opened_at")[:SHOWN]]


def is_passed(visit: Visit, appointment_id: UUID | None) -> bool:
    """Tell whether an open visit gives way to the one of an appointment."""
    return rules.is_passed(
        opened_on=timezone.localdate(visit.opened_at),
        today=timezone.localdate(),
        appointment=visit.appointment_id,
        asked=appointment_id,
    )


def in_chair(practice_id: UUID, patient_id: UUID) -> UUID | None:
    """Return the appointment of today for which a patient sits in a chair."""
    here = agenda.waiting_room(practice_id).in_chair
    return next((one.id for one in here if one.patient_id == patient_id), None)


def due_now(practice_id: UUID, patient_id: UUID) -> agenda.Present | None:
    """Return the appointment that a visit opened by hand is about: not seated, without a visit."""
    room = agenda.waiting_room(practice_id)
    found = {one.id: one for one in (*room.waiting, *room.late, *room.expected)}
    mine = [one for one in found.values() if one.patient_id == patient_id]
    place = rules.due_now([(one.status == "arrived", one.starts_at) for one in mine], room.now)
    return None if place is None or has_visit(mine[place].id) else mine[place]


def has_visit(appointment_id: UUID) -> bool:
    """Tell whether an appointment has its visit, open or ended."""
    return Visit.objects.filter(appointment_id=appointment_id).exists()


def planned_of(visit: Visit) -> list[Planned]:
    """Return the acts that may be done: those of this session first, then the plan's others."""
    found = [
        Planned(line, plan.letter, session.place, session.id == visit.plan_session_id)
        for plan in plans.plans_of(visit.patient_id)
        if plan.is_live and (plan.is_chosen or plan.status == "accepted")
        for session in plan.sessions
        for line in session.lines
        if line.is_left
    ]
    if not any(one.is_of_session for one in found):
        return found
    return sorted(found, key=lambda one: not one.is_of_session)


def recent_acts(patient_id: UUID) -> list[Done]:
    """Return what was done to a patient, in plans and beside them, for the rules of the acts."""
    rows = VisitAct.objects.filter(visit__patient_id=patient_id, undone_at=None).values_list(
        "code", "teeth", "done_at"
    )
    return [
        Done(code, plan_rules.teeth_of(teeth), timezone.localdate(at)) for code, teeth, at in rows
    ]


def done_of(act: VisitAct) -> Done:
    """Return an act as the rules of acts know it."""
    return Done(act.code, plan_rules.teeth_of(act.teeth), timezone.localdate(act.done_at))


def anaesthetics(practice_id: UUID, *, with_retired: bool = False) -> list[rules.Anaesthetic]:
    """Return the anaesthetics of a practice: the usual ones, or its own figures for them."""
    own = {one.code: one for one in AnaestheticProduct.objects.filter(practice_id=practice_id)}
    found = [
        _product(own[usual.code]) if usual.code in own else usual
        for usual in rules.USUAL
        if with_retired or usual.code not in own or own[usual.code].is_active
    ]
    usual = {one.code for one in rules.USUAL}
    others = [row for code, row in own.items() if code not in usual]
    return found + [_product(row) for row in others if with_retired or row.is_active]


def shipped_words(product: rules.Anaesthetic) -> str:
    """Say which shipped figures this practice changed: « âge minimal (ans) : 4 »; else ""."""
    labels = {field.name: field.verbose_name for field in AnaestheticProduct._meta.fields}
    changed = rules.shipped_otherwise(product)
    return ", ".join(f"{labels[name]} : {value}" for name, value in changed.items())


def age_of(patient: "Patient", on: date | None = None) -> int | None:
    """Return the age in years on a day, else today; None while the birth date must be asked."""
    born = known_birth(patient.born_on)
    return age_years(born, on or timezone.localdate()) if born else None


def cautions_of(
    visit: Visit, products: Iterable[rules.Anaesthetic]
) -> dict[str, list[rules.Caution]]:
    """Return, by the code of each product, what the record of a visit says against it."""
    alerts = patients.alerts_of(visit.patient_id)
    codes = {code for one in alerts for code in rules.meant(one.code, one.kind, one.label)}
    age = age_of(visit.patient, timezone.localdate(visit.opened_at))
    weight_kg = weight_of(visit)
    return {one.code: rules.cautions(one, codes, weight_kg, age) for one in products}


def retired(practice_id: UUID) -> set[str]:
    """Return the codes of the anaesthetics that the practice no longer proposes."""
    rows = AnaestheticProduct.objects.filter(practice_id=practice_id, is_active=False)
    return set(rows.values_list("code", flat=True))


def templates(practice_id: UUID, *, with_retired: bool = False) -> list[NoteTemplate]:
    """Return the templates of notes of a practice, in their order."""
    rows = NoteTemplate.objects.filter(practice_id=practice_id)
    return list(rows if with_retired else rows.filter(is_active=True))


def version_of_anaesthetic(practice_id: UUID, code: str) -> int:
    """Return the version of the practice's own figures of a product; 0 while it has none."""
    rows = AnaestheticProduct.objects.filter(practice_id=practice_id, code=code)
    return rows.values_list("version", flat=True).first() or 0


def template_of(practice_id: UUID, template_id: UUID) -> NoteTemplate | None:
    """Return one template of a practice."""
    return NoteTemplate.objects.filter(practice_id=practice_id, id=template_id).first()


def last_weight(patient_id: UUID) -> tuple[int, datetime] | None:
    """Return the last weight that was noted, and when."""
    rows = Visit.objects.filter(patient_id=patient_id, weight_kg__isnull=False)
    found = rows.values_list("weight_kg", "opened_at").first()
    return (found[0], found[1]) if found and found[0] is not None else None


def weight_of(visit: Visit) -> int | None:
    """Return the weight that a visit counts with: its own, else the last of that day."""
    if visit.weight_kg is not None:
        return visit.weight_kg
    day = timezone.localdate(visit.opened_at)
    rows = Visit.objects.filter(patient_id=visit.patient_id, opened_at__date=day)
    return rows.exclude(weight_kg=None).values_list("weight_kg", flat=True).first()


def elsewhere_of(visit: Visit) -> list[Anaesthesia]:
    """Return the anaesthetics of that day that stand in other visits of the patient."""
    rows = Anaesthesia.objects.filter(
        visit__patient_id=visit.patient_id,
        given_at__date=timezone.localdate(visit.opened_at),
        removed_at=None,
    )
    return list(rows.exclude(visit=visit).select_related("visit").order_by("given_at", "id"))


def given_of(visit: Visit, doses: Iterable[Anaesthesia]) -> list[rules.Given]:
    """Return doses with the figures of their day, and the hour of another visit than this one.

    Rows that kept none take those of the product of that name, retired ones too.
    """
    found = [
        rules.Given(one.product, one.dose_mg, one.limits, _hour_elsewhere(visit, one))
        for one in doses
    ]
    if all(one.limits for one in found):
        return found
    named = {
        one.name: one.limits
        for one in [*rules.USUAL, *anaesthetics(visit.practice_id, with_retired=True)]
    }
    return [replace(one, limits=one.limits or named.get(one.name)) for one in found]


def _hour_elsewhere(visit: Visit, one: Anaesthesia) -> str:
    if one.visit_id == visit.id:
        return ""
    return date_format(timezone.localtime(one.visit.opened_at), "G \\h i")


def _product(row: AnaestheticProduct) -> rules.Anaesthetic:
    return rules.Anaesthetic(
        code=row.code,
        name=row.name,
        mg_per_ml=row.mg_per_ml,
        cartridge_ul=row.cartridge_ul,
        vasoconstrictor=row.vasoconstrictor,
        most_ug_per_kg=row.most_ug_per_kg,
        child_ug_per_kg=row.child_ug_per_kg,
        most_mg=row.most_mg,
        source=row.source,
        from_years=row.from_years,
        from_kg=row.from_kg,
    )


def _by_visit(rows: Iterable[Any]) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = {}
    for row in rows:
        found.setdefault(row.visit_id, []).append(row)
    return found


def next_session(visit: Visit) -> tuple[plans.PlanShown, Sequence[plans.Proposal]] | None:
    """Return the plan that goes on after a visit, with slots for its next session."""
    for plan in plans.plans_of(visit.patient_id):
        if plan.is_live and plan.is_chosen and plan.next_session is not None:
            found = plans.proposals(visit.practice_id, plan)
            return plan, found[:1]
    return None


def booked_session(visit: Visit, session_id: UUID) -> plans.SessionShown | None:
    """Return a session of the patient's plans that has its appointment."""
    sessions = [one for plan in plans.plans_of(visit.patient_id) for one in plan.sessions]
    return next((one for one in sessions if one.id == session_id and one.booked), None)


def last_done(practice_id: UUID, codes: Iterable[str]) -> dict[UUID, date]:
    """Return the day on which each patient last had an act whose code begins so; one query.

    What was taken back does not count.
    """
    wanted = Q()
    for code in codes:
        wanted |= Q(code__istartswith=code)
    if not wanted:
        return {}
    rows = VisitAct.objects.filter(wanted, visit__practice_id=practice_id, undone_at=None)
    found = rows.order_by().values_list("visit__patient_id").annotate(last=Max("done_at"))
    return {patient_id: timezone.localdate(last) for patient_id, last in found}


def acts_of_patient(patient_id: UUID) -> QuerySet[VisitAct]:
    """Return the acts noted for a patient, oldest first, those that were struck too.

    What was taken back while its visit went on is left out.
    """
    rows = _told().filter(visit__patient_id=patient_id)
    return rows.select_related("practitioner", "struck_by").order_by("done_at", "id")
