"""The page of the provider: whom it is, what was told last, what was opened there."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.people.access import actor_of, may_request, requires
from quenotte.kernel.errors import Refusal
from quenotte.upkeep.pulse import operations, queries, wording
from quenotte.upkeep.pulse.forms import PairingForm

_READ, _MANAGE = "pulse.read", "pulse.manage"
_A_PAGE = 30


@requires(_READ)
@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Show what is told to whom; pair with a provider."""
    form = PairingForm()
    if request.method == "POST":
        if not may_request(request, _MANAGE):
            return _home(request, form, status=403)
        form = PairingForm(request.POST)
        if form.is_valid() and _paired(request, form):
            return redirect("pulse:home")
    return _home(request, form, status=422 if form.errors else 200)


@requires(_MANAGE)
@require_POST
def part(request: HttpRequest) -> HttpResponse:
    """Tell the provider no more."""
    operations.part(practice_id=_practice(request), actor=actor_of(request))
    messages.success(request, _("Le lien est coupé : plus rien ne part chez ce prestataire."))
    return redirect("pulse:home")


@requires(_MANAGE)
@require_POST
def tell(request: HttpRequest) -> HttpResponse:
    """Tell the provider now."""
    one = queries.pairing(_practice(request))
    if one is not None and not operations.tell(one):
        messages.warning(request, _("Le prestataire n’a pas répondu : ce sera redit."))
    return redirect("pulse:home")


def _paired(request: HttpRequest, form: PairingForm) -> bool:
    try:
        made = operations.pair(
            practice_id=_practice(request), actor=actor_of(request), **form.cleaned_data
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    operations.tell(made)
    messages.success(request, _("Le lien est fait. Votre prestataire doit encore l’accepter."))
    return True


def _practice(request: HttpRequest) -> UUID:
    return actor_of(request).own_practice_id


def _home(request: HttpRequest, form: PairingForm, *, status: int) -> HttpResponse:
    one = queries.pairing(_practice(request))
    pages = Paginator(queries.openings(_practice(request)), _A_PAGE)
    page = pages.get_page(request.GET.get("page"))
    context = {
        "pairing": one,
        "is_late": one is not None and queries.is_late(one, timezone.now()),
        "lines": wording.lines_of(one.told) if one and one.told else [],
        "answer": wording.ANSWERS.get(one.answer, "") if one else "",
        "trouble": wording.TROUBLES.get(one.trouble, "") if one else "",
        "would_say": wording.lines_of(queries.current().body()) if one is None else [],
        "openings": [(row, wording.opened(row.what)) for row in page],
        "page": page,
        "form": form,
    }
    return render(request, "upkeep/pulse/home.html", context, status=status)
