"""Planned quiet: maintenance windows, and exemptions from one rule. Each ends by itself."""

from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.kernel.errors import Refusal
from quenotte.kernel.posture import exemptions, windows
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet import queries as found_now
from quenotte.provider.incidents.models import Exemption, Window


class BadWindow(Refusal):
    """A window that ended already, ends before it starts, or lasts longer than a week."""

    message = _(
        "Une maintenance finit après son début, dans l’avenir, et dure une semaine au plus."
    )
    next_step = _("Rien n’a été prévu. Pour plus longtemps, accordez une exception à une règle.")


class WindowIsOver(Refusal):
    """What has ended cannot be ended again."""

    message = _("Cette maintenance est déjà finie.")
    next_step = _("Rien n’a été changé.")


class BadExemption(Refusal):
    """An exemption without an end within a year, or from a rule that is kept."""

    message = _("Une exception porte sur une règle enfreinte et finit dans l’année.")
    next_step = _("Rien n’a été accordé. Choisissez une date plus proche.")


class AlreadyExempt(Refusal):
    """Somebody granted one meanwhile."""

    message = _("Cette règle a déjà une exception ici.")
    next_step = _("Rien n’a été accordé. Retirez l’autre d’abord.")


def plan(
    *,
    customer_id: UUID,
    machine_id: UUID | None,
    starts_at: datetime,
    ends_at: datetime,
    why: str,
    actor: Actor,
) -> Window:
    """Plan a maintenance window for a practice, or one of its machines. Raises: BadWindow."""
    now = timezone.now()
    try:
        windows.Window(starts_at, ends_at)
    except ValueError as error:
        raise BadWindow from error
    if ends_at <= now:
        raise BadWindow
    with transaction.atomic():
        made = Window.objects.create(
            customer_id=customer_id, machine_id=machine_id, starts_at=starts_at, ends_at=ends_at,
            why=why.strip(), planned_by_id=actor.own_person_id, planned_at=now,
        )  # fmt: skip
        _note(Action.CREATE, actor, "maintenance", made.id)
    return made


def end_now(*, window_id: UUID, actor: Actor) -> Window:
    """End a window at once, or take back one that has not begun.

    Raises: Window.DoesNotExist, WindowIsOver.
    """
    now = timezone.now()
    with transaction.atomic():
        window = Window.objects.select_for_update().get(pk=window_id)
        if window.ends_at <= now:
            raise WindowIsOver
        # Of one that has not begun, nothing is left but that it was planned.
        window.starts_at = min(window.starts_at, now - timedelta(seconds=1))
        window.ends_at = now
        window.save(update_fields=["starts_at", "ends_at"])
        _note(Action.CHANGE, actor, "maintenance", window.id)
    return window


def grant(*, finding_id: UUID, why: str, ends_at: datetime, actor: Actor) -> Exemption:
    """Bear what a rule found, at one machine or practice, until an instant within a year.

    Raises: Finding.DoesNotExist (``LookupError`` of the fleet), BadExemption, AlreadyExempt.
    """
    now, finding = timezone.now(), found_now.finding(finding_id)
    try:
        exemptions.Exemption(finding.rule, why, now, ends_at)
    except ValueError as error:
        raise BadExemption from error
    if not finding.is_open:
        raise BadExemption
    try:
        with transaction.atomic():
            made = Exemption.objects.create(
                customer_id=finding.customer_id, machine_id=finding.machine_id, rule=finding.rule,
                reason=finding.reason, things=sorted(exemptions.things_of(finding.values)),
                why=why.strip(), granted_by_id=actor.own_person_id,
                granted_at=now, ends_at=ends_at,
            )  # fmt: skip
            fleet.touch([finding.customer_id], now=now)
            _note(Action.CREATE, actor, "exemption", made.id)
    except IntegrityError as error:
        raise AlreadyExempt from error
    return made


def withdraw(*, exemption_id: UUID, actor: Actor) -> Exemption:
    """End an exemption before its time. Raises: Exemption.DoesNotExist."""
    now = timezone.now()
    with transaction.atomic():
        found = Exemption.objects.select_for_update().get(pk=exemption_id)
        if found.ended_at is None:
            found.ended_at = now
            found.save(update_fields=["ended_at"])
            fleet.touch([found.customer_id], now=now)
            _note(Action.CHANGE, actor, "exemption", found.id)
    return found


def _note(action: Action, actor: Actor, kind: str, one: UUID) -> None:
    record(action=action, actor=actor, object_kind=kind, object_id=str(one))
