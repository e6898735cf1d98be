"""The people of either site, and whom they work for."""

import factory
from django.contrib.auth.hashers import make_password
from factory.django import DjangoModelFactory

from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice

#: The password of everybody in the cast.
PASSWORD = "un-mot-de-passe-long"


factory.Faker._DEFAULT_LOCALE = "fr_FR"


class PracticeFactory(DjangoModelFactory[Practice]):
    class Meta:
        model = Practice

    name = factory.Sequence(lambda n: f"Cabinet {n}")
    town = "Nantes"
    dicom_issuer = factory.Sequence(lambda n: f"QUENOTTE-TEST-{n}")


class PersonFactory(DjangoModelFactory[Person]):
    class Meta:
        model = Person

    practice = factory.SubFactory(PracticeFactory)
    username = factory.Sequence(lambda n: f"personne{n}")
    first_name = factory.Faker("first_name")
    last_name = factory.Faker("last_name")
    role = "praticien"
    password = factory.LazyFunction(lambda: make_password(PASSWORD))
