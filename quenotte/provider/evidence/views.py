"""Pages of the evidence of a practice: questionnaires, dossiers, what moved, the chain."""

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.files.operations import Missing
from quenotte.base.keyboard.operations.proofs import TooManyProofs, WrongProof, prove_by_either
from quenotte.base.people.access import actor_of, person_of, requires
from quenotte.kernel.errors import Refusal
from quenotte.kernel.memento.comparing import Turn
from quenotte.kernel.memento.items import Sheet, of_sheet
from quenotte.provider.customers.access import customer_for
from quenotte.provider.evidence import operations, papers, queries, rules, wording
from quenotte.provider.evidence.forms import OwnForm, SignerForm, typed_in
from quenotte.provider.evidence.models import Dossier
from quenotte.web.inert import inert

_READ, _SIGN = "fleet.read", "fleet.prove"
_KINDS = {"pdf": "application/pdf", "json": "application/json"}


@requires(_READ)
@require_safe
def home(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Show the dossiers of a practice, and how far its questionnaires are."""
    customer = customer_for(request, customer_id, what="evidence", even_former=True)
    context = {
        "customer": customer,
        "dossiers": queries.dossiers_of(customer_id),
        "sheets": queries.sheets_of(customer_id, timezone.now()),
    }
    return render(request, "provider/evidence/home.html", context | _under_way(customer_id))


@requires(_READ)
@require_safe
def progress(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Show how far the dossier is that was asked for; a fragment, asked again and again."""
    context = _under_way(customer_id)
    if context["making"] is None:
        raise Http404
    answer = render(
        request, "provider/evidence/_progress.html", context | {"customer_id": customer_id}
    )
    if not context["is_under_way"]:
        # The list below has a new line, or the reason why not: the page is drawn anew.
        answer["HX-Refresh"] = "true"
    return answer


def _under_way(customer_id: UUID) -> dict[str, Any]:
    making = queries.making_of(customer_id)
    return {"making": making, "is_under_way": queries.is_under_way(making)}


@requires(_SIGN)
@require_POST
def ask(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Ask for a dossier; the worker makes it."""
    customer_for(request, customer_id, what="evidence")
    operations.ask(customer_id=customer_id, actor=actor_of(request))
    return redirect("evidence:home", customer_id)


@requires(_SIGN)
@sensitive_post_parameters("proof")
@never_cache
@require_http_methods(["GET", "POST"])
def sheet(request: HttpRequest, customer_id: UUID, sheet: str) -> HttpResponse:
    """Show a questionnaire; keep what is typed, or sign it."""
    if sheet not in set(Sheet):
        raise Http404
    kind = Sheet(sheet)
    customer = customer_for(request, customer_id, what="evidence")
    form, moved = _form(request, kind), None
    if request.method == "POST":
        try:
            if _kept(request, customer_id, kind, form):
                return redirect("evidence:home", customer_id)
        except operations.DraftMoved as refusal:
            moved = refusal
    draft = queries.draft_of(customer_id, kind)
    kept: Mapping[str, Any] = draft.answers if draft else {}
    typed = rules.cleaned(kind, typed_in(kind, request.POST)) if moved else kept
    context = {
        "customer": customer,
        "sheet": kind,
        "title": wording.SHEETS[kind],
        "rows": _rows(customer_id, kind, typed, kept),
        "seen": queries.seal_now(customer_id, kind, kept),
        "moved": moved,
        "draft": draft,
        "choices": wording.GIVEN.items(),
        "form": form,
        "signs_as": _own_quality(request),
    }
    status = 409 if moved else 200
    return render(request, "provider/evidence/sheet.html", context, status=status)


def _kept(request: HttpRequest, customer_id: UUID, sheet: Sheet, form: forms.Form) -> bool:
    """Keep what was typed, and sign it where that is asked for; tell whether all was done.

    A second click on the same page signs nothing again, and says so. Raises: DraftMoved.
    """
    moved = None
    try:
        if _kept_once(request, customer_id, sheet, form):
            return True
    except operations.DraftMoved as refusal:
        moved = refusal
    if _is_signed(request, customer_id, sheet, form):
        messages.info(
            request, _("Ces réponses sont déjà enregistrées : le second envoi n’a rien ajouté.")
        )
        return True
    if moved is not None:
        raise moved
    return False


def _kept_once(request: HttpRequest, customer_id: UUID, sheet: Sheet, form: forms.Form) -> bool:
    """Keep what was typed, and sign it where that is asked for. Raises: DraftMoved."""
    typed = typed_in(sheet, request.POST)
    operations.save_draft(
        customer_id=customer_id, sheet=sheet, typed=typed, actor=actor_of(request),
        seen=request.POST.get("seen", ""),
    )  # fmt: skip
    if "sign" in request.POST:
        return _signed(request, customer_id, sheet, form)
    messages.success(request, _("Brouillon gardé : rien n’est signé."))
    return True


def _form(request: HttpRequest, sheet: Sheet) -> forms.Form:
    posted = request.POST if "sign" in request.POST else None
    return SignerForm(posted) if sheet.is_of_practice else OwnForm(posted)


def _signed(request: HttpRequest, customer_id: UUID, sheet: Sheet, form: forms.Form) -> bool:
    """Sign what was posted, with a proof of who does; tell whether that was done.

    The form says why not. Raises: DraftMoved.
    """
    if not form.is_valid():
        return False
    actor = actor_of(request)
    signer, quality = _signer(request, form)
    try:
        how = prove_by_either(request, form.cleaned_data["proof"])
        operations.sign(
            customer_id=customer_id, sheet=sheet, typed=typed_in(sheet, request.POST),
            signer=signer, quality=quality, actor=actor, how=how,
        )  # fmt: skip
    except operations.DraftMoved:
        raise
    except (WrongProof, TooManyProofs) as refusal:
        form.add_error("proof", str(refusal))
        return False
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    messages.success(request, str(wording.SIGNED[sheet.is_of_practice]).format(name=signer))
    return True


def _is_signed(request: HttpRequest, customer_id: UUID, sheet: Sheet, form: forms.Form) -> bool:
    """Tell whether what is to be signed was signed since its page was shown, by the same."""
    if "sign" not in request.POST or form.errors.keys() - {"proof"}:
        return False
    answers = rules.cleaned(sheet, typed_in(sheet, request.POST))
    by = (*_signer(request, form), actor_of(request).own_person_id)
    seen = request.POST.get("seen", "")
    return queries.is_signed_since(customer_id, sheet, seen, answers, by)


def _signer(request: HttpRequest, form: forms.Form) -> tuple[str, str]:
    signer = form.cleaned_data.get("signer") or actor_of(request).person_label
    return signer, form.cleaned_data.get("quality") or _own_quality(request)


def _own_quality(request: HttpRequest) -> str:
    person = person_of(request)
    return f"{person.get_role_display().lower()}, {person.practice.name}"


def _rows(
    customer_id: UUID, sheet: Sheet, typed: Mapping[str, Any], kept: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Return each question with what is typed, and what was signed last beside it.

    What was signed is not ticked again: who signs answers, and does not nod. ``kept``: the draft as
    it stands, shown where it says something else.
    """
    now, none = timezone.now(), {"given": "", "note": ""}
    signed = queries.answers_of(customer_id)
    rows = []
    for item in of_sheet(sheet):
        last = signed.get(item.key)
        rows.append(
            {
                "key": item.key,
                "title": wording.ITEMS[item.key],
                "question": wording.QUESTIONS[item.key],
                "own": typed.get(item.key) or none,
                "is_moved": (typed.get(item.key) or none) != (kept.get(item.key) or none),
                "kept": kept.get(item.key),
                "kept_words": wording.GIVEN.get((kept.get(item.key) or none)["given"], ""),
                "last": last,
                "last_words": wording.GIVEN[last.given] if last else "",
                "expires_at": last.expires_at(item) if last else None,
                "is_expired": bool(last and now >= last.expires_at(item)),
            }
        )
    return rows


@requires(_READ)
@require_safe
def dossier(request: HttpRequest, customer_id: UUID, number: int) -> HttpResponse:
    """Show what a dossier says, and what moved since the one before."""
    customer = customer_for(request, customer_id, what="evidence", even_former=True)
    found = _found(customer_id, number)
    context: dict[str, Any] = {"customer": customer, "dossier": found}
    try:
        content = queries.content_of(found)
        moved = queries.changes_of(found, content)
    except (Missing, queries.NotGenuine):
        return render(request, "provider/evidence/damaged.html", context, status=409)
    context |= {
        "paper": papers.sheet_of(content),
        "moved": [_moved(one) for one in moved if one.turn is not Turn.SAME],
        "same": sum(one.turn is Turn.SAME for one in moved),
        "is_first": found.number == 1,
    }
    return render(request, "provider/evidence/dossier.html", context)


def _moved(one: Any) -> dict[str, Any]:
    return {
        "title": wording.ITEMS.get(one.item, one.item),
        "turn": one.turn,
        "turn_words": wording.TURNS[one.turn],
        "before": one.before,
        "after": one.after,
        "before_words": wording.STATES.get(one.before, "—"),
        "after_words": wording.STATES.get(one.after, "—"),
        "bad_before": one.bad_before,
        "bad_after": one.bad_after,
    }


@requires(_READ, fresh=True)
@require_safe
def download(
    request: HttpRequest, customer_id: UUID, number: int, kind: str
) -> HttpResponse | FileResponse:
    """Hand out the paper or the file of a dossier; who took it is written down."""
    if kind not in _KINDS:
        raise Http404
    customer = customer_for(request, customer_id, what="evidence", even_former=True)
    found = _found(customer_id, number)
    try:
        content = queries.genuine(found, kind)
    except (Missing, queries.NotGenuine):
        context = {"customer": customer, "dossier": found}
        return render(request, "provider/evidence/damaged.html", context, status=409)
    operations.note_handed_out(dossier=found, kind=kind, actor=actor_of(request))
    name = papers.file_name(customer.name, found.number, kind)
    answer = FileResponse(
        BytesIO(content), as_attachment=True, filename=name, content_type=_KINDS[kind]
    )
    return inert(answer)


def _found(customer_id: UUID, number: int) -> Dossier:
    found = queries.dossier_of(customer_id, number)
    if found is None:
        raise Http404
    return found


@requires(_READ)
@require_safe
def check(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Check the chain of dossiers and the signed questionnaires, now."""
    customer = customer_for(request, customer_id, what="evidence", even_former=True)
    proofs = queries.proofs_of(customer_id)
    altered = queries.altered_signatures(customer_id)
    lost = queries.lost_of(customer_id, person_of(request).practice_id)
    gaps = queries.gaps_of(customer_id)
    broken = queries.broken_lines(person_of(request).practice_id)
    context = {
        "customer": customer,
        "proofs": [
            {"dossier": one.dossier, "faults": [wording.FAULTS[code] for code in one.faults]}
            for one in proofs
        ],
        "altered": altered,
        "lost": lost,
        "gaps": gaps,
        "broken": broken,
        "is_whole": not (altered or lost or gaps or broken)
        and not any(one.faults for one in proofs),
        "at": timezone.now(),
    }
    return render(request, "provider/evidence/check.html", context)
