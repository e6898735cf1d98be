"""Cabinet › Contrôles: the rules, and what is written to patients."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from quenotte.base.people.access import actor_of, requires
from quenotte.care.recalls import operations, queries, rules
from quenotte.care.recalls.forms import RuleForm, TextForm
from quenotte.care.recalls.models import RecallAttempt, RecallRule
from quenotte.care.recalls.wording import problem_words
from quenotte.kernel.errors import Refusal
from quenotte.web.addresses import number_of


@requires("recalls.manage")
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the rules and the texts."""
    actor = actor_of(request)
    operations.ensure_rules(actor=actor)
    texts = [
        (channel.value, channel.label, *queries.text_of(actor.own_practice_id, channel.value))
        for channel in RecallAttempt.Channel
        if channel.value in rules.DEFAULT_TEXTS
    ]
    context = {"rules": queries.rules_of(actor.own_practice_id), "texts": texts}
    return render(request, "care/recalls/settings.html", context)


@requires("recalls.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: HttpRequest, rule_id: UUID | None = None) -> HttpResponse:
    """Make or change a rule."""
    found = _rule(request, rule_id)
    form = RuleForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            operations.save_rule(
                actor=actor_of(request),
                rule_id=rule_id,
                values=form.cleaned_data,
                seen=number_of(request.POST.get("version", "")),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("La règle est enregistrée. La liste suit cette nuit."))
            return redirect("recalls:settings")
    context = {"form": form, "version": found.version if rule_id and found else 0, "rule": found}
    return render(request, "care/recalls/rule.html", context, status=422 if form.errors else 200)


@requires("recalls.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def text(request: HttpRequest, channel: str) -> HttpResponse:
    """Change what is written to patients by one channel."""
    if channel not in rules.DEFAULT_TEXTS:
        raise Http404
    actor = actor_of(request)
    subject, words, version = queries.text_of(actor.own_practice_id, channel)
    initial = {"subject": subject, "text": words}
    form = TextForm(request.POST or None, channel=channel, initial=initial)
    if request.method == "POST" and form.is_valid() and _saved(request, channel, form):
        messages.success(request, _("Le texte est enregistré."))
        return redirect("recalls:settings")
    context: dict[str, Any] = {"form": form, "version": version, "channel": channel}
    context["label"] = RecallAttempt.Channel(channel).label
    return render(request, "care/recalls/text.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, channel: str, form: TextForm) -> bool:
    try:
        operations.save_text(
            actor=actor_of(request),
            channel=rules.Channel(channel),
            subject=form.cleaned_data.get("subject", ""),
            text=form.cleaned_data["text"],
            seen=number_of(request.POST.get("version", "")),
        )
    except operations.BadWords as refusal:
        for problem in refusal.problems:
            form.add_error(problem.field, problem_words(problem))
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return not form.errors


def _rule(request: HttpRequest, rule_id: UUID | None) -> RecallRule | None:
    if rule_id is None:
        return None
    found = queries.rules_of(actor_of(request).own_practice_id).filter(id=rule_id).first()
    if found is None:
        raise Http404
    return found
