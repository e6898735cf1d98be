"""What every change of a catalogue does: one writer at a time, memory forgotten, one line."""

import uuid
from typing import Final
from uuid import UUID

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action, Actor, Scalar
from quenotte.base.live import operations as live
from quenotte.base.masses import Mass, declare
from quenotte.base.practice import operations as practices
from quenotte.office.catalogue.models import Act, Catalogue

#: Event told to open pages; no patient is concerned.
EVENT: Final = "catalogue"


def hold(practice_id: UUID) -> Catalogue:
    """Lock the catalogue of a practice until the transaction ends; it is made when missing."""
    practices.hold(practice_id)
    return Catalogue.objects.get_or_create(practice_id=practice_id)[0]


def changed(catalogue: Catalogue, **fields: object) -> None:
    """Have every process read the catalogue again; keep what is said of it as a whole."""
    catalogue.revision = uuid.uuid4()
    for name, value in fields.items():
        setattr(catalogue, name, value)
    catalogue.save(update_fields=["revision", *fields])


def declare_import() -> None:
    """Say that a file brings much at once, within the transaction that writes it."""
    declare(
        Mass.IMPORT,
        *("office.Act", "office.ActVersion", "office.Catalogue", "office.CatalogueImport"),
        *("office.Check", "office.Macro", "office.Rate"),
    )


def trace(actor: Actor, action: Action, kind: str, object_id: object, **detail: Scalar) -> None:
    """Write the line of the journal, and tell the open pages of the catalogue."""
    audit.record(
        action=action, actor=actor, object_kind=kind, object_id=str(object_id), detail=detail
    )
    tell(actor.own_practice_id)


def tell(practice_id: UUID) -> None:
    """Have the open pages of the catalogue draw themselves again."""
    live.publish(practice_id=practice_id, name=EVENT, data={}, audience="catalogue.read")


def act_of(practice_id: UUID, code: str) -> Act | None:
    """Return an act of the practice, whatever the day."""
    return Act.objects.filter(practice_id=practice_id, code=code).first()
