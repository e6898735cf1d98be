"""Pages of the tokens and of the quarantine."""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from quenotte.base.audit.rules import Action
from quenotte.base.people.access import actor_of, person_of, requires
from quenotte.kernel.errors import Refusal
from quenotte.provider.customers import queries as customers
from quenotte.provider.enrolment import operations, pasting, queries, showing, wording
from quenotte.provider.enrolment.forms import TokenForm
from quenotte.provider.enrolment.models import Machine, Token
from quenotte.provider.traces.operations import note_opening, note_showing

_WORK = "fleet.work"
#: What is written down for the practices that are named here.
_WHAT = "enrolment"
_TOKENS = 20
#: Practices that a search shows, and signs of what is searched.
_MATCHES, _LONGEST = 20, 80
#: The view of the incidents that lists agents that seem to be removed.
_QUIET = "calmes"


@requires(_WORK, fresh_to_write=True)
@require_http_methods(["GET", "POST"])
def home(request: HttpRequest) -> HttpResponse:
    """Show who waits and the tokens; make a token, shown for a while to who made it alone."""
    chosen = customers.under_contract(
        request.POST.get("customer", "") or request.GET.get("cabinet", "")
    )
    form = TokenForm(request.POST or None, initial={"customer": chosen and chosen.id})
    if request.method == "POST" and form.is_valid() and _made(request, form):
        return redirect("enrolment:home")
    page = Paginator(queries.tokens(), _TOKENS).get_page(request.GET.get("page"))
    waiting, tokens = list(queries.waiting()), list(page.object_list)
    typed = "" if chosen else request.GET.get("q", "")[:_LONGEST]
    matches, count = customers.named(typed, most=_MATCHES)
    named = [*matches, *([chosen] if chosen else [])]
    _note_shown(request, waiting, tokens, [one.id for one in named])
    fresh = showing.shown(request)
    living = queries.living([one.id for one in tokens])
    return render(
        request,
        "provider/enrolment/home.html",
        {
            "form": form,
            "chosen": chosen,
            "typed": typed,
            "matches": matches,
            "count": count,
            "fresh": fresh,
            "door": settings.AGENTS_URL,
            "reaches_others": pasting.reaches_others(settings.AGENTS_URL),
            "is_demo": person_of(request).practice.is_demo,
            "lines": pasting.lines(settings.AGENTS_URL, fresh.typed) if fresh else [],
            "waiting": waiting,
            "page": page,
            "tokens": [(one, living.get(one.id, 0)) for one in tokens],
            "now": timezone.now(),
        },
    )


def _note_shown(
    request: HttpRequest, waiting: list[Machine], tokens: list[Token], named: list[UUID]
) -> None:
    """Leave a row at each practice that the page names, with how many of its machines wait."""
    shown = dict.fromkeys([*(one.customer_id for one in tokens), *named], 0)
    for one in waiting:
        shown[one.customer_id] = shown.get(one.customer_id, 0) + 1
    if shown:
        note_showing(actor=actor_of(request), action=Action.READ, what=_WHAT, shown=shown)


def _made(request: HttpRequest, form: TokenForm) -> bool:
    """Make a token and keep it for the next page, sealed; an error in the form says why not."""
    try:
        token, typed = operations.make_token(
            customer_id=form.cleaned_data["customer"],
            machines=form.cleaned_data["machines"],
            actor=actor_of(request),
        )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    showing.keep(request, token, typed)
    return True


@requires(_WORK)
@require_POST
def noted(request: HttpRequest) -> HttpResponse:
    """Show a token no more: who made it wrote it down."""
    showing.forget(request)
    messages.success(request, _("Le jeton n’est plus montré."))
    return redirect("enrolment:home")


@requires(_WORK, fresh=True)
@require_POST
def revoke_token(request: HttpRequest, token_id: UUID) -> HttpResponse:
    """Shut a token; with ``machines``, the number agreed to, revoke its machines too."""
    told = request.POST.get("machines", "")
    count = int(told) if told.isascii() and told.isdigit() else 0
    actor = actor_of(request)
    try:
        token = operations.revoke_token(token_id=token_id, actor=actor, machines=count)
    except Token.DoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect("enrolment:home")
    note_opening(actor=actor, customer_id=token.customer_id, what=_WHAT)
    messages.success(request, wording.revoked(count))
    return redirect("enrolment:home")


@requires(_WORK, fresh=True)
@require_POST
def accept(request: HttpRequest, machine_id: UUID) -> HttpResponse:
    """Believe a machine; whoever lost her key to it is named."""
    decide = partial(operations.accept, speaks_for_practice="speaks" in request.POST)
    machine = _decided(request, decide, machine_id, _("Machine acceptée : {name}."))
    if machine is not None:
        messages.info(request, queries.speaks_again(machine))
    if machine is not None and (twins := _just_revoked(machine)):
        words = _("Même matériel, clé retirée : {names}.")
        messages.warning(request, words.format(names=", ".join(one.name for one in twins)))
    if machine is not None and machine.host is not None:
        words = _("C’est un autre agent de {name} : ce qu’il dit est sur sa page.")
        messages.info(request, words.format(name=machine.host.name))
    return redirect("enrolment:home")


def _just_revoked(machine: Machine) -> list[Machine]:
    twins = queries.twins_of(machine)
    since = machine.decided_at
    return [one for one in twins if since and one.decided_at and one.decided_at >= since]


@requires(_WORK, fresh=True)
@require_POST
def revoke(request: HttpRequest, machine_id: UUID) -> HttpResponse:
    """Believe a machine no more."""
    words = _("Machine révoquée : {name}. Sa clé n’ouvre plus rien.")
    _decided(request, operations.revoke, machine_id, words)
    # Back to the page where it was done: the list of removed agents, or the machine with its own.
    if request.POST.get("from") == _QUIET:
        return redirect(f"{reverse('incidents:list')}?vue={_QUIET}")
    page = queries.found_by(request.POST.get("machine", ""))
    return redirect("fleet:machine", page.id) if page else redirect("enrolment:home")


def _decided(
    request: HttpRequest, decide: Callable[..., Machine], machine_id: UUID, words: str
) -> Machine | None:
    """Decide, and say so; None when somebody else had decided. Raises: Http404."""
    try:
        machine = decide(machine_id=machine_id, actor=actor_of(request))
    except Machine.DoesNotExist as missing:
        raise Http404 from missing
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return None
    note_opening(
        actor=actor_of(request), customer_id=machine.customer_id, what=_WHAT, about=machine.name
    )
    messages.success(request, words.format(name=machine.name))
    return machine
