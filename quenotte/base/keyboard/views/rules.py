"""When each role works, for the gestionnaire."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from quenotte.base.audit.access import actor_of, requires
from quenotte.base.keyboard import operations, queries
from quenotte.base.keyboard.forms import RulesForm


@requires("people.manage", fresh=True)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request: HttpRequest) -> HttpResponseBase:
    """Show and save the hours of each role and the grace of the second factor."""
    actor, person = actor_of(request), _person(request)
    known = person._meta.get_field("role").choices
    form = RulesForm(
        request.POST or None,
        roles=[(str(role), str(words)) for role, words in known if role in settings.ROLES],
        hours=queries.all_hours(actor.own_practice_id),
        initial={"grace_days": person.practice.second_factor_grace_days},
    )
    if request.method == "POST" and form.is_valid():
        grace = form.cleaned_data.get("grace_days", person.practice.second_factor_grace_days)
        operations.change_rules(actor=actor, days=form.days, grace_days=grace)
        messages.success(request, _("Les règles de connexion sont enregistrées."))
        return redirect("keyboard:rules")
    status = 422 if form.errors else 200
    return render(request, "base/keyboard/rules.html", {"form": form}, status=status)


def _person(request: HttpRequest) -> Any:
    return request.user
