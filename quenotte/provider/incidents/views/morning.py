"""The page of the morning and that of one practice: who needs somebody, why, what is quiet."""

from datetime import datetime
from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from quenotte.base.people.access import requires
from quenotte.kernel.posture.terms import Cause, Severity
from quenotte.provider.customers.access import customer_for
from quenotte.provider.enrolment import queries as enrolment
from quenotte.provider.fleet import queries as fleet
from quenotte.provider.incidents import queries, rules, wording

_READ = "fleet.read"
_A_PAGE = 40


@requires(_READ)
@require_safe
def morning(request: HttpRequest) -> HttpResponse:
    """Show which practices need somebody and why, in order."""
    cause = request.GET.get("cause", "")
    severity = request.GET.get("gravite", "")
    cause = cause if cause in set(Cause) else ""
    severity = severity if severity in set(Severity) else ""
    now, above, reach = timezone.now(), queries.morning(), queries.reach()
    pages = Paginator(queries.needs(cause=cause, severity=severity), _A_PAGE)
    if not (cause or severity):
        # Counted already, for the line above them.
        pages.count = above.needing
    page = pages.get_page(request.GET.get("page"))
    context = {
        "morning": above,
        "page": page,
        "needs": queries.rows_of(page.object_list, cause=cause, severity=severity),
        "cause": cause,
        "severity": severity,
        "causes": [(one.value, fleet.cause_name(one)) for one in Cause if one is not Cause.STORM],
        "severities": [(one.value, fleet.severity_name(one)) for one in Severity],
        "troubles": troubles(),
        "nobody_told": reach.nobody_told,
        "unreachable": reach.unreachable,
        "resting": queries.resting(now),
        "now": now,
        "stumbles": above.stumbles,
        **watching(now),
    }
    return render(request, "provider/fleet/morning.html", context)


@requires(_READ)
@require_safe
def practice(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Show what is open at one practice, its machines and copies, and what is quiet there."""
    customer = customer_for(request, customer_id, what="fleet")
    now = timezone.now()
    overview, quiet = fleet.overview(customer.id), queries.quiet_of(customer.id, now)
    context = {
        "customer": customer,
        "needs": queries.needs_of(customer.id, now, found=overview.findings, borne=quiet.borne),
        "closed": queries.closed_of_practice(customer.id),
        "copies": overview.copies,
        "own_word": fleet.own_word(customer.id),
        "machines": overview.machines,
        "quiet": quiet,
        "waiting": enrolment.waiting_at(customer.id),
        "takes_questions": enrolment.takes_questions(customer.id),
        "now": now,
    }
    return render(request, "provider/fleet/practice.html", context)


def watching(now: datetime) -> dict[str, object]:
    """Return what makes a calm page untrue: a deaf door, no look of the rules, lost alarms."""
    looked_at = queries.looked_at()
    return {
        "unheard_since": queries.unheard_since(now),
        "is_look_late": rules.is_look_late(looked_at, now),
        "doubted_clock": now if fleet.is_forgetting_refused(now) else None,
        "looked_at": looked_at,
        "unreached": queries.unreached(),
    }


def troubles() -> list[tuple[str, str, object]]:
    """Return the ways to send that are out of order: which, why, since when."""
    return [
        (
            str(wording.WAYS[one.name]),
            str(wording.TROUBLES.get(one.trouble, one.trouble)),
            one.trouble_since,
        )
        for one in queries.channels().values()
        if one.trouble
    ]
