"""What leaves as FHIR says what is true today, whatever was true on the day it was charted."""

from datetime import date
from uuid import UUID

import pytest

from quenotte.care.chart import operations as chart
from quenotte.care.chart.rules import Finding, Kind, Status
from quenotte.exchange.fhir import operations, rules
from quenotte.office.plans import operations as plans
from quenotte.office.visits import operations as visits
from tests.care.people import actor
from tests.exchange.fhir.test_fhir import LONG_AGO, _chart, _exported, _mouth, _resources
from tests.factories import PatientFactory
from tests.office.plans.conftest import CROWN

LATER = date(2025, 6, 2)


def _made(person, patient, *findings, on=LATER):
    chart.chart(actor=actor(person), patient_id=patient.id, findings=findings, on=on)


def _conditions(text):
    """Return what each condition says: its words, its status, the day it ended."""
    return {
        one.code.text: (one.clinicalStatus.coding[0].code, one.abatementDateTime)
        for one in _resources(text, "Condition")
    }


def test_filled_caries_is_resolved_on_the_day_of_the_filling(alice, patient):
    _chart(alice, patient, "16 O carie", "26 MOD carie", "36 O carie")
    _made(alice, patient, Finding(Kind.FILLING, (16,), "O", Status.DONE))
    _made(alice, patient, Finding(Kind.FILLING, (26,), "O", Status.DONE))
    found = _conditions(_exported(alice, patient))
    assert found["16 : carie O"] == ("resolved", LATER)
    # Filled in part: what is left of it is active, on the surfaces that are left.
    assert found["26 : carie MD"] == ("active", None)
    assert found["36 : carie O"] == ("active", None)


def test_tooth_is_in_one_state_alone(alice, patient):
    _chart(alice, patient, "28 incluse", "48 incluse")
    _chart(alice, patient, "28 absente", on=LATER)
    found = _conditions(_exported(alice, patient))
    assert found["28 : incluse"] == ("resolved", LATER)
    assert found["28 : absente"] == ("active", None)
    assert found["48 : incluse"] == ("active", None)


def test_tooth_that_is_there_is_no_diagnosis(alice, patient):
    _chart(alice, patient, "55 présente", "26 O carie icdas 0")
    text = _exported(alice, patient)
    assert _resources(text, "Condition") == []
    found = [
        (one.status, one.bodySite.coding[1].code, one.effectiveDateTime, one.valueBoolean)
        for one in _resources(text, "Observation")
    ]
    assert found == [("final", "55", LONG_AGO, True), ("final", "26", LONG_AGO, False)]


def test_what_is_seen_again_is_one_condition(alice, patient):
    _chart(alice, patient, "16 O carie", "18 absente")
    _chart(alice, patient, "16 O carie", "18 absente", on=LATER)
    text = _exported(alice, patient)
    found = [(one.recordedDate, one.clinicalStatus.coding[0].code)
             for one in _resources(text, "Condition")]  # fmt: skip
    assert found == [(LATER, "active")] * 2
    assert [one.effectiveDateTime for one in _resources(text, "Observation")] == [LONG_AGO] * 2


def test_caries_of_a_milk_tooth_went_with_it(alice, practice):
    child = PatientFactory.create(practice=practice, born_on=date(2000, 5, 1))
    _chart(alice, child, "55 O carie", on=date(2007, 5, 2))
    # Nobody noted when it went: the age says that it did.
    assert _conditions(_exported(alice, child)) == {"55 : carie O": ("inactive", None)}


def test_work_that_was_there_has_no_date_of_its_own(alice, patient):
    _chart(alice, patient, "16 MOD composite", "36 couronne céramique")
    _made(alice, patient, Finding(Kind.FILLING, (46,), "O", Status.DONE))
    old, crown, new = _resources(_exported(alice, patient), "Procedure")
    for one in (old, crown):
        assert (one.status, one.performedDateTime) == ("completed", None)
        assert one.performedString == "avant le 05/01/2025, où cela a été constaté"
    assert (new.performedDateTime, new.performedString) == (LATER, None)


def test_work_that_is_looked_at_again_is_one_procedure(alice, patient):
    _chart(alice, patient, "16 MOD composite", on=date(2024, 1, 5))
    _chart(alice, patient, "16 MOD composite")
    _made(alice, patient, Finding(Kind.FILLING, (26,), "O", Status.DONE), on=LONG_AGO)
    _chart(alice, patient, "26 O composite", on=LATER)
    text = _exported(alice, patient)
    seen, ours = _resources(text, "Procedure")
    assert (seen.performedDateTime, ours.performedDateTime) == (None, LONG_AGO)
    assert (seen.note, ours.note) == (None, None)
    assert len(_resources(text, "Observation")) == 2


def test_work_that_came_off_says_since_when(alice, patient):
    _chart(alice, patient, "16 MOD composite")
    _made(alice, patient, Finding(Kind.CROWN, (16,), status=Status.DONE))
    filling, crown = _resources(_exported(alice, patient), "Procedure")
    assert [one.text for one in filling.note] == ["N’est plus en bouche depuis le 02/06/2025."]
    assert crown.note is None


def test_intention_that_is_done_is_completed_and_named(alice, patient):
    _chart(alice, patient, "à faire 36 couronne", "à faire 46 couronne", "à faire 26 O composite")
    _made(alice, patient, Finding(Kind.CROWN, (36,), status=Status.DONE))
    _chart(alice, patient, "26 absente", on=LATER)
    text = _exported(alice, patient)
    asked = {one.bodySite[0].coding[1].code: one for one in _resources(text, "ServiceRequest")}
    states = {tooth: one.status for tooth, one in asked.items()}
    assert states == {"36": "completed", "46": "active", "26": "revoked"}
    (made,) = _resources(text, "Procedure")
    assert [one.reference for one in made.basedOn] == [f"urn:uuid:{UUID(asked['36'].id)}"]


@pytest.mark.parametrize("is_planned", [True, False])
def test_act_at_a_visit_and_its_mark_are_one_thing(alice, patient, is_planned):
    who = {"actor": actor(alice), "patient_id": patient.id}
    visit = visits.open_visit(**who)
    if is_planned:
        plan = plans.start(**who)
        (line,) = plans.add_lines(**who, plan_id=plan.id, lines=[CROWN])
        act = visits.do_planned(**who, visit_id=visit.id, line_id=line.id)
    else:
        (act,) = visits.do_others(**who, visit_id=visit.id, acts=[CROWN])
    text = _exported(alice, patient)
    found = {one.id: one for one in _resources(text, "Procedure")}
    done = found.pop(str(act.id))
    (mark,) = found.values()
    assert done.partOf is None
    assert [one.reference for one in mark.partOf] == [f"urn:uuid:{act.id}"]
    assert (done.status, mark.status) == ("completed", "completed")
    assert _resources(text, "ServiceRequest") == []


def test_mouth_with_a_past_comes_back_whole(alice, practice, patient):
    _chart(alice, patient, "16 O carie", "28 incluse", "55 présente", "à faire 36 couronne")
    _made(alice, patient, Finding(Kind.FILLING, (16,), "O", Status.DONE))
    _made(alice, patient, Finding(Kind.CROWN, (36,), status=Status.DONE))
    _chart(alice, patient, "28 absente", on=LATER)
    other = PatientFactory.create(practice=practice, born_on=patient.born_on)
    text = _exported(alice, patient)
    assert operations.take_in_mouth(actor=actor(alice), patient_id=other.id, text=text) == 7
    assert _mouth(other) == _mouth(patient)
    assert _conditions(_exported(alice, other)) == _conditions(text)


@pytest.mark.parametrize(
    ("finding", "status"),
    [
        (Finding(Kind.CARIES, (16,), "O"), "inactive"),
        (Finding(Kind.CROWN, (16,), status=Status.DONE), "unknown"),
        (Finding(Kind.CROWN, (16,), status=Status.REFERRED), "on-hold"),
    ],
)
def test_what_cannot_be_true_with_the_rest_is_not_affirmed(finding, status):
    one = rules.Charted(f"{1:032x}", LATER, finding)
    found = rules.charted(one, "urn:uuid:x", rules.Outcome(is_aside=True))
    told = found.get("clinicalStatus", {}).get("coding", [{}])[0].get("code")
    assert (told or found["status"]) == status
    if told:
        assert found["verificationStatus"]["coding"][0]["code"] == "unconfirmed"


def test_bundle_of_before_dates_its_resources_itself():
    one = rules.Charted(f"{1:032x}", LATER, Finding(Kind.CARIES, (16,), "O"))
    written = rules.charted(one, "urn:uuid:x")
    parts = written["extension"][0]["extension"]
    written["extension"][0]["extension"] = [part for part in parts if part["url"] != "on"]
    assert rules.charted_in({"entry": [{"resource": written}]}) == [one]
