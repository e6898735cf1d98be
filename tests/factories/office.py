"""Acts, plans and visits."""

from datetime import date
from typing import Any

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from quenotte.office.catalogue.models import (
    Act,
    ActVersion,
    CatalogueImport,
    Check,
    Macro,
    Rate,
)
from quenotte.office.plans.models import ChosenPlan, PlanLine, PlanSession, TreatmentPlan
from quenotte.office.visits.models import (
    Anaesthesia,
    NoteTemplate,
    OpenVisit,
    Visit,
    VisitAct,
    VisitSupply,
)
from tests.factories.house import BlobFactory, PersonFactory, PracticeFactory
from tests.factories.record import PatientFactory


class TreatmentPlanFactory(DjangoModelFactory[TreatmentPlan]):
    class Meta:
        model = TreatmentPlan

    practice = factory.SelfAttribute("patient.practice")
    patient = factory.SubFactory(PatientFactory)
    practitioner = factory.SubFactory(
        PersonFactory, practice=factory.SelfAttribute("..patient.practice")
    )
    created_by = factory.SelfAttribute("practitioner")
    created_at = factory.LazyFunction(timezone.now)


class ChosenPlanFactory(DjangoModelFactory[ChosenPlan]):
    class Meta:
        model = ChosenPlan

    plan = factory.SubFactory(TreatmentPlanFactory)
    patient = factory.SelfAttribute("plan.patient")


class PlanSessionFactory(DjangoModelFactory[PlanSession]):
    class Meta:
        model = PlanSession

    plan = factory.SubFactory(TreatmentPlanFactory)
    position = factory.Sequence(lambda n: n % 1000)


class PlanLineFactory(DjangoModelFactory[PlanLine]):
    class Meta:
        model = PlanLine

    plan = factory.SelfAttribute("session.plan")
    session = factory.SubFactory(PlanSessionFactory)
    created_by = factory.SelfAttribute("plan.practitioner")
    code = "HBLD038"
    label = "Couronne métallique"
    teeth = "16"
    tariff_cents = 12_000
    fee_cents = 29_000
    basket = "rac0"
    charts_as = "crown"
    material = "metal"


class VisitFactory(DjangoModelFactory[Visit]):
    class Meta:
        model = Visit

    practice = factory.SelfAttribute("patient.practice")
    patient = factory.SubFactory(PatientFactory)
    practitioner = factory.SubFactory(
        PersonFactory, practice=factory.SelfAttribute("..patient.practice")
    )
    opened_by = factory.SelfAttribute("practitioner")
    opened_at = factory.LazyFunction(timezone.now)


class OpenVisitFactory(DjangoModelFactory[OpenVisit]):
    class Meta:
        model = OpenVisit

    visit = factory.SubFactory(VisitFactory)
    patient = factory.SelfAttribute("visit.patient")


class VisitActFactory(DjangoModelFactory[VisitAct]):
    class Meta:
        model = VisitAct

    visit = factory.SubFactory(VisitFactory)
    practitioner = factory.SelfAttribute("visit.practitioner")
    done_by = factory.SelfAttribute("visit.practitioner")
    done_at = factory.LazyFunction(timezone.now)
    code = "HBJD001"
    label = "Détartrage et polissage"
    tariff_cents = 2_892
    fee_cents = 2_892


class VisitSupplyFactory(DjangoModelFactory[VisitSupply]):
    class Meta:
        model = VisitSupply

    visit = factory.SubFactory(VisitFactory)
    name = "Composite A2"
    lot = "L42"
    added_at = factory.LazyFunction(timezone.now)


class AnaesthesiaFactory(DjangoModelFactory[Anaesthesia]):
    class Meta:
        model = Anaesthesia

    visit = factory.SubFactory(VisitFactory)
    product = "Articaïne 4 % adrénaline 1/200 000"
    quarters = 4
    dose_mg = 68
    given_at = factory.LazyFunction(timezone.now)
    given_by = factory.SelfAttribute("visit.practitioner")


class NoteTemplateFactory(DjangoModelFactory[NoteTemplate]):
    class Meta:
        model = NoteTemplate

    practice = factory.SubFactory(PracticeFactory)
    name = factory.Sequence(lambda n: f"Modèle {n}")
    text = "Dent {dent} : {acte}. Teinte {teinte}."


class ActFactory(DjangoModelFactory[Act]):
    """An act of the practice, worth something since the first of January."""

    class Meta:
        model = Act

    practice = factory.SubFactory(PracticeFactory)
    code = factory.Sequence(lambda n: f"ZZZZ{n:03}")
    label = "Acte d’essai"

    @classmethod
    def _after_postgeneration(
        cls, instance: Act, create: bool, results: dict[str, Any] | None = None
    ) -> None:
        """Give a saved act a tariff."""
        if create:
            day = date(2026, 1, 1)
            ActVersion.objects.create(act=instance, from_on=day, tariff_cents=1000)


class MacroFactory(DjangoModelFactory[Macro]):
    class Meta:
        model = Macro

    practice = factory.SubFactory(PracticeFactory)
    name = factory.Sequence(lambda n: f"Enchaînement {n}")
    lines = ["couronne"]


class CheckFactory(DjangoModelFactory[Check]):
    class Meta:
        model = Check

    practice = factory.SubFactory(PracticeFactory)
    kind = "often"
    codes = "HBJD001"
    reason = "Une règle d’essai."


class RateFactory(DjangoModelFactory[Rate]):
    class Meta:
        model = Rate

    practice = factory.SubFactory(PracticeFactory)
    key = "X"
    label = "Un taux d’essai"
    from_on = date(2026, 1, 1)
    permille = 100


class CatalogueImportFactory(DjangoModelFactory[CatalogueImport]):
    class Meta:
        model = CatalogueImport

    practice = factory.SubFactory(PracticeFactory)
    blob = factory.SubFactory(BlobFactory)
    file_name = "ccam.csv"
    state = "ready"
