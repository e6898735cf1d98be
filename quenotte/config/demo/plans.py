"""Treatment plans of the demo practice, and the visits that go on today."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.care.agenda.models import Appointment
from quenotte.care.patients.models import Patient
from quenotte.office.catalogue import operations as catalogue
from quenotte.office.plans import operations as plans
from quenotte.office.plans import queries
from quenotte.office.plans.models import TreatmentPlan
from quenotte.office.visits import operations as visits

#: A session: phase, reason on the agenda, minutes, laboratory and healing days, typed lines.
Session = tuple[str, str, int, int, int, tuple[str, ...]]
_CLEANING: Final[Session] = (
    "Assainissement", "Détartrage et soins", 45, 0, 0, ("détartrage", "36 MOD composite"),
)  # fmt: skip
#: Title, sessions, title of the alternative and what it leaves out.
PLANS: Final[tuple[tuple[str, tuple[Session, ...], str], ...]] = (
    (
        "Couronne sur 16",
        (
            _CLEANING,
            ("Prothèse", "Préparation et empreinte", 60, 10, 0, ("16 inlay core",)),
            ("Prothèse", "Pose", 30, 0, 0, ("16 couronne",)),
        ),
        "Sans couronne",
    ),
    (
        "Secteur 4",
        (
            ("Urgence", "Soin 46", 60, 0, 0, ("46 endo",)),
            ("Soins", "Reconstitution", 45, 0, 0, ("46 MOD composite", "45 DO composite")),
        ),
        "",
    ),
    ("Extraction 28", (("Chirurgie", "Extraction", 30, 0, 60, ("28 extraction",)),), ""),
    ("Soins", (_CLEANING, ("Soins", "Composites", 45, 0, 0, ("14 MO composite",))), ""),
)
_OLD_ENOUGH: Final = timedelta(days=365 * 25)


def fill(practice: Practice, people: Sequence[Patient], now: datetime) -> None:
    """Give some adults a plan, and whoever sits in a chair a visit that goes on."""
    catalogue.load(practice.id)
    alice = Person.objects.get(practice=practice, username="alice")
    actor = Actor(
        person_id=alice.id,
        person_label=alice.full_name,
        practice_id=practice.id,
        workstation="Salle 1",
        source="demo",
        roles=alice.roles,
    )
    visits.add_usual_templates(actor=actor)
    seated = list(
        Appointment.objects.filter(
            practice=practice, status=Appointment.Status.IN_CHAIR
        ).select_related("patient")
    )
    adults = [one for one in people if now.date() - one.born_on > _OLD_ENOUGH]
    chosen = dict.fromkeys([one.patient for one in seated if one.patient in adults])
    chosen |= dict.fromkeys(adults[:4])
    for number, patient in enumerate(chosen):
        _plan(actor, patient, *PLANS[number % len(PLANS)], is_accepted=number % 3 != 2)
    for appointment in seated[:2]:
        _visit(actor, appointment, is_adult=appointment.patient in adults)
    # Whoever sits in a chair has a visit that goes on, whose note is begun.
    in_chairs = {one.patient_id for one in seated}
    for patient in [one for one in adults if one.id not in in_chairs][4:5]:
        _ended_visit(actor, patient)


def _plan(
    actor: Actor,
    patient: Patient,
    title: str,
    sessions: Sequence[Session],
    other: str,
    *,
    is_accepted: bool,
) -> None:
    plan = plans.start(actor=actor, patient_id=patient.id, title=title)
    where: Any = {"actor": actor, "patient_id": patient.id, "plan_id": plan.id}
    for phase, reason, minutes, laboratory, healing, typed in sessions:
        values = {
            "phase": phase,
            "title": reason,
            "minutes": minutes,
            "laboratory_days": laboratory,
            "healing_days": healing,
        }
        session = plans.add_session(**where, values=values)
        found = [queries.choices(patient.practice_id, one, plan.created_at.date()) for one in typed]
        lines = [choices[0].lines[0] for choices in found if choices]
        plans.add_lines(**where, lines=lines, session_id=session.id)
    if other:
        copy = plans.start(actor=actor, patient_id=patient.id, title=other, copy_of=plan.id)
        shown = queries.plan_shown(patient.id, copy.id)
        for line in shown.sessions[-1].lines if shown else ():
            plans.remove_line(actor=actor, patient_id=patient.id, plan_id=copy.id, line_id=line.id)
    if is_accepted:
        version = TreatmentPlan.objects.values_list("version", flat=True).get(id=plan.id)
        plans.set_status(**where, status="accepted", seen=version)


def _visit(actor: Actor, appointment: Appointment, *, is_adult: bool) -> None:
    where: Any = {"actor": actor, "patient_id": appointment.patient_id}
    visit = visits.open_visit(**where, appointment_id=appointment.id)
    visits.note_weight(**where, visit_id=visit.id, weight_kg=64 if is_adult else 21)
    given: Any = {**where, "visit_id": visit.id, "code": "articaine_200", "quarters": 4}
    try:
        visits.give_anaesthetic(**given)
    except visits.NotConfirmed as refusal:
        visits.give_anaesthetic(**given, confirmed=refusal.question)
    found = queries.choices(actor.own_practice_id, "détartrage", visit.opened_at.date())
    if found:
        visits.do_others(**where, visit_id=visit.id, acts=found[0].lines)
    text = "Patient détendu. Contrôle de l’occlusion. Teinte {teinte}."
    visits.save_note(**where, visit_id=visit.id, text=text, seen=1)


def _ended_visit(actor: Actor, patient: Patient) -> None:
    """Leave a visit that has ended, with an act that was corrected to the next tooth."""
    visit = visits.open_visit(actor=actor, patient_id=patient.id)
    where: Any = {"actor": actor, "patient_id": patient.id, "visit_id": visit.id}
    wrong, right = (
        queries.choices(actor.own_practice_id, f"{tooth} MO composite", visit.opened_at.date())
        for tooth in (14, 15)
    )
    if not wrong:
        return
    [act, *_] = visits.do_others(**where, acts=wrong[0].lines)
    visits.end_visit(**where, text="Composite sous digue.", seen=1)
    visits.correct_act(**where, act_id=act.id, acts=right[0].lines, reason="Dent voisine")
