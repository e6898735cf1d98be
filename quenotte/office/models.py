"""The tables of the rooms of ``office``, gathered for Django."""

from quenotte.office.catalogue.models import (
    Act,
    ActVersion,
    Catalogue,
    CatalogueImport,
    Check,
    Favourite,
    Fee,
    Macro,
    Rate,
)
from quenotte.office.plans.models import ChosenPlan, PlanLine, PlanSession, TreatmentPlan
from quenotte.office.visits.models import (
    Anaesthesia,
    AnaestheticProduct,
    NoteTemplate,
    OpenVisit,
    Visit,
    VisitAct,
    VisitSupply,
)

__all__ = [
    "Act",
    "ActVersion",
    "Anaesthesia",
    "AnaestheticProduct",
    "Catalogue",
    "CatalogueImport",
    "Check",
    "ChosenPlan",
    "Favourite",
    "Fee",
    "Macro",
    "NoteTemplate",
    "OpenVisit",
    "PlanLine",
    "PlanSession",
    "Rate",
    "TreatmentPlan",
    "Visit",
    "VisitAct",
    "VisitSupply",
]
