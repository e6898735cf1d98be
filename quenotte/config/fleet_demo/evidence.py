"""Two practices of the demo have a file of evidence, one of them an older one to compare with.

Through the same operations as the pages: questionnaires are signed, dossiers made and kept.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final
from uuid import UUID

from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.config.fleet_demo.made import Made
from quenotte.kernel.memento.items import Sheet, of_sheet
from quenotte.provider.evidence import operations
from quenotte.provider.fleet import operations as fleet
from quenotte.provider.fleet.operations import Contact

#: What the practitioner said at first; the rest was well.
_THEN: Final = {
    "training": ("no", "séance prévue à la rentrée"),
    "keys": ("no", "pas d’alarme"),
    "laptops": ("not_concerned", "aucun portable"),
    "traces": ("not_known", ""),
}
_NOW: Final = {
    "training": ("yes", "séance du 12, toute l’équipe"),
    "keys": ("no", "alarme commandée"),
    "laptops": ("not_concerned", "aucun portable"),
    "traces": ("yes", ""),
}
#: What was wrong with the machines then, and is mended.
_MENDED: Final = ("old_updates", "never_locks")
_DENTIST: Final = ("Claire Aubry", "chirurgien-dentiste, titulaire du cabinet")

Contacts = Callable[[Made, datetime], Iterator[Contact]]


def begin(made: Sequence[Made], contacts_of: Contacts, *, at: datetime) -> None:
    """Make the older dossier of one practice, with what its machines said then."""
    ours = _of(made, _chosen(made)[0])
    then = [
        replace(one, simulated=replace(one.simulated, faults=one.simulated.faults | {*_MENDED}))
        if number in {1, 2}
        else one
        for number, one in enumerate(ours)
    ]
    # The rules do not look yet: what they found then would be old now, and tell of itself.
    fleet.take([contact for one in then for contact in contacts_of(one, at)], at=at)
    customer_id = ours[0].row.customer_id
    _sign(customer_id, Sheet.PRACTICE, dict(_THEN), at)
    _sign(customer_id, Sheet.CONTRACT, {}, at)
    _establish(customer_id, at)


def go_on(made: Sequence[Made], *, at: datetime) -> None:
    """Make the dossiers of today; the second practice has signed nothing yet."""
    first, second = _chosen(made)
    _sign(first, Sheet.PRACTICE, dict(_NOW), at)
    _sign(first, Sheet.RECOVERY, {"drill": ("no", "")}, at)
    for customer_id in (first, second):
        _establish(customer_id, at)


def _chosen(made: Sequence[Made]) -> tuple[UUID, UUID]:
    """Return the practice with the most faults, and the first of the others."""
    faults: dict[UUID, int] = {}
    for one in made:
        faults.setdefault(one.row.customer_id, 0)
        faults[one.row.customer_id] += len(one.simulated.faults)
    most = max(faults, key=lambda customer_id: faults[customer_id])
    return most, next((one for one in faults if one != most), most)


def _of(made: Sequence[Made], customer_id: UUID) -> list[Made]:
    return [one for one in made if one.row.customer_id == customer_id]


def _actor() -> Actor:
    who = Person.objects.get(username="tom")
    return Actor(who.id, who.full_name, who.practice_id, "", "web", who.roles)


def _sign(customer_id: UUID, sheet: Sheet, told: dict[str, tuple[str, str]], at: datetime) -> None:
    actor = _actor()
    typed = {item.key: told.get(item.key, ("yes", "")) for item in of_sheet(sheet)}
    operations.save_draft(customer_id=customer_id, sheet=sheet, typed=typed, actor=actor)
    own = (actor.person_label, "technicien, Dentaire Services")
    signer, quality = _DENTIST if sheet.is_of_practice else own
    operations.sign(
        customer_id=customer_id, sheet=sheet, typed=typed, signer=signer, quality=quality,
        actor=actor, at=at,
    )  # fmt: skip


def _establish(customer_id: UUID, at: datetime) -> None:
    making = operations.ask(customer_id=customer_id, actor=_actor())
    operations.make(making_id=making.id, at=at)
