"""What the keyboard shows on every page, and what a gestionnaire must look at."""

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from quenotte.base.audit.access import actor_of
from quenotte.base.keyboard import queries
from quenotte.web.links import link_to
from quenotte.web.templatetags.ui import icon_button

#: How far back « à relire » goes for logins outside hours, in days.
_DAYS = 7


def own_account(request: HttpRequest, person: Any) -> str:
    """Draw the way to one's own account, beside one's name."""
    return icon_button("circle-user", _("Mon compte"), href=link_to("keyboard:own"))


def lock_button(request: HttpRequest, person: Any) -> str:
    """Draw the lock, one click away on every page."""
    return render_to_string("base/keyboard/_lock_button.html", request=request)


def to_review(request: HttpRequest, subject: Any) -> str:
    """Draw what a gestionnaire must look at: emergency accesses, logins outside hours."""
    person: Any = request.user
    if not person.may("people.manage"):
        return ""
    practice_id = actor_of(request).own_practice_id
    due_on = queries.factor_due_on(person)
    context = {
        "due_on": due_on,
        "grants": queries.grants_to_review(practice_id),
        "logins": queries.off_hours_logins(practice_id, days=_DAYS)[:10],
    }
    if not any(context.values()):
        return ""
    return render_to_string("base/keyboard/_to_review.html", context, request)
