"""Letting machines in: one code; each machine waits until a person recognises it."""

from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action, Actor, Scalar
from quenotte.kernel import enrolment
from quenotte.kernel.enrolment import Doubt, Enrolled, Hardware, Told, Use
from quenotte.upkeep.workstations import queries
from quenotte.upkeep.workstations.models import Machine, MachineToken
from quenotte.upkeep.workstations.operations.refusals import (
    AlreadyDecidedHere,
    TooManyWorkstations,
    UnknownMachineToken,
)


def make_token(*, practice_id: UUID, machines: int, actor: Actor) -> tuple[MachineToken, str]:
    """Make a token for some machines; return it and what is typed, shown once.

    Raises: TooManyWorkstations.
    """
    if not 1 <= machines <= enrolment.MOST_MACHINES:
        raise TooManyWorkstations
    typed = enrolment.new_token()
    with transaction.atomic():
        made = MachineToken.objects.create(
            practice_id=practice_id,
            digest=enrolment.digest(typed),
            hint=typed[:5],
            machines=machines,
            expires_at=timezone.now() + enrolment.TOKEN_LENGTH,
            created_by_id=actor.own_person_id,
        )
        _note(Action.CREATE, actor, "machine_token", made.id, {"count": machines})
    return made, typed


def revoke_token(*, practice_id: UUID, token_id: UUID, actor: Actor) -> None:
    """Shut a token at once; machines that it let in stay. Raises: MachineToken.DoesNotExist."""
    with transaction.atomic():
        found = MachineToken.objects.select_for_update().filter(practice_id=practice_id)
        token = found.get(pk=token_id)
        if token.revoked_at is None:
            token.revoked_at = timezone.now()
            token.save(update_fields=["revoked_at"])
            _note(Action.CHANGE, actor, "machine_token", token.id, {"state": "revoked"})


def enrol(*, token: str, told: Told, key: str = "") -> Enrolled:
    """Let a machine into the quarantine of its token's practice.

    ``key``: what an agent that keeps no key will say each time (`kernel.enrolment.bound_key`); such
    an agent may come again, and is the same machine. Whatever practice an agent names is not read.

    Raises: UnknownMachineToken.
    """
    if told.agent not in Machine.Agent:
        # The server of a practice is no machine of its own practice.
        raise UnknownMachineToken
    now = timezone.now()
    key = key or enrolment.new_key()
    with transaction.atomic():
        found = Machine.objects.filter(key_digest=enrolment.digest(key)).first()
        if found is not None and not _may_come_again(found, token):
            raise UnknownMachineToken
        if found is not None:
            return Enrolled(found.id, key)
        if (again := _unanswered(token, told, now)) is not None:
            Machine.objects.filter(pk=again).update(key_digest=enrolment.digest(key))
            _note(Action.CHANGE, SYSTEM, "machine", again, {"reason": "again"})
            return Enrolled(again, key)
        used = _spend(token, now)
        made = Machine.objects.create(
            id=uuid4(),
            practice_id=used.practice_id,
            token=used,
            name=told.name[:63] or "?",
            agent=told.agent,
            agent_name=told.agent_name[:120],
            hardware_uuid=told.hardware.uuid[:64],
            serial=told.hardware.serial[:64],
            key_digest=enrolment.digest(key),
            doubt=enrolment.doubt_of(told.hardware, _live_hardware(used.practice_id, told.agent)),
            enrolled_at=now,
        )
        _note(Action.CREATE, SYSTEM, "machine", made.id, {"reason": str(made.doubt)})
    return Enrolled(made.id, key)


def is_made(token: str) -> bool:
    """Tell whether a token was ever made, whatever it is worth now."""
    return queries.is_made(enrolment.digest(enrolment.plain_token(token)))


def accept(*, practice_id: UUID, machine_id: UUID, actor: Actor) -> Machine:
    """Believe a machine from now on; another of its agent with its hardware loses its key.

    What answered to its key though it was another one is what it is from now on.

    Raises: Machine.DoesNotExist, AlreadyDecidedHere.
    """
    with transaction.atomic():
        machine = _decide(practice_id, machine_id, Machine.Standing.ACCEPTED, actor)
        machine.hardware_uuid = machine.doubted_uuid or machine.hardware_uuid
        machine.serial = machine.doubted_serial or machine.serial
        machine.doubted_uuid = machine.doubted_serial = ""
        machine.judged_at = None
        machine.save()
        twins = queries.accepted(practice_id).filter(agent=machine.agent).exclude(hardware_uuid="")
        for twin in twins.exclude(pk=machine.pk).filter(
            hardware_uuid__iexact=machine.hardware_uuid
        ):
            _decide(practice_id, twin.pk, Machine.Standing.REVOKED, actor)
    return machine


def revoke(*, practice_id: UUID, machine_id: UUID, actor: Actor) -> Machine:
    """Believe a machine no more: its key opens nothing from its next contact.

    Raises: Machine.DoesNotExist, AlreadyDecidedHere.
    """
    with transaction.atomic():
        return _decide(practice_id, machine_id, Machine.Standing.REVOKED, actor)


def restore(*, practice_id: UUID, machine_id: UUID, actor: Actor) -> Machine:
    """Believe a machine again that was revoked by mistake: its key opens as before.

    Raises: Machine.DoesNotExist, AlreadyDecidedHere.
    """
    with transaction.atomic():
        machine = _of(practice_id, machine_id)
        if machine.standing != Machine.Standing.REVOKED:
            raise AlreadyDecidedHere
        return _decided(machine, Machine.Standing.ACCEPTED, actor)


def doubt(*, machine: Machine, told: Hardware) -> None:
    """Put a machine back into quarantine: its key answers, and its hardware is another one."""
    machine.standing, machine.doubt = Machine.Standing.QUARANTINE, Doubt.JUMPED
    machine.doubted_uuid, machine.doubted_serial = told.uuid[:64], told.serial[:64]
    machine.save(update_fields=["standing", "doubt", "doubted_uuid", "doubted_serial"])
    _note(Action.CHANGE, SYSTEM, "machine", machine.id, {"reason": str(Doubt.JUMPED)})


def _unanswered(token: str, told: Told, now: datetime) -> UUID | None:
    """Return the machine that an agent which draws no key enrols again, for no answer reached it.

    It waits still, and came a moment ago, with the same token, name and hardware. A token that was
    revoked or has expired lets nobody take its place.
    """
    if told.agent != Machine.Agent.OSQUERY or not told.hardware.uuid:
        return None
    found = Machine.objects.select_for_update().filter(
        token__digest=enrolment.digest(enrolment.plain_token(token)),
        token__revoked_at=None,
        token__expires_at__gt=now,
        agent=told.agent,
        agent_name=told.agent_name[:120],
        hardware_uuid=told.hardware.uuid[:64],
        serial=told.hardware.serial[:64],
        standing=Machine.Standing.QUARANTINE,
        enrolled_at__gt=now - enrolment.UNANSWERED,
    )
    return found.values_list("pk", flat=True).first()


def _may_come_again(machine: Machine, token: str) -> bool:
    """Tell whether a known key is let in with a token, which may be used up: one of its practice.

    With that of another practice it would wait where nobody expects it.
    """
    if machine.standing == Machine.Standing.REVOKED:
        return False
    made = MachineToken.objects.filter(digest=enrolment.digest(enrolment.plain_token(token)))
    return made.filter(practice_id=machine.practice_id).exists()


def _live_hardware(practice_id: UUID, agent: str) -> list[Hardware]:
    """Return the hardware of the machines whose key still opens. Two agents may share one."""
    live = Machine.objects.filter(practice_id=practice_id, agent=agent)
    live = live.exclude(standing=Machine.Standing.REVOKED)
    return [Hardware(one.hardware_uuid, one.serial) for one in live]


def _spend(token: str, now: datetime) -> MachineToken:
    """Count one more machine; two that come together are counted one after the other."""
    digest = enrolment.digest(enrolment.plain_token(token))
    one = MachineToken.objects.select_for_update().filter(digest=digest).first()
    if one is None or _worth(one, now) is not Use.GOOD:
        raise UnknownMachineToken
    MachineToken.objects.filter(pk=one.pk).update(used=F("used") + 1)
    return one


def _worth(token: MachineToken, now: datetime) -> Use:
    return enrolment.use_of(
        machines=token.machines,
        used=token.used,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
        now=now,
    )


def _of(practice_id: UUID, machine_id: UUID) -> Machine:
    found = Machine.objects.select_for_update().filter(practice_id=practice_id)
    return found.get(pk=machine_id)


def _decide(practice_id: UUID, machine_id: UUID, standing: str, actor: Actor) -> Machine:
    machine = _of(practice_id, machine_id)
    if machine.standing in {standing, Machine.Standing.REVOKED}:
        raise AlreadyDecidedHere
    return _decided(machine, standing, actor)


def _decided(machine: Machine, standing: str, actor: Actor) -> Machine:
    machine.standing, machine.decided_at = standing, timezone.now()
    machine.decided_by_id = actor.person_id
    machine.save(update_fields=["standing", "decided_at", "decided_by"])
    _note(Action.CHANGE, actor, "machine", machine.id, {"state": str(standing)})
    return machine


def _note(action: Action, actor: Actor, kind: str, one: UUID, detail: dict[str, Scalar]) -> None:
    record(action=action, actor=actor, object_kind=kind, object_id=str(one), detail=detail)
