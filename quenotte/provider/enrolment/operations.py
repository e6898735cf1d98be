"""Letting machines in: one order, one token; each machine waits until somebody accepts it."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import SYSTEM, Action, Actor, Scalar
from quenotte.kernel.enrolment import Enrolled, Told
from quenotte.kernel.errors import Refusal
from quenotte.provider.customers import operations as customers
from quenotte.provider.enrolment import queries, rules
from quenotte.provider.enrolment.models import Machine, Token
from quenotte.provider.enrolment.rules import Hardware, Use


class UnknownToken(Refusal):
    """No token reads like this, or it was revoked, has expired or is used up.

    An agent is told no more: which of them it is helps only who guesses. A technician reads it on
    the page of the tokens.
    """

    message = _("Ce jeton n’ouvre rien.")
    next_step = _("Vérifiez-le sur la page « Inscriptions », ou faites-en un nouveau.")


class TooManyMachines(Refusal):
    """An order of more machines than a practice has."""

    message = _("Un jeton vaut pour 1 à 200 machines.")
    next_step = _("Rien n’a été créé. Indiquez le nombre de machines de la commande.")


class AlreadyDecided(Refusal):
    """Somebody else accepted or revoked it meanwhile."""

    message = _("Quelqu’un a déjà décidé de cette machine.")
    next_step = _("Rien n’a été changé. La liste est à jour.")


class OtherNumber(Refusal):
    """Machines of a token came or went since somebody agreed to revoke so many."""

    message = _("Le nombre de machines de ce jeton a changé.")
    next_step = _("Rien n’a été révoqué. Relisez la liste, puis confirmez de nouveau.")


def make_token(
    *, customer_id: UUID, machines: int, actor: Actor, length: timedelta = rules.TOKEN_LENGTH
) -> tuple[Token, str]:
    """Make a token for the machines of an order; return it and what is typed, shown once.

    Raises: TooManyMachines.
    """
    if not 1 <= machines <= rules.MOST_MACHINES:
        raise TooManyMachines
    typed = rules.new_token()
    with transaction.atomic():
        made = Token.objects.create(
            customer_id=customer_id,
            digest=rules.digest(typed),
            hint=typed[:5],
            machines=machines,
            expires_at=timezone.now() + length,
            created_by_id=actor.own_person_id,
        )
        _note(Action.CREATE, actor, "token", made.id, {"count": machines})
    return made, typed


def revoke_token(*, token_id: UUID, actor: Actor, machines: int = 0) -> Token:
    """Shut a token at once; machines that it let in stay, unless they are revoked with it.

    ``machines``: how many somebody agreed to revoke with it, all that live; 0: none.

    Raises: Token.DoesNotExist, OtherNumber.
    """
    with transaction.atomic():
        token = Token.objects.select_for_update().get(pk=token_id)
        if machines:
            customers.mark_changed(token.customer_id)
            _revoke_all(token, machines, actor)
        if token.revoked_at is None:
            token.revoked_at = timezone.now()
            token.save(update_fields=["revoked_at"])
            _note(Action.CHANGE, actor, "token", token.id, {"state": "revoked"})
    return token


def _revoke_all(token: Token, count: int, actor: Actor) -> None:
    live = Machine.objects.filter(token=token).exclude(standing=Machine.Standing.REVOKED)
    found = list(live.select_for_update().order_by("id"))
    if len(found) != count:
        raise OtherNumber
    for machine in found:
        _decide(machine.pk, Machine.Standing.REVOKED, actor)
        machine.refresh_from_db()
        _leave(machine)


def enrol(*, token: str, told: Told, key: str = "") -> Enrolled:
    """Let a machine into the quarantine of its token's practice.

    ``key``: what an agent that keeps no key will say each time (`rules.bound_key`); such an agent
    may come again, and is the same machine. Whatever practice an agent names is not even read.

    Raises: UnknownToken.
    """
    now = timezone.now()
    key = key or rules.new_key()
    with transaction.atomic():
        found = Machine.objects.filter(key_digest=rules.digest(key)).first()
        if found is not None and not _may_come_again(found, token):
            raise UnknownToken
        if found is not None:
            return Enrolled(found.id, key)
        if (again := _unanswered(token, told, now)) is not None:
            Machine.objects.filter(pk=again).update(key_digest=rules.digest(key))
            _note(Action.CHANGE, SYSTEM, "machine", again, {"reason": "again"})
            return Enrolled(again, key)
        used = _spend(token, now)
        told_now = rules.Face(told.agent, told.name, told.hardware)
        made = Machine.objects.create(
            id=uuid4(),
            customer_id=used.customer_id,
            token=used,
            name=told.name[:63] or "?",
            agent=told.agent,
            agent_name=told.agent_name[:120],
            hardware_uuid=told.hardware.uuid[:64],
            serial=told.hardware.serial[:64],
            key_digest=rules.digest(key),
            doubt=rules.doubt_about(told_now, queries.live(used.customer_id)),
            enrolled_at=now,
        )
        _note(Action.CREATE, SYSTEM, "machine", made.id, {"reason": made.doubt})
    return Enrolled(made.id, key)


def is_made(token: str) -> bool:
    """Tell whether a token was ever made, whatever it is worth now."""
    return Token.objects.filter(digest=rules.digest(rules.plain_token(token))).exists()


def accept(*, machine_id: UUID, actor: Actor, speaks_for_practice: bool = False) -> Machine:
    """Believe a machine from now on; another with its hardware and agent loses its key.

    What another agent told of the same hardware before is the same machine: this one joins it.
    ``speaks_for_practice``: it is the server that tells of the copies; an agent that tells of
    nothing else is it by itself. What answered to its key though it was another one is what it is
    from now on.

    Raises: Machine.DoesNotExist, AlreadyDecided.
    """
    with transaction.atomic():
        _listen_anew(machine_id)
        machine = _decide(machine_id, Machine.Standing.ACCEPTED, actor)
        machine.hardware_uuid = machine.doubted_uuid or machine.hardware_uuid
        machine.serial = machine.doubted_serial or machine.serial
        machine.doubted_uuid = machine.doubted_serial = ""
        machine.speaks_for_practice = speaks_for_practice or _is_spoken_on(machine)
        machine.save()
        for twin in _twins(machine):
            _decide(twin.pk, Machine.Standing.REVOKED, actor)
            _leave(twin)
        _join(machine)
    return machine


def _twins(machine: Machine) -> list[Machine]:
    """Return who is this machine as the same agent tells it; another agent on it keeps its key."""
    others = Machine.objects.filter(
        customer_id=machine.customer_id, agent=machine.agent, standing=Machine.Standing.ACCEPTED
    ).exclude(pk=machine.pk)
    if machine.agent == rules.Agent.PRACTICE:
        return [one for one in others if queries.face(machine).is_as(queries.face(one))]
    known = others.exclude(hardware_uuid="")
    return list(known.filter(hardware_uuid__iexact=machine.hardware_uuid))


def _join(machine: Machine) -> None:
    """Make an agent one of the machine that it is on; one that others joined stays itself."""
    machine.host = None if queries.beside(machine) else queries.host_for(machine)
    machine.save(update_fields=["host"])
    if machine.host is not None and not (machine.host.hardware_uuid or machine.host.serial):
        # The server of a practice came first: now somebody can read its number.
        known = {"hardware_uuid": machine.hardware_uuid, "serial": machine.serial}
        Machine.objects.filter(pk=machine.host.pk).update(**known)
    if machine.host is not None and machine.speaks_for_practice:
        Machine.objects.filter(pk=machine.host.pk).update(speaks_for_practice=True)


def _is_spoken_on(machine: Machine) -> bool:
    """Tell whether an agent on a machine tells of the copies by itself, it or one that joined."""
    joined = queries.beside(machine)
    is_own = machine.agent == rules.Agent.PRACTICE
    return is_own or any(one.speaks_for_practice for one in joined)


def _leave(machine: Machine) -> None:
    """Let the agents that joined a machine stand without it: the oldest of them is it now.

    Whoever is left says whether it speaks for the practice still.
    """
    if machine.host is not None and machine.speaks_for_practice:
        speaks = _is_spoken_on(machine.host)
        Machine.objects.filter(pk=machine.host.pk).update(speaks_for_practice=speaks)
    joined = queries.beside(machine)
    if not joined:
        return
    first = joined[0]
    first.host = None
    first.speaks_for_practice = any(one.speaks_for_practice for one in joined)
    first.save(update_fields=["host", "speaks_for_practice"])
    Machine.objects.filter(host=machine).update(host=first)


def revoke(*, machine_id: UUID, actor: Actor) -> Machine:
    """Believe a machine no more: its key opens nothing from its next contact.

    Raises: Machine.DoesNotExist, AlreadyDecided.
    """
    with transaction.atomic():
        _listen_anew(machine_id)
        machine = _decide(machine_id, Machine.Standing.REVOKED, actor)
        _leave(machine)
    return machine


def doubt(*, machine_id: UUID, why: rules.Doubt, told: Hardware) -> None:
    """Put a machine back into quarantine: its key answers, and its hardware is another one."""
    with transaction.atomic():
        found = Machine.objects.filter(pk=machine_id, standing=Machine.Standing.ACCEPTED)
        if found.update(
            standing=Machine.Standing.QUARANTINE,
            doubt=why,
            doubted_uuid=told.uuid[:64],
            doubted_serial=told.serial[:64],
        ):
            _note(Action.CHANGE, SYSTEM, "machine", machine_id, {"reason": str(why)})


def forget_practice(customer_id: UUID) -> dict[str, int]:
    """Forget the machines of a practice with all that is known of them, and its tokens.

    Returns how many went, by what they are.
    """
    machines = Machine.objects.filter(customer_id=customer_id)
    count = machines.count()
    # They hold one another: no agent goes before those that joined it.
    machines.update(host=None)
    machines.delete()
    return {
        "machines": count,
        "tokens": Token.objects.filter(customer_id=customer_id).delete()[0],
    }


def forget_spent_tokens(customer_id: UUID, *, now: datetime) -> int:
    """Forget the tokens of a practice that nobody needs any more; return how many."""
    return queries.spent_tokens(now).filter(customer_id=customer_id).delete()[0]


def _unanswered(token: str, told: Told, now: datetime) -> UUID | None:
    """Return the machine that an agent which draws no key enrols again, for no answer reached it.

    It waits still, and came a moment ago, with the same token, name and hardware. A token that was
    revoked or has expired lets nobody take its place.
    """
    if told.agent != rules.Agent.OSQUERY or not told.hardware.uuid:
        return None
    found = Machine.objects.select_for_update(of=("self",)).filter(
        token__digest=rules.digest(rules.plain_token(token)),
        token__revoked_at=None,
        token__expires_at__gt=now,
        customer__is_active=True,
        agent=told.agent,
        agent_name=told.agent_name[:120],
        hardware_uuid=told.hardware.uuid[:64],
        serial=told.hardware.serial[:64],
        standing=Machine.Standing.QUARANTINE,
        enrolled_at__gt=now - rules.UNANSWERED,
    )
    return found.values_list("pk", flat=True).first()


def _may_come_again(machine: Machine, token: str) -> bool:
    """Tell whether a known key is let in with a token, which may be used up: one of its practice.

    With that of another practice it would wait where nobody expects it.
    """
    if machine.standing == Machine.Standing.REVOKED or not machine.customer.is_active:
        return False
    made = Token.objects.filter(digest=rules.digest(rules.plain_token(token)))
    return made.filter(customer_id=machine.customer_id).exists()


def _spend(token: str, now: datetime) -> Token:
    """Count one more machine; two that come together are counted one after the other."""
    digest = rules.digest(rules.plain_token(token))
    # A contract that ended lets no machine in.
    found = Token.objects.select_for_update(of=("self",)).filter(
        digest=digest, customer__is_active=True
    )
    one = found.first()
    if one is None or _worth(one, now) is not Use.GOOD:
        raise UnknownToken
    Token.objects.filter(pk=one.pk).update(used=F("used") + 1, used_at=now)
    return one


def _worth(token: Token, now: datetime) -> Use:
    return rules.use_of(
        machines=token.machines,
        used=token.used,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
        now=now,
    )


def _listen_anew(machine_id: UUID) -> None:
    """Have the silences of its practice looked at: agents that are waited for come or go."""
    found = Machine.objects.values_list("customer_id", flat=True)
    customers.mark_changed(found.get(pk=machine_id))


def _decide(machine_id: UUID, standing: str, actor: Actor) -> Machine:
    machine = Machine.objects.select_for_update().get(pk=machine_id)
    if machine.standing in {standing, Machine.Standing.REVOKED}:
        raise AlreadyDecided
    machine.standing, machine.decided_at = standing, timezone.now()
    machine.decided_by_id = actor.person_id
    machine.save(update_fields=["standing", "decided_at", "decided_by"])
    _note(Action.CHANGE, actor, "machine", machine.id, {"state": str(standing)})
    return machine


def _note(action: Action, actor: Actor, kind: str, one: UUID, detail: dict[str, Scalar]) -> None:
    record(action=action, actor=actor, object_kind=kind, object_id=str(one), detail=detail)
