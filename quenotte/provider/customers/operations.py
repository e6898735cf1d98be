"""Taking a practice under contract, what is known of it, the end of the contract."""

import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import fields
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from quenotte.base.audit.operations import record
from quenotte.base.audit.rules import Action, Actor
from quenotte.kernel.errors import Refusal
from quenotte.provider.customers import queries
from quenotte.provider.customers.models import Customer, Opening
from quenotte.provider.customers.rules import USUAL, Known, Stretch, differing, moved


class SameName(Refusal):
    """Two practices of one town under one name: nobody could tell them apart on the page."""

    message = _("Un cabinet de ce nom existe déjà dans cette ville.")
    next_step = _(
        "Rien n’a été écrit. Ajoutez au nom ce qui le distingue, une rue par exemple ; ou, si son "
        "contrat était fini, reprenez-le sous « Anciens cabinets »."
    )


class ChangedSince(Refusal):
    """Somebody else saved the same sheet since a form of it was shown; ``fields`` are other now."""

    message = _("Une autre personne a modifié cette fiche entre-temps. Rien n’a été écrit.")
    next_step = _("Regardez ce qu’elle a changé, puis enregistrez de nouveau.")

    def __init__(self, fields: Sequence[str], known: Known) -> None:
        super().__init__()
        self.fields, self.known = fields, known


def take_on(
    *,
    actor: Actor,
    name: str,
    town: str = "",
    postcode: str = "",
    phone: str = "",
    email: str = "",
    internet_provider: str = "",
    hours: Sequence[Stretch] = USUAL,
) -> Customer:
    """Begin to look after a practice. Raises: SameName."""
    with _alone(), transaction.atomic():
        _must_be_alone(name.strip(), town.strip())
        made = Customer.objects.create(
            name=name.strip(),
            town=town.strip(),
            postcode=postcode,
            phone=phone,
            email=email,
            internet_provider=internet_provider.strip(),
        )
        _set_hours(made, hours)
        record(action=Action.CREATE, actor=actor, object_kind="customer", object_id=str(made.id))
    return made


def change(*, customer_id: UUID, known: Known, seen: str, actor: Actor) -> bool:
    """Write down what is known of a practice now; rules look at its machines again.

    ``seen``: the seal of what the form had shown (rules.sealed). Returns whether anything is other
    than it was. Raises: Customer.DoesNotExist, SameName, ChangedSince: nothing is overwritten.
    """
    with _alone(), transaction.atomic():
        found = Customer.objects.select_for_update(no_key=True).get(pk=customer_id, is_active=True)
        before = queries.known(found)
        if since := differing(seen, before):
            raise ChangedSince(since, before)
        if (known.name, known.town) != (before.name, before.town):
            # Two of one name that a former release let in can be written still.
            _must_be_alone(known.name, known.town, but=customer_id)
        other = [
            one.name
            for one in fields(Known)
            if getattr(known, one.name) != getattr(before, one.name)
        ]
        if other:
            if "agreed" in other:
                found.agreed_at, found.agreed_by = timezone.now(), actor.person_label[:120]
            _write(found, known)
            told = {"fields": ",".join(sorted(other)), **moved(before.agreed, known.agreed)}
            _told(actor, found.id, told)
    return bool(other)


def _write(found: Customer, known: Known) -> None:
    for name in queries.PLAIN:
        setattr(found, name, getattr(known, name))
    found.closed_on = [one.isoformat() for one in known.closed_on]
    found.remote_tools, found.ports = sorted(known.agreed.remote_tools), sorted(known.agreed.ports)
    found.is_due = True
    found.save()
    found.openings.all().delete()
    _set_hours(found, known.hours)


def end_contract(*, customer_id: UUID, actor: Actor) -> Customer:
    """Look after a practice no longer: no key or token of it opens, no rule looks there.

    What is kept of it stays for the time that the manual says. Raises: Customer.DoesNotExist.
    """
    with transaction.atomic():
        found = Customer.objects.select_for_update(no_key=True).get(pk=customer_id, is_active=True)
        found.is_active, found.ended_at, found.emptied_at = False, timezone.now(), None
        found.save(update_fields=["is_active", "ended_at", "emptied_at"])
        _line(actor, found.id, "state", "ended")
    return found


def resume_contract(*, customer_id: UUID, actor: Actor) -> Customer:
    """Look after a practice again: its keys open, its silences count from now on.

    What went of it (``emptied_at``) does not come back: its machines are enrolled anew.

    Raises: Customer.DoesNotExist.
    """
    with transaction.atomic():
        found = Customer.objects.select_for_update(no_key=True).get(pk=customer_id, is_active=False)
        found.is_active, found.is_due = True, True
        found.ended_at, found.resumed_at = None, timezone.now()
        found.save(update_fields=["is_active", "is_due", "ended_at", "resumed_at"])
        _line(actor, found.id, "state", "resumed")
    return found


def mark_changed(customer_id: UUID) -> None:
    """Have rules look at a practice anew: which agents are believed there changes.

    Within the transaction of the change, and before any machine is held: who looks holds the
    practice first as well.
    """
    Customer.objects.filter(pk=customer_id).update(is_due=True)


def note_emptied(customer: Customer, *, at: datetime) -> None:
    """Note when what was known of the machines of a former practice went."""
    customer.emptied_at = at
    customer.save(update_fields=["emptied_at"])


def let_go(customer: Customer) -> None:
    """Forget a practice itself with its hours, once nothing else of it is kept.

    Raises: ProtectedError while something is.
    """
    customer.delete()


def claim_changed() -> list[UUID]:
    """Return the practices of which something changed, and note that rules look there now.

    Within the transaction of whoever looks; what is changing meanwhile is left for the next time.
    """
    changed = Customer.objects.filter(is_due=True).select_for_update(no_key=True, skip_locked=True)
    ids = list(changed.order_by("id").values_list("id", flat=True))
    Customer.objects.filter(pk__in=ids).update(is_due=False)
    return ids


@contextmanager
def _alone() -> Iterator[None]:
    """Say in words what the database refuses: somebody wrote the same name in the same moment."""
    try:
        yield
    except IntegrityError as twice:
        raise SameName from twice


def _must_be_alone(name: str, town: str, *, but: UUID | None = None) -> None:
    # Compared here: SQLite knows no capitals beyond A to Z.
    wanted = _compared(name), _compared(town)
    rows = Customer.objects.exclude(pk=but) if but else Customer.objects.all()
    if any(
        (_compared(one), _compared(at)) == wanted for one, at in rows.values_list("name", "town")
    ):
        raise SameName


def _compared(text: str) -> str:
    return unicodedata.normalize("NFC", text).casefold()


def _line(actor: Actor, customer_id: UUID, key: str, what: str) -> None:
    _told(actor, customer_id, {key: what})


def _told(actor: Actor, customer_id: UUID, detail: dict[str, str]) -> None:
    record(
        action=Action.CHANGE,
        actor=actor,
        object_kind="customer",
        object_id=str(customer_id),
        detail=detail,
    )


def _set_hours(customer: Customer, hours: Sequence[Stretch]) -> None:
    Opening.objects.bulk_create(
        Opening(
            customer=customer,
            weekday=one.weekday,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
        )
        for one in hours
    )
