"""Background work in the practice's words."""

from typing import NamedTuple

from django.utils.module_loading import import_string

from quenotte.base.jobs.models import Run

#: The colour of each state, as the kit names them.
_TONES = {
    Run.State.DONE: "ok",
    Run.State.RUNNING: "info",
    Run.State.RETRYING: "attention",
    Run.State.FAILED: "danger",
}


class Row(NamedTuple):
    """One run as the page shows it."""

    run: Run
    label: str
    tone: str
    can_retry: bool


def row_of(run: Run) -> Row:
    """Return the words and the colour of a run."""
    state = Run.State(run.state)
    return Row(run, label_of(run.name), _TONES.get(state, "neutral"), state == Run.State.FAILED)


def label_of(name: str) -> str:
    """Return what a job does, in French; its technical name when it no longer exists."""
    try:
        label = str(import_string(name).label)
    except (ImportError, AttributeError):
        label = ""
    return label or name.rpartition(".")[2].replace("_", " ")
