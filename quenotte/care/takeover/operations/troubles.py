"""What becomes of an import whose work stopped: told on its page, never half done."""

from collections.abc import Callable
from uuid import UUID

from django.utils.translation import gettext as _

from quenotte.care.takeover.models import Import
from quenotte.care.takeover.operations import steps
from quenotte.kernel.errors import Refusal

#: Where an import goes when its work stops: what was checked still is.
_BACK = {
    Import.State.CHECKING: Import.State.FAILED,
    Import.State.WRITING: Import.State.FAILED,
    Import.State.UNDOING: Import.State.DONE,
}


def watched(work: Callable[..., None], *, import_id: UUID, person_id: UUID) -> None:
    """Do a piece of work; say on the page of the import why it stopped, when it does.

    A refusal ends there. Whatever else went wrong is told too, and raised for the log; a process
    that is killed says nothing, and the work is then taken up again.
    """
    try:
        work(import_id=import_id, person_id=person_id)
    except Refusal as refusal:
        _stopped(import_id, str(refusal))
    except Exception:
        _stopped(
            import_id,
            _("Un incident a arrêté le travail. Rien n’a été écrit à moitié : recommencez."),
        )
        raise


def _stopped(import_id: UUID, words: str) -> None:
    source = Import.objects.get(id=import_id)
    back = _BACK.get(Import.State(source.state))
    if back is not None:
        source.state, source.trouble = back, words[:300]
        source.save(update_fields=["state", "trouble"])
        steps.tell(source)
