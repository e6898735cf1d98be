"""A practice with its catalogue, and a plan begun by Dr Alice."""

import pytest

from quenotte.office.catalogue import operations as catalogue
from quenotte.office.plans import operations
from quenotte.office.plans.rules import ActLine
from tests.care.people import actor

CROWN = ActLine(
    "HBLD038", "Couronne métallique", "16", tariff_cents=12_000, fee_cents=29_000,
    basket="rac0", charts_as="crown", material="metal", minutes=60,
)  # fmt: skip
SCALING = ActLine("HBJD001", "Détartrage et polissage", tariff_cents=2_892, fee_cents=2_892)


@pytest.fixture
def shelf(practice):
    """The acts of the practice, as they are shipped."""
    catalogue.load(practice.id)


@pytest.fixture
def plan(alice, patient):
    """A plan with nothing in it."""
    return operations.start(actor=actor(alice), patient_id=patient.id)


@pytest.fixture
def lines(alice, patient, plan):
    """A crown and a scaling in the first session of the plan."""
    return operations.add_lines(
        actor=actor(alice), patient_id=patient.id, plan_id=plan.id, lines=[CROWN, SCALING]
    )
