"""What a page shows of a plan: its acts, sessions and phases, and what follows from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import reduce
from itertools import groupby
from operator import add
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext

from quenotte.kernel.money import format_euros
from quenotte.office.catalogue.rules import BASKETS
from quenotte.office.plans import rules
from quenotte.office.plans.models import PlanLine, TreatmentPlan


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
    def terms(self) -> str:
        """What the patient is asked to accept, as the page shows it."""
        return rules.terms(self.teeth_key, self.surfaces, self.quantity, self.fee_cents)

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


def _chair_minutes(sessions: Iterable[SessionShown]) -> int:
    return sum(session.minutes for session in sessions if session.lines)


def _sum(amounts: Iterable[rules.Amounts]) -> rules.Amounts:
    return reduce(add, amounts, rules.NOTHING)
