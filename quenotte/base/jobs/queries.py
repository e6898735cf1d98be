"""What the page of background work shows."""

from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count

from quenotte.base.jobs.models import Run

PAGE = 50


def page_of(state: str = "", *, number: int = 1) -> Page[Run]:
    """Return a page of runs, the newest first; an empty ``state`` means all of them."""
    runs = Run.objects.all()
    if state:
        runs = runs.filter(state=state)
    return Paginator(runs, PAGE).get_page(number)


def last_done(name: str) -> datetime | None:
    """Return when a job by that name was done last; None: never, or too long ago to be kept."""
    done = Run.objects.filter(name=name, state=Run.State.DONE).order_by("-created_at")
    return done.values_list("finished_at", flat=True).first()


def counts() -> dict[str, int]:
    """Return how many runs there are in each state."""
    rows = Run.objects.order_by().values("state").annotate(count=Count("pk"))
    return {row["state"]: row["count"] for row in rows}
