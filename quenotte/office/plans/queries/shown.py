"""Reads of plans: what a page shows, what a visit has to do, what may be booked."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from itertools import groupby
from operator import add
from typing import TYPE_CHECKING
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from quenotte.base.audit.rules import Actor
from quenotte.base.people import queries as people
from quenotte.base.people.rules import Role
from quenotte.care.agenda import queries as agenda
from quenotte.care.agenda import rules as agenda_rules
from quenotte.kernel.money import format_euros
from quenotte.office.catalogue import queries as catalogue
from quenotte.office.catalogue.rules import BASKETS, Done
from quenotte.office.plans import rules
from quenotte.office.plans.models import ChosenPlan, PlanLine, PlanSession, TreatmentPlan

if TYPE_CHECKING:
    from quenotte.care.agenda.models import Appointment

#: Slots proposed for each session.
SLOTS = 3


@dataclass(frozen=True, slots=True)
class LineShown:
    """An act of a plan as it is shown; amounts are cents for one act."""

    id: UUID
    code: str
    label: str
    teeth: tuple[int, ...]
    surfaces: str
    quantity: int
    tariff_cents: int | None
    fee_cents: int | None
    basket: str
    charts_as: str
    material: str
    minutes: int
    status: str
    reason: str
    done_on: date | None
    permille: int
    is_marked: bool

    @property
    def act(self) -> rules.ActLine:
        """The act with where it is done, as a visit keeps it."""
        return rules.ActLine(
            code=self.code,
            label=self.label,
            teeth=self.teeth_key,
            surfaces=self.surfaces,
            quantity=self.quantity,
            tariff_cents=self.tariff_cents,
            fee_cents=self.fee_cents,
            basket=self.basket,
            charts_as=self.charts_as,
            material=self.material,
            minutes=self.minutes,
        )

    @property
    def fee(self) -> str:
        """The fee of all of it in words, nothing when it is still to be fixed."""
        if self.fee_cents is None:
            return ""
        return format_euros(self.fee_cents * self.quantity)

    @property
    def basket_label(self) -> str:
        """The basket in words."""
        return gettext(BASKETS[self.basket]) if BASKETS.get(self.basket) else ""

    @property
    def status_label(self) -> str:
        """The status in words."""
        return str(PlanLine.Status(self.status).label)

    @property
    def teeth_words(self) -> str:
        """The teeth as a page shows them: « 16, 17 »."""
        return rules.shown_teeth(self.teeth)

    @property
    def teeth_key(self) -> str:
        """The teeth as the page's script reads them: « 16 17 »."""
        return rules.stored_teeth(self.teeth)

    @property
    def amounts(self) -> rules.Amounts:
        """What it costs; nothing when it was refused."""
        if self.status == PlanLine.Status.REFUSED:
            return rules.NOTHING
        return rules.amounts_of(self.fee_cents, self.tariff_cents, self.quantity, self.permille)

    @property
    def is_left(self) -> bool:
        """Whether it is still to do."""
        return self.status in rules.SHOWN_IN_MOUTH


@dataclass(frozen=True, slots=True)
class Booked:
    """The appointment of a session; instants in the time zone of the practice."""

    id: UUID
    starts_at: datetime
    ends_at: datetime
    status: str
    status_label: str
    practitioner: str

    @property
    def is_over(self) -> bool:
        """Whether it took place."""
        return self.status == "done"


@dataclass(frozen=True, slots=True)
class SessionShown:
    """A session of a plan; ``too_early_by`` days when its appointment ignores what must pass."""

    id: UUID
    place: int
    phase: str
    title: str
    chosen_minutes: int | None
    chair_id: UUID | None
    gap: rules.Gap
    booked: Booked | None
    lines: list[LineShown]
    is_too_early: bool
    must_wait_days: int

    @property
    def minutes(self) -> int:
        """How long it lasts, in minutes: as somebody chose, else as long as its acts."""
        return rules.session_minutes(self.chosen_minutes, self._of_acts)

    @property
    def minutes_left(self) -> int:
        """How long what remains of it lasts, in minutes: what its next appointment takes."""
        done = [one.minutes * one.quantity for one in self.lines if one.status == "done"]
        left = [one.minutes * one.quantity for one in self.lines if one.is_left]
        return rules.minutes_left(self.chosen_minutes, done, left)

    @property
    def lacks_minutes(self) -> int:
        """How long its acts ask for, in minutes, when somebody chose less; else 0."""
        asked = rules.session_minutes(None, self._of_acts)
        is_short = self.chosen_minutes is not None and self.chosen_minutes < asked
        return asked if is_short and any(one.is_left for one in self.lines) else 0

    @property
    def _of_acts(self) -> list[int]:
        return [one.minutes * one.quantity for one in self.lines if one.status != "refused"]

    @property
    def wait_days(self) -> int:
        """Days that must pass after it."""
        return rules.wait_days(self.gap)

    @property
    def is_done(self) -> bool:
        """Whether nothing of it is left to do, and something was done."""
        statuses = [line.status for line in self.lines]
        return "done" in statuses and not any(line.is_left for line in self.lines)

    @property
    def is_to_book(self) -> bool:
        """Whether it has something to do and no appointment to come: one that is over left it."""
        is_free = self.booked is None or self.booked.is_over
        return is_free and any(line.is_left for line in self.lines)

    @property
    def ended_at(self) -> datetime | None:
        """When it ended or will end, in the time zone of the practice; None when nobody knows."""
        if self.booked is not None:
            return self.booked.ends_at
        days = [line.done_on for line in self.lines if line.done_on]
        if not days or not self.is_done:
            return None
        return datetime.combine(max(days), time(23, 59), timezone.get_current_timezone())

    @property
    def amounts(self) -> rules.Amounts:
        """What its lines cost."""
        return _sum(line.amounts for line in self.lines)


@dataclass(frozen=True, slots=True)
class PhaseShown:
    """Sessions of one phase, one after the other."""

    name: str
    sessions: list[SessionShown]

    @property
    def amounts(self) -> rules.Amounts:
        """What its lines cost."""
        return _sum(session.amounts for session in self.sessions)

    @property
    def minutes(self) -> int:
        """Chair time, in minutes; a session without any act takes none."""
        return _chair_minutes(self.sessions)


@dataclass(frozen=True, slots=True)
class PlanShown:
    """A plan with all that a page shows of it."""

    id: UUID
    letter: str
    title: str
    status: str
    reason: str
    is_chosen: bool
    version: int
    practitioner_id: UUID
    practitioner: str
    sessions: list[SessionShown]
    ends_on: date | None

    @property
    def status_label(self) -> str:
        """The status in words."""
        return str(TreatmentPlan.Status(self.status).label)

    @property
    def is_live(self) -> bool:
        """Whether it may still be changed."""
        return self.status in rules.LIVE

    @property
    def lines(self) -> list[LineShown]:
        """The lines of all its sessions."""
        return [line for session in self.sessions for line in session.lines]

    @property
    def phases(self) -> list[PhaseShown]:
        """Sessions that follow each other in one phase."""
        groups = groupby(self.sessions, key=lambda session: session.phase)
        return [PhaseShown(name, list(sessions)) for name, sessions in groups]

    def whole_phase(self, name: str) -> PhaseShown | None:
        """Return all the sessions of a phase, even when it was left and taken up again."""
        sessions = [session for session in self.sessions if session.phase == name]
        return PhaseShown(name, sessions) if sessions else None

    @property
    def amounts(self) -> rules.Amounts:
        """What its lines cost."""
        return _sum(session.amounts for session in self.sessions)

    @property
    def progress(self) -> rules.Progress:
        """How far it has come."""
        return rules.progress_of(line.status for line in self.lines)

    @property
    def minutes(self) -> int:
        """Chair time, in minutes: that of its phases."""
        return _chair_minutes(self.sessions)

    @property
    def minutes_left(self) -> int:
        """Chair time of what remains, in minutes."""
        return sum(session.minutes_left for session in self.sessions if session.lines)

    @property
    def next_session(self) -> SessionShown | None:
        """The first session that is to be booked."""
        return next((one for one in self.sessions if one.is_to_book), None)

    @property
    def steps(self) -> list[tuple[str, bool]]:
        """The statuses of its buttons, each in its place, and whether it may follow now."""
        return rules.steps(self.status)


@dataclass(frozen=True, slots=True)
class Proposal:
    """A session to book, with slots that leave what must pass before it."""

    session: SessionShown
    slots: list[agenda.FreeSlot]


def _chair_minutes(sessions: Iterable[SessionShown]) -> int:
    return sum(session.minutes for session in sessions if session.lines)


def plans_of(patient_id: UUID) -> list[PlanShown]:
    """Return the plans of a patient, oldest first, with their letters; four queries at most."""
    plans = list(TreatmentPlan.objects.filter(patient_id=patient_id).select_related("practitioner"))
    if not plans:
        return []
    chosen = ChosenPlan.objects.filter(patient_id=patient_id).values_list("plan_id", flat=True)
    chosen_id = chosen.first()
    ids = [plan.id for plan in plans]
    permille = catalogue.reimbursement_permille(plans[0].practice_id, timezone.localdate())
    lines = _lines_by_session(ids, permille)
    sessions: dict[UUID, list[PlanSession]] = {}
    rows = PlanSession.objects.filter(plan_id__in=ids, removed_at=None)
    for row in rows.select_related("appointment__practitioner"):
        sessions.setdefault(row.plan_id, []).append(row)
    return [
        _shown(plan, rules.letter(place), plan.id == chosen_id, sessions.get(plan.id, []), lines)
        for place, plan in enumerate(plans)
    ]


def plan_shown(patient_id: UUID, plan_id: UUID) -> PlanShown | None:
    """Return one plan of a patient."""
    return next((plan for plan in plans_of(patient_id) if plan.id == plan_id), None)


def current_plan(plans: Sequence[PlanShown]) -> PlanShown | None:
    """Return the plan that a page opens with: the chosen one, else the last that lives."""
    chosen = [plan for plan in plans if plan.is_chosen]
    live = [plan for plan in plans if plan.is_live]
    return next(iter(chosen or live[::-1] or plans[::-1]), None)


def session_of_appointment(appointment_id: UUID) -> UUID | None:
    """Return the session of a plan that an appointment was booked for."""
    found = PlanSession.objects.filter(appointment_id=appointment_id, removed_at=None)
    return found.values_list("id", flat=True).first()


def usual_practitioner(actor: Actor, patient_id: UUID) -> UUID:
    """Return who treats: the dentist who asks, else who carries out the chosen plan, else she.

    Without any of them, the first dentist of the practice.
    """
    if Role.DENTIST in actor.roles:
        return actor.own_person_id
    chosen = ChosenPlan.objects.filter(patient_id=patient_id)
    found = chosen.values_list("plan__practitioner_id", flat=True).first()
    dentists = people.accounts(actor.own_practice_id).filter(role=Role.DENTIST, is_active=True)
    return found or dentists.values_list("id", flat=True).first() or actor.own_person_id


def beside(plan: PlanShown, line: LineShown, day: date) -> list[Done]:
    """Return the acts that are left to do beside one in its plan.

    Those of its session are thought of on its day; those of the other sessions on another day,
    and only where they meet it on a tooth: an inlay core waits weeks for its crown.
    """
    found = []
    for session in plan.sessions:
        is_same = any(one.id == line.id for one in session.lines)
        on = day if is_same else day + timedelta(days=1)
        found += [
            Done(other.code, other.teeth, on, is_planned=True)
            for other in session.lines
            if other.id != line.id
            and other.is_left
            and (is_same or set(other.teeth) & set(line.teeth))
        ]
    return found


def proposals(
    practice_id: UUID, plan: PlanShown, *, chosen: dict[UUID, datetime] | None = None
) -> list[Proposal]:
    """Return slots for each session to book, each after what the one before it asks for.

    A session whose slot is not ``chosen`` yet is thought to take the first one that is free.
    """
    picked, found = chosen or {}, []
    before, gap, now = None, rules.Gap(), timezone.localtime()
    for session in plan.sessions:
        if not session.is_to_book:
            before, gap = (session.ended_at, session.gap) if session.ended_at else (before, gap)
        else:
            since = rules.earliest(before, gap, now)
            search = agenda.Search(
                minutes=session.minutes_left,
                practitioner_ids=[plan.practitioner_id],
                chair_id=session.chair_id,
            )
            slots = agenda.free_slots(practice_id, search, since=since, limit=SLOTS)
            found.append(Proposal(session, slots))
            taken = _picked(slots, picked.get(session.id))
            if taken is not None:
                before, gap = timezone.localtime(taken.ends_at), session.gap
    return found


def _picked(slots: Sequence[agenda.FreeSlot], wanted: datetime | None) -> agenda.FreeSlot | None:
    same = [slot for slot in slots if slot.starts_at == wanted]
    return next(iter([*same, *slots]), None)


def _lines_by_session(plan_ids: Iterable[UUID], permille: int) -> dict[UUID, list[LineShown]]:
    lines: dict[UUID, list[LineShown]] = {}
    rows = PlanLine.objects.filter(plan_id__in=list(plan_ids))
    for row in rows.exclude(status=PlanLine.Status.REMOVED):
        lines.setdefault(row.session_id, []).append(_line(row, permille))
    return lines


def _line(row: PlanLine, permille: int) -> LineShown:
    return LineShown(
        id=row.id,
        code=row.code,
        label=row.label,
        teeth=rules.teeth_of(row.teeth),
        surfaces=row.surfaces,
        quantity=row.quantity,
        tariff_cents=row.tariff_cents,
        fee_cents=row.fee_cents,
        basket=row.basket,
        charts_as=row.charts_as,
        material=row.material,
        minutes=row.minutes,
        status=row.status,
        reason=row.reason,
        done_on=row.done_on,
        permille=permille,
        is_marked=row.is_marked,
    )


def _shown(
    plan: TreatmentPlan,
    name: str,
    is_chosen: bool,
    rows: Sequence[PlanSession],
    lines: dict[UUID, list[LineShown]],
) -> PlanShown:
    sessions = _sessions(rows, lines)
    days = [
        (timezone.localdate(one.booked.starts_at) if one.booked else None, one.gap)
        for one in sessions
        if one.lines or one.booked
    ]
    return PlanShown(
        id=plan.id,
        letter=name,
        title=plan.title,
        status=plan.status,
        reason=plan.reason,
        is_chosen=is_chosen,
        version=plan.version,
        practitioner_id=plan.practitioner_id,
        practitioner=plan.practitioner.full_name,
        sessions=sessions,
        ends_on=rules.estimated_end(timezone.localdate(), days),
    )


def _sessions(
    rows: Sequence[PlanSession], lines: dict[UUID, list[LineShown]]
) -> list[SessionShown]:
    found: list[SessionShown] = []
    before: datetime | None = None
    gap = rules.Gap()
    for place, row in enumerate(rows):
        booked = _booked(row.appointment)
        early = booked is not None and rules.is_too_early(before, gap, booked.starts_at)
        own = rules.Gap(row.laboratory_days, row.healing_days)
        shown = SessionShown(
            id=row.id,
            place=place + 1,
            phase=row.phase,
            title=row.title,
            chosen_minutes=row.minutes,
            chair_id=row.chair_id,
            gap=own,
            booked=booked,
            lines=lines.get(row.id, []),
            is_too_early=early and not booked.is_over if booked else False,
            must_wait_days=found[-1].wait_days if found else 0,
        )
        found.append(shown)
        if shown.ended_at is not None:
            before, gap = shown.ended_at, own
    return found


def _booked(appointment: "Appointment | None") -> Booked | None:
    """Return the appointment of a session; one that was cancelled or missed books nothing."""
    if appointment is None or appointment.status in agenda_rules.OFF:
        return None
    return Booked(
        id=appointment.id,
        starts_at=timezone.localtime(appointment.starts_at),
        ends_at=timezone.localtime(appointment.ends_at),
        status=appointment.status,
        status_label=str(appointment.get_status_display()),
        practitioner=appointment.practitioner.full_name,
    )


def _sum(amounts: Iterable[rules.Amounts]) -> rules.Amounts:
    return reduce(add, amounts, rules.NOTHING)
