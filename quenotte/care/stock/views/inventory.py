"""Matériel > Stock > Inventaire: count, see what differs, write it."""

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from quenotte.base.people.access import actor_of, requires
from quenotte.care.stock import operations, queries, rules
from quenotte.care.stock.forms import counted
from quenotte.care.stock.views.drafts import draft_for, forget_draft
from quenotte.kernel.errors import Refusal
from quenotte.kernel.identifiers import uuid_of

#: Under which the count of one person is kept: it takes an hour, and the telephone rings.
_DRAFT: Final = "inventory"


@requires("stock.write")
@require_http_methods(["GET", "HEAD", "POST"])
def inventory(request: HttpRequest) -> HttpResponse:
    """Show a line for each lot; the first sending shows what differs, the second writes it."""
    if request.method != "POST":
        return _page(request, {})
    typed = counted(request.POST)
    try:
        numbers = _numbers(typed)
        if "ecrire" not in request.POST:
            return _page(request, typed, checked=True)
        made = operations.count(actor=actor_of(request), counted=numbers, reason=_("Inventaire"))
    except Refusal as refusal:
        return _page(request, typed, error=str(refusal))
    forget_draft(request, _DRAFT)
    words = ngettext(
        "Inventaire noté : %(n)s lot compté, %(different)s corrigé.",
        "Inventaire noté : %(n)s lots comptés, %(different)s corrigés.",
        made.counted,
    )
    messages.success(request, words % {"n": made.counted, "different": made.different})
    return redirect("stock:inventory")


def _numbers(typed: dict[str, tuple[str, str]]) -> dict[UUID, tuple[int, int]]:
    """Return the count as numbers. Raises: WrongQuantity."""
    numbers = {}
    for lot, (seen, found) in typed.items():
        key, pair = uuid_of(lot), (rules.counted(seen), rules.counted(found))
        if key is None or pair[0] is None or pair[1] is None:
            raise operations.WrongQuantity
        numbers[key] = (pair[0], pair[1])
    return numbers


def _page(
    request: HttpRequest,
    typed: dict[str, tuple[str, str]],
    *,
    checked: bool = False,
    error: str = "",
) -> HttpResponse:
    practice_id = actor_of(request).own_practice_id
    rows = [_row(lot, typed.get(str(lot.id))) for lot in queries.stocked(practice_id)]
    past = queries.inventories(practice_id)
    context = {
        "rows": rows,
        "checked": checked and not any(row["moved"] for row in rows),
        "moved": any(row["moved"] for row in rows),
        "differing": sum(bool(row["gap"]) for row in rows),
        "count": len(typed),
        "error": error,
        "past": past,
        "differences": queries.differences(practice_id, [one.id for one in past[:1]]),
        **draft_for(request, _DRAFT),
    }
    return render(request, "care/stock/inventory.html", context, status=422 if error else 200)


def _row(lot: Any, pair: tuple[str, str] | None) -> dict[str, Any]:
    seen, found = pair or ("", "")
    number = rules.counted(found)
    return {
        "lot": lot,
        "typed": found,
        "gap": 0 if number is None else number - lot.left,
        "moved": bool(pair) and seen != str(lot.left),
    }
