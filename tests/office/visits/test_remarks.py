"""Acts that contradict one another are told before signing, and stay told once closed."""

import pytest
from django.urls import reverse

from quenotte.office.visits import operations, remarks
from tests.factories import VisitActFactory
from tests.office.visits.test_amending import call, visit
from tests.office.visits.views import FRAGMENT, page, url

__all__ = ["visit"]

SEALANT, FILLING, CROWN = "HBBD005", "HBMD053", "HBLD350"


@pytest.fixture
def noted(alice, visit):
    """A function that notes acts of a tooth as done in the visit."""

    def note(*codes, teeth="16"):
        return [
            VisitActFactory.create(
                visit=visit, code=code, label=code, teeth=teeth, practitioner=alice, charts_as=""
            )
            for code in codes
        ]

    return note


def test_same_act_twice_is_asked_before_signing_and_stays_with_the_closed_visit(
    alice, visit, shelf, noted, client_of
):
    noted(FILLING, FILLING)
    ending = {"text": "Composite.", "seen": 1}
    with pytest.raises(operations.RemarksOpen, match="déjà noté ce jour"):
        call(operations.end_visit, alice, visit, **ending)
    client = client_of(alice)
    asked = page(client.post(url("end", visit), {"text": "Composite.", "version": "1"}))
    assert "À revoir avant de terminer" in asked
    assert "Terminer quand même" in asked
    call(operations.end_visit, alice, visit, **ending, anyway=True)
    assert "déjà noté ce jour" in page(client.get(url("visit", visit)))


@pytest.mark.parametrize("codes", [(SEALANT, FILLING), (FILLING, CROWN), (CROWN, SEALANT)])
def test_incompatible_acts_of_one_tooth_say_why(visit, shelf, noted, codes):
    noted(*codes)
    assert any("Association incompatible" in text for text in remarks.open_of(visit))


def test_acts_of_two_teeth_contradict_nothing(visit, shelf, noted):
    noted(SEALANT)
    noted(FILLING, teeth="17")
    assert remarks.open_of(visit) == []


def test_note_of_the_record_is_that_of_the_visit_while_it_goes_on(alice, visit, client_of):
    card = reverse("visits:card", args=[visit.patient_id])
    client = client_of(alice)
    call(operations.save_note, alice, visit, text="Digue posée.", seen=visit.note_version)
    during = page(client.get(card, {"note": "1"}, headers=FRAGMENT))
    assert 'hx-swap-oob="outerHTML:#notes > .note-form"' in during
    assert "Digue posée." in during
    assert "Signer la note" not in during
    # What follows a change leaves alone what is typed there.
    assert "hx-swap-oob" not in page(client.get(card, headers=FRAGMENT))
    call(operations.end_visit, alice, visit, text="Digue posée.", seen=visit.note_version + 1)
    assert "hx-swap-oob" not in page(client.get(card, {"note": "1"}, headers=FRAGMENT))
