"""Reads of the stock: what is left, what expires, what to order, who received what."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Func, Q, QuerySet, Sum, Value
from django.db.models.functions import Coalesce, Replace, Upper
from django.utils import timezone
from django.utils.translation import gettext as _

from quenotte.care.patients.rules import shown_phone
from quenotte.care.stock import rules
from quenotte.care.stock.models import (
    Article,
    ExpiryCorrection,
    Inventory,
    Lot,
    LotRecallNote,
    StockMovement,
)

if TYPE_CHECKING:
    from django.db.backends.base.base import BaseDatabaseWrapper
    from django.db.models.sql.compiler import SQLCompiler

    from quenotte.care.patients.models import Patient


@dataclass(frozen=True, slots=True)
class Line:
    """An article of the list: what is left of it, and its lots that are not empty."""

    article: Article
    left: int
    lots: list[Any]
    to_order: int

    @property
    def first_expiry(self) -> date | None:
        """The day on which the first of its lots expires."""
        return min((lot.expires_on for lot in self.lots if lot.expires_on), default=None)

    @property
    def freshness(self) -> str:
        """Whether one of its lots has expired or soon will."""
        return rules.freshness(self.first_expiry, timezone.localdate())


@dataclass(frozen=True, slots=True)
class Given:
    """That a patient received something of a lot: when, what it says, who wrote it."""

    patient: "Patient"
    on: date
    words: str
    signed_as: str


#: Finds who received a lot by other ways than the ledger; wired by the rooms above, in ``apps``.
Finder = Callable[[Lot], list[Given]]
_finders: list[Finder] = []


def also_given_from(find: Finder) -> None:
    """Name a function that knows who received a lot: devices and visits stand above the stock."""
    if find not in _finders:
        _finders.append(find)


@dataclass(frozen=True, slots=True)
class ToTell:
    """Somebody who received a lot, how to reach her, who told her of its recall.

    ``earlier`` are the notes of a recall that was lifted: nobody was told of this one by them.
    """

    patient: "Patient"
    given: list[Given]
    notes: list[LotRecallNote]
    earlier: list[LotRecallNote]
    phones: list[str]

    @property
    def is_told(self) -> bool:
        """Whether somebody told her."""
        return rules.is_told(note.way for note in self.notes)


def articles(practice_id: UUID) -> QuerySet[Article]:
    """Return the articles of a practice, those no longer followed included."""
    return Article.objects.filter(practice_id=practice_id)


def lots(practice_id: UUID) -> QuerySet[Any]:
    """Return the lots of a practice with ``left``, the quantity that remains of each."""
    rows = Lot.objects.filter(article__practice_id=practice_id).select_related("article")
    return rows.annotate(left=Coalesce(Sum("movements__quantity"), 0))


def lot(practice_id: UUID, lot_id: UUID) -> Any:
    """Return one lot of a practice with ``left``, None when there is no such lot."""
    return lots(practice_id).filter(id=lot_id).first()


def is_recalled(lot: Lot, on: date) -> bool:
    """Tell whether a lot was recalled by the end of a day."""
    return lot.recalled_at is not None and timezone.localdate(lot.recalled_at) <= on


def stocked(practice_id: UUID) -> QuerySet[Any]:
    """Return the lots of which something is left, the first to expire first."""
    rows = lots(practice_id).filter(~Q(left=0), article__is_active=True)
    return rows.order_by("article__name", "expires_on", "number", "serial")


def lines(practice_id: UUID, text: str = "") -> list[Line]:
    """Return the articles that are followed, those whose words contain ``text``."""
    found = articles(practice_id).filter(is_active=True)
    for word in text.split()[:6]:
        found = found.filter(
            Q(name__icontains=word)
            | Q(reference__icontains=word)
            | Q(supplier__icontains=word)
            | Q(maker__icontains=word)
            | Q(gtin__contains=word)
            | Q(id__in=Lot.objects.filter(number__icontains=word).values("article_id"))
        )
    by_article: dict[UUID, list[Any]] = {}
    for one in stocked(practice_id):
        by_article.setdefault(one.article_id, []).append(one)
    return [_line(article, by_article.get(article.id, [])) for article in found]


def _line(article: Article, some: list[Any]) -> Line:
    left = sum(one.left for one in some)
    wanted = rules.to_order(left, article.reorder_point, article.order_quantity)
    return Line(article, left, some, wanted)


def ending(practice_id: UUID, *, limit: int = 0) -> list[Any]:
    """Return the lots with something left that have expired or soon will, the worst first."""
    day = timezone.localdate() + timedelta(days=rules.SOON_DAYS)
    rows = lots(practice_id).filter(left__gt=0, expires_on__lte=day).order_by("expires_on")
    return list(rows[:limit] if limit else rows)


def corrections(lot: Lot) -> list[ExpiryCorrection]:
    """Return how the expiry of a lot was put right, the latest first."""
    return list(ExpiryCorrection.objects.filter(lot_id=lot.id))


def movements(practice_id: UUID) -> QuerySet[StockMovement]:
    """Return the ledger of a practice, newest first."""
    rows = StockMovement.objects.filter(lot__article__practice_id=practice_id)
    return rows.select_related("lot__article", "patient", "reversed_by")


def standing_uses(practice_id: UUID) -> QuerySet[StockMovement]:
    """Return what was used and not taken back."""
    return movements(practice_id).filter(kind="use", reverses=None, reversed_by=None)


def used_for(practice_id: UUID, patient_id: UUID) -> list[StockMovement]:
    """Return what was used for a patient, the latest first."""
    return list(standing_uses(practice_id).filter(patient_id=patient_id))


def patients_of_lot(practice_id: UUID, lot_id: UUID) -> list[StockMovement]:
    """Return the uses of a lot that name a patient, the latest first."""
    return list(standing_uses(practice_id).filter(lot_id=lot_id, patient__isnull=False))


def numbered(article_id: UUID, number: str) -> list[Lot]:
    """Return the lots of an article that bear a number, however it was typed; none for no number.

    Each piece with a serial number is a lot of its own: they are one lot of the maker.
    """
    plain = rules.folded(number)
    rows = Lot.objects.filter(article_id=article_id).select_related("article")
    same = rows.alias(plain=folded("number")).filter(plain=plain).order_by("created_at", "id")
    return list(same) if plain else []


def siblings(lot: Lot) -> list[Lot]:
    """Return all that the recall of a lot concerns: every piece of its number, itself at least."""
    return numbered(lot.article_id, lot.number) or [lot]


def to_tell(lot: Lot) -> list[ToTell]:
    """Return whom a lot, or another piece of its number, concerns; those not told yet first."""
    same = siblings(lot)
    given: dict[UUID, list[Given]] = defaultdict(list)
    for one in [*_used(same), *(one for find in _finders for one in find(lot))]:
        given[one.patient.id].append(one)
    since = min((one.recalled_at for one in same if one.recalled_at), default=None)
    now: dict[UUID, list[LotRecallNote]] = defaultdict(list)
    earlier: dict[UUID, list[LotRecallNote]] = defaultdict(list)
    for note in LotRecallNote.objects.filter(lot__in=same):
        is_of_now = since is not None and note.at >= since
        (now if is_of_now else earlier)[note.patient_id].append(note)
    found = [_to_tell(some, now[one], earlier[one]) for one, some in given.items()]
    return sorted(found, key=lambda one: (one.is_told, one.patient.full_name))


def recalls(practice_id: UUID) -> list[tuple[Lot, int]]:
    """Return the recalled lots of which somebody still has to be told, and how many.

    The pieces of one number are one line.
    """
    rows = Lot.objects.filter(article__practice_id=practice_id, recalled_at__isnull=False)
    heads: dict[tuple[UUID, Any], Lot] = {}
    for lot in rows.select_related("article"):
        heads.setdefault((lot.article_id, rules.folded(lot.number) or lot.id), lot)
    waiting = [(lot, sum(not one.is_told for one in to_tell(lot))) for lot in heads.values()]
    return [(lot, count) for lot, count in waiting if count]


def lot_of_udi(practice_id: UUID, gtin: str, number: str, serial: str) -> Any:
    """Return the lot that a code names, None when nobody entered it.

    Its number may have been typed in small letters, or with spaces, when it arrived.
    """
    rows = lots(practice_id).filter(article__gtin=gtin, serial=serial)
    same = list(rows.alias(plain=folded("number")).filter(plain=rules.folded(number)))
    exact = (one for one in same if one.number == number)
    return next(exact, next(iter(same), None)) if gtin else None


class _Capitals(Upper):
    """The capitals of the letters from A to Z, no others, as SQLite makes them."""

    def as_postgresql(
        self, compiler: "SQLCompiler", connection: "BaseDatabaseWrapper", **extra: Any
    ) -> tuple[str, Any]:
        """Return the words on PostgreSQL: its capitals are of the collation."""
        template = '%(function)s(%(expressions)s COLLATE "C")'
        return super().as_sql(compiler, connection, template=template, **extra)


def folded(field: str) -> Func:
    """Return a column of lot numbers as ``rules.folded`` compares them."""
    plain: Any = field
    for space in rules.SPACES:
        plain = Replace(plain, Value(space), Value(""))
    return _Capitals(plain)


def lots_numbered(practice_id: UUID, numbers: Iterable[str]) -> list[Lot]:
    """Return the lots, empty ones too, that bear one of some typed numbers."""
    wanted = {rules.folded(one) for one in numbers} - {""}
    rows = Lot.objects.filter(article__practice_id=practice_id).select_related("article")
    return list(rows.alias(plain=folded("number")).filter(plain__in=wanted)) if wanted else []


def named(practice_id: UUID, *, number: str, serial: str, gtin: str) -> list[Lot]:
    """Return the lots, empty ones too, that what a label says may be: typed, or of a code.

    A code excludes only when both have one; a serial number decides only without a lot number.
    """
    plain, piece = rules.folded(number), rules.folded(serial)
    rows = Lot.objects.filter(article__practice_id=practice_id).select_related("article")
    rows = rows.alias(plain=folded("number"), piece=folded("serial"))
    same = Q(plain=plain) if plain else Q(piece=piece)
    if plain and piece:
        same |= Q(plain="", piece=piece)
    if gtin:
        rows = rows.filter(article__gtin__in=["", gtin])
    return list(rows.filter(same)) if plain or piece else []


def article_of_gtin(practice_id: UUID, gtin: str) -> Article | None:
    """Return the article that a code names."""
    return articles(practice_id).filter(gtin=gtin).first() if gtin else None


def inventories(practice_id: UUID) -> list[Inventory]:
    """Return the last counts."""
    return list(Inventory.objects.filter(practice_id=practice_id)[:12])


def differences(practice_id: UUID, inventory_ids: Iterable[UUID]) -> list[StockMovement]:
    """Return the corrections of some counts."""
    sources = [f"inventory:{one}" for one in inventory_ids]
    return list(movements(practice_id).filter(source__in=sources))


def _used(same: list[Lot]) -> list[Given]:
    rows = standing_uses(same[0].article.practice_id).filter(lot__in=same)
    return [_given(row, row.patient) for row in rows if row.patient is not None]


def _given(row: StockMovement, patient: "Patient") -> Given:
    words = _("%(count)d du stock") % {"count": -row.quantity}
    if row.lot.serial:
        words = f"{words}, {row.lot}"
    return Given(patient, timezone.localdate(row.at), words, row.signed_as)


def _to_tell(
    given: list[Given], notes: list[LotRecallNote], earlier: list[LotRecallNote]
) -> ToTell:
    patient = given[0].patient
    numbers = (patient.mobile_phone, patient.other_phone)
    return ToTell(patient, given, notes, earlier, [shown_phone(one) for one in numbers if one])
