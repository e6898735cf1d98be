"""What sterilisation shows on other pages, and how it reads the code of a pouch."""

from typing import TYPE_CHECKING

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from quenotte.base.people.access import actor_of
from quenotte.base.people.rules import may
from quenotte.care.sterilisation import operations, queries, rules
from quenotte.kernel.gs1 import typed_by_a_reader
from quenotte.web.links import link_to
from quenotte.web.scans import Read

if TYPE_CHECKING:
    from quenotte.care.patients.models import Patient


def morning(request: HttpRequest, _subject: object = None) -> str:
    """Draw on Aujourd’hui the autoclaves without their test, the loads to release, the recalls."""
    actor = actor_of(request)
    if not may(actor.roles, "sterilisation.read"):
        return ""
    may_write = may(actor.roles, "sterilisation.write")
    recalls = queries.recalls(actor.own_practice_id)
    untested = [one for one in queries.today(actor.own_practice_id) if one.lack and may_write]
    waiting = list(queries.cycles(actor.own_practice_id).filter(state="ended")) if may_write else []
    if not (recalls or untested or waiting):
        return ""
    context = {"recalls": recalls, "untested": untested, "waiting": waiting}
    return render_to_string("care/sterilisation/_morning.html", context, request)


def pouches(request: HttpRequest, patient: "Patient") -> str:
    """Draw, among what is traced of a patient, the pouches opened for her."""
    actor = actor_of(request)
    context = {
        "uses": queries.uses_of(patient.id),
        "patient": patient,
        "may_write": may(actor.roles, "trace.write"),
    }
    return render_to_string("care/sterilisation/_pouches.html", context, request)


def read_pouch(request: HttpRequest, patient: "Patient | None", code: str) -> Read | None:
    """Read the code of a pouch: it is opened for a patient, or its cycle is shown."""
    plain = typed_by_a_reader(code)
    if not rules.looks_like_code(plain):
        return None
    actor = actor_of(request)
    if patient is None:
        found = queries.pouch_of(actor.own_practice_id, rules.read_code(plain))
        if found is None:
            raise operations.UnknownPouch
        return Read(go_url=f"{link_to('sterilisation:cycle', found.cycle_id)}#{found.code}")
    try:
        use = operations.attach(actor=actor, patient_id=patient.id, code=plain)
    except operations.MAY_BE_OPEN:
        code = rules.read_code(plain)
        if queries.is_taken(code, actor.own_practice_id):
            raise
        # It may be open already, whatever is known against it: the page asks, and traces it.
        return Read(go_url=f"{link_to('sterilisation:opened', patient.id)}?code={code}")
    words = _("%(content)s (cycle %(number)s) : rattaché à ce patient.")
    return Read(
        words % {"content": use.pouch.content, "number": use.pouch.cycle.number},
        undo_url=link_to("sterilisation:detach", patient.id, use.id),
    )
