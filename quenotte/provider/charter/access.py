"""Nothing of a practice opens to who has not signed the charter that stands now."""

from typing import Final

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from quenotte.provider.charter.looking import has_signed

#: Actions that show something of a practice begin so; every view names its action.
_GUARDED: Final = "fleet."
#: What comes before the signature.
_SIGNING: Final = frozenset({"fleet.sign", "fleet.signers"})
_PAGE: Final = "charter:charter"


def page_before(request: HttpRequest, action: str) -> str:
    """Return the page that comes before an action: the charter; "" when it is signed."""
    if not action.startswith(_GUARDED) or action in _SIGNING:
        return ""
    return "" if _is_signed(request) else _PAGE


def must_have_signed(request: HttpRequest) -> None:
    """Refuse a practice to who has not signed, whatever view asks. Raises: PermissionDenied."""
    if not _is_signed(request):
        raise PermissionDenied


def _is_signed(request: HttpRequest) -> bool:
    """Ask once a request: a page opens one practice, and its view asks twice."""
    known: bool | None = getattr(request, "charter_is_signed", None)
    if known is None:
        person = request.user
        known = person.is_authenticated and has_signed(person.pk)
        request.charter_is_signed = known  # type: ignore[attr-defined]
    return known
