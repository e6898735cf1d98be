"""A draft and a letter, and a secretary who issues neither."""

import pytest

from tests.factories import LetterFactory, PersonFactory, PrescriptionFactory


@pytest.fixture
def sarah(practice):
    return PersonFactory.create(practice=practice, role="secretaire")


@pytest.fixture
def draft(alice, patient):
    return PrescriptionFactory.create(patient=patient, created_by=alice)


@pytest.fixture
def letter(patient):
    return LetterFactory.create(patient=patient, title="Avis", body="Bonjour")
