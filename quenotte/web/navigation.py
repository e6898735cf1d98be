"""The left rail: rooms say what they offer, a person sees what she may use."""

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import Promise

PermissionCheck = Callable[[HttpRequest, str], bool]


@dataclass(frozen=True)
class NavItem:
    """One place of the left rail.

    ``action`` is the permission a person needs to see it. The usual orders: Aujourd'hui 10,
    Agenda 20, Patients 30, Images 40, Messages 50, Finances 60, Protection 70, Cabinet 80.
    """

    key: str
    label: str | Promise
    icon: str
    url_name: str
    action: str
    order: int


_items: dict[str, NavItem] = {}
_checks: list[PermissionCheck] = []


def register(item: NavItem) -> None:
    """Offer a place in the rail; a later item with the same key replaces the first."""
    _items[item.key] = item


def use_permissions(check: PermissionCheck) -> None:
    """Name the function that knows who may do what; nobody may anything until it is named."""
    _checks[:] = [check]


def allowed(request: HttpRequest, action: str) -> bool:
    """Tell whether the person of this request may do ``action``; a stranger may nothing."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return False
    return any(check(request, action) for check in _checks)


def items_for(request: HttpRequest) -> list[NavItem]:
    """Return the places this person may use, in rail order."""
    ordered = sorted(_items.values(), key=lambda item: (item.order, item.key))
    return [item for item in ordered if allowed(request, item.action)]
