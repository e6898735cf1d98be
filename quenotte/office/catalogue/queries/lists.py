"""What the pages of the catalogue list: favourites, versions, macros, rules, files."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet

from quenotte.office.catalogue import rules
from quenotte.office.catalogue.models import (
    Act,
    Catalogue,
    CatalogueImport,
    Check,
    Favourite,
    Macro,
    Rate,
)
from quenotte.office.catalogue.queries.memory import shelf


@dataclass(frozen=True, slots=True)
class Stars:
    """Codes that one person, and her whole practice, want at hand."""

    own: frozenset[str]
    practice: frozenset[str]

    def __contains__(self, code: str) -> bool:
        return code in self.own or code in self.practice


def stars(practice_id: UUID, person_id: UUID) -> Stars:
    """Return whose favourites an act is."""
    rows = Favourite.objects.filter(
        Q(person_id=person_id) | Q(person_id__isnull=True), act__practice_id=practice_id
    ).values_list("act__code", "person_id")
    found = list(rows)
    return Stars(
        frozenset(code for code, person in found if person is not None),
        frozenset(code for code, person in found if person is None),
    )


def favourites(practice_id: UUID, person_id: UUID, on: date) -> list[rules.ActFacts]:
    """Return the acts that a person wants at hand, in the order of the screens."""
    mine = stars(practice_id, person_id)
    return [one for one in shelf(practice_id).acts(on) if one.code in mine]


def history(practice_id: UUID, code: str) -> Act | None:
    """Return an act with its versions and own fees, the latest first."""
    return (
        Act.objects.filter(practice_id=practice_id, code=code)
        .prefetch_related("versions", "fees")
        .first()
    )


def state(practice_id: UUID) -> Catalogue | None:
    """Return what is said of the catalogue as a whole."""
    return Catalogue.objects.filter(practice_id=practice_id).first()


def imports(practice_id: UUID) -> QuerySet[CatalogueImport]:
    """Return the official files that the practice brought, the latest first."""
    return CatalogueImport.objects.filter(practice_id=practice_id).select_related("created_by")


def one_import(practice_id: UUID, import_id: UUID) -> CatalogueImport | None:
    """Return a file of the practice."""
    return imports(practice_id).filter(id=import_id).first()


def macros(practice_id: UUID) -> QuerySet[Macro]:
    """Return the macros in their order."""
    return Macro.objects.filter(practice_id=practice_id)


def one_macro(practice_id: UUID, macro_id: UUID) -> Macro | None:
    """Return a macro of the practice."""
    return macros(practice_id).filter(id=macro_id).first()


def checks(practice_id: UUID) -> QuerySet[Check]:
    """Return the rules of billing, those of the practice first."""
    return Check.objects.filter(practice_id=practice_id).order_by("key", "codes")


def rates(practice_id: UUID) -> QuerySet[Rate]:
    """Return the rates, the latest first of each."""
    return Rate.objects.filter(practice_id=practice_id)


def unknown_lines(practice_id: UUID, lines: Iterable[str], on: date) -> Sequence[str]:
    """Return the lines of a macro that neither a code nor words answer."""
    kept = shelf(practice_id)
    acts = list(kept.acts(on))
    return [
        line
        for line in lines
        if kept.act(line.upper(), on) is None and not rules.propose(acts, rules.understand(line), 0)
    ]
