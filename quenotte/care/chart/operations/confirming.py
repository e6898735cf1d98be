"""What is asked before a step of another day, or of somebody else, is undone or brought back."""

from collections.abc import Callable, Iterable
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.base.audit.rules import Actor
from quenotte.care.chart.models import ChartEvent
from quenotte.care.chart.rules.findings import Finding, finding_of
from quenotte.care.chart.rules.histories import What
from quenotte.care.chart.rules.wording import brief_of, sentence_of
from quenotte.kernel.errors import Refusal


class ToConfirm(Refusal):
    """The step is of another day, or somebody else's: ``question`` says whose and what it was."""

    message = ""

    def __init__(self, question: str, step: UUID) -> None:
        self.question, self.step = question, step
        super().__init__(self._whole(question))

    def _whole(self, question: str) -> str:
        return _("%(question)s Rien n’est encore annulé.") % {"question": question}


class ToConfirmRedo(ToConfirm):
    """The step was undone on another day, or by somebody else: ``question`` says so."""

    def _whole(self, question: str) -> str:
        return _("%(question)s Rien n’est encore rétabli.") % {"question": question}


def ask_first(*, actor: Actor, patient_id: UUID, step: UUID, confirmed: UUID | None) -> None:
    """Let a step be undone when it is of today and the actor's own, or ``confirmed`` names it.

    Raises: ToConfirm.
    """
    if confirmed == step:
        return
    rows = list(ChartEvent.objects.filter(patient_id=patient_id, step=step).order_by("number"))
    if _is_own_of_today(actor, rows[0]):
        return
    said = _said_of(rows[0]) | {"what": _words(patient_id, rows)}
    raise ToConfirm(_("Annuler « %(what)s », noté le %(day)s par %(who)s ?") % said, step)


def ask_first_again(*, actor: Actor, patient_id: UUID, step: UUID, confirmed: UUID | None) -> None:
    """Let a step come back when the actor undid it today, or ``confirmed`` names it.

    Raises: ToConfirmRedo.
    """
    if confirmed == step:
        return
    known = ChartEvent.objects.filter(patient_id=patient_id).order_by("number")
    undone = known.filter(what=What.UNDO, target=step).last()
    if undone is None or _is_own_of_today(actor, undone):
        return
    said = _said_of(undone) | {"what": _words(patient_id, list(known.filter(step=step)))}
    raise ToConfirmRedo(_("Rétablir « %(what)s », annulé le %(day)s par %(who)s ?") % said, step)


def _is_own_of_today(actor: Actor, event: ChartEvent) -> bool:
    day = timezone.localdate(event.recorded_at)
    return event.author_id == actor.person_id and day == timezone.localdate()


def _said_of(event: ChartEvent) -> dict[str, str]:
    return {"day": f"{timezone.localdate(event.recorded_at):%d/%m/%Y}", "who": event.signed_as}


def told_of_step(patient_id: UUID, step: UUID) -> str:
    """Return in words what a step charted or took back: « 16 composite O »."""
    rows = ChartEvent.objects.filter(patient_id=patient_id, step=step).order_by("number")
    return _words(patient_id, list(rows), brief_of)


def _words(
    patient_id: UUID, rows: Iterable[ChartEvent], say: Callable[[Finding], str] = sentence_of
) -> str:
    words = [_said(row, say) for row in rows if row.finding]
    taken = [row for row in rows if row.what == What.WITHDRAW]
    for row in taken:
        known = ChartEvent.objects.filter(patient_id=patient_id, what=What.FIND)
        named = {"key": row.target} if row.target else {"source": row.source}
        found = [_said(one, say) for one in known.filter(**named, number__lt=row.number)[:_MOST]]
        words.append(_("retrait de %(what)s") % {"what": " ; ".join(found)})
    more = len(words) - _MOST
    rest = [_("et %(n)d autres") % {"n": more}] if more > 0 else []
    return " ; ".join(words[:_MOST] + rest)


#: Findings that a question names.
_MOST = 4


def _said(row: ChartEvent, say: Callable[[Finding], str]) -> str:
    return say(finding_of(row.finding or {}))
