"""Whether somebody signed the charter that stands now: asked by each page of a practice.

Apart from ``queries`` because ``access`` needs it too.
"""

from uuid import UUID

from quenotte.provider.charter.models import Signature
from quenotte.provider.charter.rules import VERSION, digest


def signature_of(person_id: UUID) -> Signature | None:
    """Return the signature of a person under the text that stands now."""
    found = Signature.objects.filter(person_id=person_id, version=VERSION, digest=digest())
    return found.first()


def has_signed(person_id: UUID) -> bool:
    """Tell whether a person signed the text that stands now."""
    return signature_of(person_id) is not None
