"""What the page of background work shows."""

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


def counts() -> dict[str, int]:
    """Return how many runs there are in each state."""
    rows = Run.objects.order_by().values("state").annotate(count=Count("pk"))
    return {row["state"]: row["count"] for row in rows}
