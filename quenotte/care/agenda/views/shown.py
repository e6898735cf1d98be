"""Which days the address asks for, how they are laid out, and what this browser likes best."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date

from quenotte.web.addresses import FIRST_YEAR, LAST_YEAR

DAY: Final = "jour"
WEEK: Final = "semaine"
LIST: Final = "liste"
CHAIRS: Final = "fauteuils"
PRACTITIONERS: Final = "praticiens"
_VIEWS = (DAY, WEEK, LIST)
_COLUMNS = (CHAIRS, PRACTITIONERS)
#: Keeps the last choice of this browser: « semaine.fauteuils »; it says nothing of anybody.
_COOKIE = "agenda"
_YEAR_S = 31_536_000


@dataclass(frozen=True)
class Shown:
    """The window of a page: ``day`` is the one asked for, ``view`` how it is laid out."""

    day: date
    view: str
    columns: str

    @property
    def first(self) -> date:
        """The first day: a Monday when a week is shown."""
        return self.day - timedelta(days=self.day.weekday()) if self.days == 7 else self.day

    @property
    def days(self) -> int:
        """How many days."""
        return 7 if self.view == WEEK else 1

    @property
    def last(self) -> date:
        """The last day, included."""
        return self.first + timedelta(days=self.days - 1)

    @property
    def previous(self) -> date:
        """The day to go back to."""
        return self.day - timedelta(days=self.days)

    @property
    def next(self) -> date:
        """The day to go on to."""
        return self.day + timedelta(days=self.days)

    def after_months(self, months: int) -> date:
        """Return the same day some months later, or the last one of a shorter month."""
        index = self.day.month - 1 + months
        year, month = self.day.year + index // 12, index % 12 + 1
        return date(year, month, min(self.day.day, monthrange(year, month)[1]))


def shown_by(request: HttpRequest) -> Shown:
    """Return what the address asks for; the rest as this browser saw it last."""
    kept_view, _, kept_columns = request.COOKIES.get(_COOKIE, "").partition(".")
    return Shown(
        day=_day(request.GET.get("jour", "")),
        view=_among(_VIEWS, request.GET.get("vue", ""), kept_view),
        columns=_among(_COLUMNS, request.GET.get("colonnes", ""), kept_columns),
    )


def remember(response: HttpResponse, request: HttpRequest, shown: Shown) -> HttpResponse:
    """Let this browser find the same layout again."""
    response.set_cookie(
        _COOKIE,
        f"{shown.view}.{shown.columns}",
        max_age=_YEAR_S,
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return response


def _among(choices: tuple[str, ...], *wanted: str) -> str:
    return next((one for one in wanted if one in choices), choices[0])


def _day(text: str) -> date:
    try:
        found = parse_date(text)
    except ValueError:
        found = None
    return found if found and FIRST_YEAR < found.year < LAST_YEAR else timezone.localdate()
