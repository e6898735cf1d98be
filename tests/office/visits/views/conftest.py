"""A visit in the chair."""

import pytest

from quenotte.office.visits import operations
from tests.care.people import actor


@pytest.fixture
def visit(alice, patient):
    """A visit opened by hand."""
    return operations.open_visit(actor=actor(alice), patient_id=patient.id)
