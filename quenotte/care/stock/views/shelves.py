"""Matériel > Stock: the list, an article, a lot, what to order."""

from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.audit import operations as audit
from quenotte.base.audit.rules import Action
from quenotte.base.people import queries as people
from quenotte.base.people.access import actor_of, may_request, requires
from quenotte.care.stock import operations, panels, queries, rules
from quenotte.care.stock.forms import (
    ArrivalForm,
    ArticleForm,
    ExpiryForm,
    MovementForm,
    NumberForm,
    RecallForm,
    fresh_arrival,
)
from quenotte.care.stock.rules import Kind
from quenotte.care.stock.views.drafts import draft_for, forget_draft
from quenotte.kernel import udis
from quenotte.kernel.errors import Refusal
from quenotte.web.addresses import key_of
from quenotte.web.answers import done

#: Under which a new article being typed is kept.
_NEW_ARTICLE: Final = "article"


@requires("stock.read")
@require_safe
def stock(request: HttpRequest) -> HttpResponse:
    """Show what is on the shelves: all, what expires (``?vue=perime``), what to order."""
    practice_id = actor_of(request).own_practice_id
    text, view = request.GET.get("q", "")[:80].strip(), request.GET.get("vue", "")
    everything = queries.lines(practice_id, text)
    ending = [line for line in everything if line.freshness]
    wanted = [line for line in everything if line.to_order]
    shown = {"perime": ending, "commande": wanted}.get(view, everything)
    address = reverse("stock:stock")
    tabs = [
        {"label": _("Tout"), "url": address, "current": view not in {"perime", "commande"}},
        {
            "label": _("Péremption"),
            "url": f"{address}?vue=perime",
            "current": view == "perime",
            "count": len(ending),
        },
        {
            "label": _("À commander"),
            "url": f"{address}?vue=commande",
            "current": view == "commande",
            "count": len(wanted),
        },
    ]
    context = {"lines": shown, "tabs": tabs, "text": text, "view": view}
    return render(request, "care/stock/stock.html", context)


@requires("stock.read")
@require_safe
def order_list(request: HttpRequest) -> HttpResponse:
    """Show, to be printed, what is to order, by supplier."""
    lines = [line for line in queries.lines(actor_of(request).own_practice_id) if line.to_order]
    lines.sort(key=lambda line: (line.article.supplier.casefold(), line.article.name.casefold()))
    return render(request, "care/stock/order_list.html", {"lines": lines})


@requires("stock.write")
@require_http_methods(["GET", "HEAD", "POST"])
def new_article(request: HttpRequest) -> HttpResponse:
    """Follow a new article; ``?code=`` is the code that was scanned."""
    read = _scanned(request)
    initial = {"unit": _("unité"), "gtin": read.gtin if read else ""}
    form = ArticleForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = operations.add_article(actor=actor_of(request), described=form.described)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            forget_draft(request, _NEW_ARTICLE)
            messages.success(request, _("L’article est suivi. Notez ce qui est sur l’étagère."))
            code = f"?code={quote(read.handed, safe='()')}" if read else ""
            return redirect(reverse("stock:article", args=[made.id]) + code)
    context = {"form": form, **draft_for(request, _NEW_ARTICLE)}
    status = 422 if form.errors else 200
    return render(request, "care/stock/new_article.html", context, status=status)


@requires("stock.read")
@require_http_methods(["GET", "HEAD", "POST"])
def article(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Show an article, its lots and what moved; save it again."""
    found = _article(request, article_id)
    if request.method != "POST":
        return _article_page(request, found)
    _check_writing(request)
    form = ArticleForm(request.POST)
    if form.is_valid():
        seen = request.POST.get("version", "")
        try:
            operations.change_article(
                actor=actor_of(request),
                article_id=article_id,
                described=form.described,
                seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0,
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            forget_draft(request, _article_key(found))
            messages.success(request, _("L’article est enregistré."))
            return redirect("stock:article", article_id)
    return _article_page(request, found, form=form)


@requires("stock.write")
@require_POST
def receive(request: HttpRequest, article_id: UUID) -> HttpResponse:
    """Put what arrived on the shelf."""
    found = _article(request, article_id)
    form = ArrivalForm(request.POST)
    if form.is_valid():
        try:
            row = operations.receive(
                actor=actor_of(request),
                article_id=article_id,
                arrival=form.arrival,
                key=form.cleaned_data["key"],
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            forget_draft(request, _arrival_key(found))
            messages.success(request, _("L’entrée est notée."))
            if row.lot.recalled_at:
                messages.warning(request, _("Ce lot est rappelé : ne l’utilisez pas."))
            return redirect("stock:article", article_id)
    return _article_page(request, found, arrival=form)


@requires("stock.read")
@require_http_methods(["GET", "HEAD", "POST"])
def lot(request: HttpRequest, lot_id: UUID) -> HttpResponse:
    """Show a lot: what is left, what moved, who received it; write a movement."""
    found = _lot(request, lot_id)
    form = MovementForm(request.POST or None)
    if request.method == "POST":
        _check_writing(request)
        if form.is_valid() and _moved(request, lot_id, form):
            messages.success(request, _("Le mouvement est noté."))
            return redirect("stock:lot", lot_id)
    return _lot_page(request, found, form)


@requires("stock.write")
@require_POST
def take_back(request: HttpRequest, movement_id: UUID) -> HttpResponse:
    """Take a movement back by the opposite line."""
    actor = actor_of(request)
    row = queries.movements(actor.own_practice_id).filter(id=movement_id).first()
    if row is None:
        raise Http404
    return done(
        request,
        lambda: operations.take_back(actor=actor, movement_id=movement_id),
        back=reverse("stock:lot", args=[row.lot_id]),
        text=_("Le mouvement est annulé : la ligne contraire est écrite."),
    )


def _article_key(article: Any) -> str:
    return f"article:{article.id}"


def _arrival_key(article: Any) -> str:
    return f"arrival:{article.id}"


def _moved(request: HttpRequest, lot_id: UUID, form: MovementForm) -> bool:
    actor, typed = actor_of(request), form.cleaned_data
    kind, key = Kind(typed["kind"]), key_of(request)
    try:
        if kind is Kind.USE:
            operations.use(actor=actor, lot_id=lot_id, quantity=typed["quantity"], key=key)
        else:
            operations.note(
                actor=actor,
                lot_id=lot_id,
                kind=kind,
                quantity=typed["quantity"],
                reason=typed["reason"],
                key=key,
            )
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _scanned(request: HttpRequest) -> udis.Udi | None:
    code = request.GET.get("code", "")
    if not code:
        return None
    try:
        return panels.udi_of(code)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return None


def _article(request: HttpRequest, article_id: UUID) -> Any:
    rows = queries.articles(actor_of(request).own_practice_id)
    found = rows.filter(id=article_id).first()
    if found is None:
        raise Http404
    return found


def _lot(request: HttpRequest, lot_id: UUID) -> Any:
    found = queries.lot(actor_of(request).own_practice_id, lot_id)
    if found is None:
        raise Http404
    return found


def _check_writing(request: HttpRequest) -> None:
    if not may_request(request, "stock.write"):
        raise PermissionDenied


def _begun(read: udis.Udi | None, draft: str) -> dict[str, Any]:
    """Return what an arrival begins with; of its draft too what the page itself never puts back."""
    begun = fresh_arrival(read)
    if draft:
        begun["udi"] = people.kept_in(draft, "udi")
        begun["doubt"] = people.kept_in(draft, "doubt") == "True"
    return begun


def _article_page(
    request: HttpRequest,
    found: Any,
    *,
    form: ArticleForm | None = None,
    arrival: ArrivalForm | None = None,
) -> HttpResponse:
    practice_id, read = actor_of(request).own_practice_id, _scanned(request)
    values = {name: getattr(found, name) for name in ArticleForm.base_fields}
    lots = queries.lots(practice_id).filter(article_id=found.id).order_by("expires_on", "number")
    rows = queries.movements(practice_id).filter(lot__article_id=found.id)[:30]
    kept = draft_for(request, _arrival_key(found))
    context = {
        "article": found,
        "lots": [(one, rules.freshness(one.expires_on, timezone.localdate())) for one in lots],
        "rows": rows,
        "form": form or ArticleForm(initial=values),
        "recall": NumberForm(auto_id="rappel-%s"),
        "arrival": arrival or ArrivalForm(initial=_begun(read, kept["draft"])),
        # The product that was read: the second code of the same label is joined to it.
        "first_code": read.handed if read and udis.is_half(read) else "",
        "changed": draft_for(request, _article_key(found)),
        **kept,
    }
    status = 422 if form or arrival else 200
    return render(request, "care/stock/article.html", context, status=status)


@requires("stock.write")
@require_POST
def expiry(request: HttpRequest, lot_id: UUID) -> HttpResponse:
    """Put the expiry of a lot right."""
    found = _lot(request, lot_id)
    form = ExpiryForm(request.POST, auto_id="date-%s")
    if not form.is_valid():
        return _lot_page(request, found, MovementForm(), form)
    typed = form.cleaned_data
    return done(
        request,
        lambda: operations.correct_expiry(actor=actor_of(request), lot_id=lot_id, **typed),
        back=reverse("stock:lot", args=[lot_id]),
        text=_("La péremption est corrigée ; l’ancienne date reste lisible."),
    )


def _lot_page(
    request: HttpRequest, found: Any, form: MovementForm, expiry: ExpiryForm | None = None
) -> HttpResponse:
    actor = actor_of(request)
    given = queries.to_tell(found)
    if given:
        audit.record(
            action=Action.READ,
            actor=actor,
            object_kind="lot",
            object_id=str(found.id),
            detail={"purpose": "list", "count": len(given)},
        )
    context = {
        "lot": found,
        "freshness": rules.freshness(found.expires_on, timezone.localdate()),
        "pieces": len(queries.siblings(found)),
        "rows": queries.movements(actor.own_practice_id).filter(lot_id=found.id),
        "given": given,
        "told": sum(one.is_told for one in given),
        "form": form,
        # Both forms of the page have a reason: each has a place of its own.
        "recall": RecallForm(auto_id="rappel-%s"),
        "expiry": expiry or ExpiryForm(auto_id="date-%s"),
        "corrections": queries.corrections(found),
    }
    status = 422 if form.errors or expiry else 200
    return render(request, "care/stock/lot.html", context, status=status)
