"""Cabinet › Rappels: how messages leave, and in which words."""

from typing import Any

from django.conf import settings as site
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from quenotte.base.people.access import actor_of, person_of, requires
from quenotte.care.reminders import operations, queries
from quenotte.care.reminders.forms import SettingsForm, TemplateForm, TrialForm
from quenotte.care.reminders.models import MessageTemplate
from quenotte.care.reminders.operations.letters import sample_of
from quenotte.care.reminders.rules.states import Channel, Kind
from quenotte.care.reminders.rules.texts import problems
from quenotte.care.reminders.wording import problem_words, trial_words, trouble_words
from quenotte.devices.sms.alphabets import measure
from quenotte.kernel.errors import Refusal

_PLACEHOLDERS = ("prénom", "date", "heure", "cabinet", "téléphone", "lien")


@requires("reminders.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def sending(request: HttpRequest) -> HttpResponse:
    """Show and save how messages leave."""
    found = queries.settings_of(actor_of(request).own_practice_id)
    form = SettingsForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            operations.save_settings(
                actor=actor_of(request),
                values=form.cleaned_data,
                password=form.cleaned_data["password"],
                seen_version=_number(request.POST.get("seen", "")),
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Les réglages des rappels sont enregistrés."))
            return redirect("reminders:settings")
    return _settings_page(request, form, status=422 if form.errors else 200)


@requires("reminders.manage")
@require_POST
def trial(request: HttpRequest) -> HttpResponse:
    """Send a test letter and say what the server answered."""
    actor, form = actor_of(request), TrialForm(request.POST)
    found = queries.settings_of(actor.own_practice_id)
    context: dict[str, Any] = {"trial_form": form}
    if form.is_valid() and found.smtp_host and found.sender_address:
        result = operations.try_mail(actor=actor, recipient=form.cleaned_data["recipient"])
        context["trial"] = trial_words(result)
    elif form.is_valid():
        form.add_error(None, _("Enregistrez d’abord le serveur et l’adresse d’expédition."))
    return _settings_page(
        request, SettingsForm(instance=found), status=422 if form.errors else 200, **context
    )


@requires("reminders.manage")
@require_safe
def words(request: HttpRequest) -> HttpResponse:
    """List the messages with the words in force."""
    found = queries.words_of(actor_of(request).own_practice_id)
    context = {"words": list(found.values()), "tabs": tabs("words")}
    return render(request, "care/reminders/words.html", context)


@requires("reminders.manage")
@require_http_methods(["GET", "HEAD", "POST"])
def template(request: HttpRequest, channel: str, kind: str) -> HttpResponse:
    """Show and save the words of one message."""
    key = _key(channel, kind)
    found = queries.words_for(actor_of(request).own_practice_id, *key)
    initial = {"subject": found.subject, "text": found.text, "is_on": found.is_on}
    initial |= {"version": found.version}
    form = TemplateForm(request.POST or None, initial=initial, channel=channel)
    if request.method == "POST" and form.is_valid() and _save_words(request, form, key):
        messages.success(request, _("Le texte est enregistré : les prochains messages le suivent."))
        return redirect("reminders:words")
    shown = (form["subject"].value() if "subject" in form.fields else "", form["text"].value())
    context = {
        "form": form,
        "words": found,
        "placeholders": _PLACEHOLDERS,
        "versions": queries.versions_of(actor_of(request).own_practice_id, *key),
        **_preview(request, key, *shown),
    }
    status = 422 if form.errors else 200
    return render(request, "care/reminders/template.html", context, status=status)


@requires("reminders.manage")
@require_POST
def preview(request: HttpRequest, channel: str, kind: str) -> HttpResponse:
    """Show what typed words would look like; nothing is saved."""
    subject, text = request.POST.get("subject", "")[:500], request.POST.get("text", "")[:5000]
    context = _preview(request, _key(channel, kind), subject, text)
    return render(request, "care/reminders/_preview.html", context)


def tabs(current: str) -> list[dict[str, Any]]:
    """Return the parts of Cabinet › Rappels."""
    from django.urls import reverse

    labels = {
        "settings": _("Envoi"), "words": _("Textes"), "feeds": _("Agendas de téléphone"),
    }  # fmt: skip
    return [
        {"label": label, "url": reverse(f"reminders:{name}"), "current": name == current}
        for name, label in labels.items()
    ]


def _settings_page(
    request: HttpRequest, form: SettingsForm, *, status: int, **more: Any
) -> HttpResponse:
    found = form.instance
    trouble, remedy = trouble_words(found.trouble)
    context = {
        "form": form,
        "seen": request.POST.get("seen", found.version) if form.errors else found.version,
        "tabs": tabs("settings"),
        "trial_form": TrialForm(initial={"recipient": person_of(request).email}),
        "trouble": trouble,
        "remedy": remedy,
        "trouble_since": found.trouble_since,
        "public_url": site.PUBLIC_URL,
    } | more
    return render(request, "care/reminders/settings.html", context, status=status)


def _save_words(request: HttpRequest, form: TemplateForm, key: tuple[Channel, Kind]) -> bool:
    values = form.cleaned_data
    try:
        operations.save_template(
            actor=actor_of(request),
            channel=key[0],
            kind=key[1],
            subject=values.get("subject", ""),
            text=values["text"],
            is_on=values["is_on"],
            seen_version=values["version"],
        )
    except operations.BadWords as refusal:
        form.refuse(refusal)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    else:
        return True
    return False


def _preview(
    request: HttpRequest, key: tuple[Channel, Kind], subject: str, text: str
) -> dict[str, Any]:
    channel, kind = key
    faults = problems(channel, kind, subject=subject, text=text)
    context: dict[str, Any] = {"faults": [problem_words(it) for it in faults], "channel": channel}
    if not {it.fault for it in faults} & {"unknown", "brace"}:
        made = sample_of(actor_of(request).own_practice_id, key, subject=subject, text=text)
        context |= {"made": made, "measure": measure(made.text)}
    return context


def _key(channel: str, kind: str) -> tuple[Channel, Kind]:
    if channel not in MessageTemplate.Channel.values or kind not in MessageTemplate.Kind.values:
        raise Http404
    return Channel(channel), Kind(kind)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 9 else -1
