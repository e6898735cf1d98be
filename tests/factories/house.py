"""People of the practice, its rooms, its workstations."""

import hashlib
from datetime import timedelta

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from quenotte.base.files.models import Blob
from quenotte.base.keyboard.models import Grant
from quenotte.base.practice.models import Chair, Room, Workstation
from tests.support.cast import PASSWORD, PersonFactory, PracticeFactory

__all__ = ["PASSWORD", "PersonFactory", "PracticeFactory"]


class RoomFactory(DjangoModelFactory[Room]):
    class Meta:
        model = Room

    practice = factory.SubFactory(PracticeFactory)
    name = factory.Sequence(lambda n: f"Salle {n + 1000}")


class ChairFactory(DjangoModelFactory[Chair]):
    class Meta:
        model = Chair

    room = factory.SubFactory(RoomFactory)
    name = factory.Sequence(lambda n: f"Fauteuil {n + 1000}")


class WorkstationFactory(DjangoModelFactory[Workstation]):
    class Meta:
        model = Workstation

    practice = factory.SubFactory(PracticeFactory)
    key_digest = factory.Sequence(lambda n: f"{n:064x}")
    name = factory.Sequence(lambda n: f"Poste {n + 1000}")


class BlobFactory(DjangoModelFactory[Blob]):
    class Meta:
        model = Blob

    sha256 = factory.Sequence(lambda n: hashlib.sha256(str(n).encode()).hexdigest())
    size_bytes = 10
    media_type = "application/dicom"


class GrantFactory(DjangoModelFactory[Grant]):
    class Meta:
        model = Grant

    person = factory.SubFactory(PersonFactory)
    practice = factory.SelfAttribute("person.practice")
    patient_id = factory.Faker("uuid4", cast_to=None)
    reason = "garde"
    words = "Remplacement du soir"
    granted_at = factory.LazyFunction(timezone.now)
    expires_at = factory.LazyAttribute(lambda it: it.granted_at + timedelta(hours=1))
