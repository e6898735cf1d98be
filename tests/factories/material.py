"""What is traced: pouches, lots, laboratory work, devices."""

from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from quenotte.care.prosthetics.models import Laboratory, LabOrder, PlacedDevice
from quenotte.care.sterilisation.models import Autoclave, Pouch, PouchUse, SterilisationCycle
from quenotte.care.sterilisation.rules import code_of
from quenotte.care.stock.models import Article, Lot, StockMovement
from tests.factories.house import PersonFactory, PracticeFactory
from tests.factories.record import PatientFactory


class ArticleFactory(DjangoModelFactory[Article]):
    class Meta:
        model = Article

    practice = factory.SubFactory(PracticeFactory)
    name = factory.Sequence(lambda n: f"Article {n}")
    category = "material"


class LotFactory(DjangoModelFactory[Lot]):
    class Meta:
        model = Lot

    article = factory.SubFactory(ArticleFactory)
    number = factory.Sequence(lambda n: f"LOT-{n:05}")
    created_at = factory.LazyFunction(timezone.now)


class StockMovementFactory(DjangoModelFactory[StockMovement]):
    class Meta:
        model = StockMovement

    lot = factory.SubFactory(
        LotFactory, article__practice=factory.SelfAttribute("...author.practice")
    )
    author = factory.SubFactory(PersonFactory)
    signed_as = factory.SelfAttribute("author.full_name")
    kind = "in"
    quantity = 10
    at = factory.LazyFunction(timezone.now)


class AutoclaveFactory(DjangoModelFactory[Autoclave]):
    class Meta:
        model = Autoclave

    practice = factory.SubFactory(PracticeFactory)
    name = factory.Sequence(lambda n: f"Autoclave {n + 1000}")
    programmes = "Prion · 134 °C · 18 min"


class SterilisationCycleFactory(DjangoModelFactory[SterilisationCycle]):
    """A cycle that somebody let go."""

    class Meta:
        model = SterilisationCycle

    practice = factory.SelfAttribute("operator.practice")
    operator = factory.SubFactory(PersonFactory)
    signed_as = factory.SelfAttribute("operator.full_name")
    autoclave = factory.SubFactory(AutoclaveFactory, practice=factory.SelfAttribute("..practice"))
    number = factory.Sequence(lambda n: n + 1)
    programme = "Prion"
    celsius = 134
    minutes = 18
    started_at = factory.LazyFunction(timezone.now)
    ended_at = factory.SelfAttribute("started_at")
    indicator_passed = True
    state = "released"


class PouchFactory(DjangoModelFactory[Pouch]):
    class Meta:
        model = Pouch

    practice = factory.SelfAttribute("cycle.practice")
    cycle = factory.SubFactory(SterilisationCycleFactory)
    code = factory.Sequence(lambda n: code_of(n + 1))
    content = "Kit examen"
    made_on = factory.LazyFunction(timezone.localdate)
    expires_on = factory.LazyAttribute(lambda it: it.made_on + timedelta(days=60))
    author = factory.SelfAttribute("cycle.operator")
    signed_as = factory.SelfAttribute("author.full_name")


class PouchUseFactory(DjangoModelFactory[PouchUse]):
    class Meta:
        model = PouchUse

    patient = factory.SubFactory(PatientFactory)
    author = factory.SubFactory(PersonFactory, practice=factory.SelfAttribute("..patient.practice"))
    pouch = factory.SubFactory(PouchFactory, cycle__operator=factory.SelfAttribute("...author"))
    signed_as = factory.SelfAttribute("author.full_name")
    at = factory.LazyFunction(timezone.now)


class LaboratoryFactory(DjangoModelFactory[Laboratory]):
    class Meta:
        model = Laboratory

    practice = factory.SubFactory(PracticeFactory)
    name = factory.Sequence(lambda n: f"Laboratoire {n}")


class LabOrderFactory(DjangoModelFactory[LabOrder]):
    class Meta:
        model = LabOrder

    patient = factory.SubFactory(PatientFactory)
    practice = factory.SelfAttribute("patient.practice")
    practitioner = factory.SubFactory(PersonFactory, practice=factory.SelfAttribute("..practice"))
    laboratory = factory.SubFactory(LaboratoryFactory, practice=factory.SelfAttribute("..practice"))
    number = factory.Sequence(lambda n: n + 1)
    kind = "crown"
    teeth = "16"
    status = "to_send"
    created_at = factory.LazyFunction(timezone.now)


class PlacedDeviceFactory(DjangoModelFactory[PlacedDevice]):
    class Meta:
        model = PlacedDevice

    patient = factory.SubFactory(PatientFactory)
    practice = factory.SelfAttribute("patient.practice")
    practitioner = factory.SubFactory(PersonFactory, practice=factory.SelfAttribute("..practice"))
    placed_by = factory.SelfAttribute("practitioner.full_name")
    kind = "implant"
    name = "Implant conique"
    tooth = 16
    placed_on = factory.LazyFunction(timezone.localdate)
    created_at = factory.LazyFunction(timezone.now)
