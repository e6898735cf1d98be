import csv
from datetime import UTC, date, datetime
from io import BytesIO, StringIO

import pytest
from openpyxl import load_workbook

from quenotte.care.agenda.models import Appointment
from quenotte.care.patients.models import Patient, RelatedPerson
from quenotte.care.patients.rules import UNKNOWN_BIRTH
from quenotte.care.takeover import exporting
from quenotte.care.takeover.models import OpeningBalance
from tests.factories import AppointmentFactory, PatientFactory, RelatedPersonFactory

pytestmark = pytest.mark.django_db

COMPARED = (
    "birth_name birth_first_names used_name used_first_name born_on sex mobile_phone other_phone"
    " email address postcode town ins_matricule ins_oid referring_doctor referring_doctor_rpps"
    " mutuelle_name mutuelle_number mutuelle_contract mutuelle_ends_on died_on do_not_contact"
    " refuses_mail refuses_sms"
    " remarks birth_place_code"
).split()

#: Whose insured person: the number, the name, and since when it is over.
INSURED = [
    ("child", "185048765432140", "Marc Durand", None),
    ("child", "255081416802538", "Ancienne Assurée", datetime(2025, 1, 1, tzinfo=UTC)),
    ("full", "279035121518989", "Hélène Le Gall", None),
]


def rows_of(kind, practice):
    text = b"".join(exporting.as_csv(exporting.table(kind, practice.id))).decode("utf-8-sig")
    return list(csv.reader(StringIO(text), delimiter=";"))


@pytest.fixture
def full(practice):
    """A patient of whom everything is known, formulas included."""
    return PatientFactory.create(
        practice=practice,
        birth_name="Le Gall",
        birth_first_names="Hélène Rose",
        first_birth_first_name="Hélène",
        used_name="Durand",
        used_first_name="Léna",
        born_on=date(1979, 3, 28),
        sex="F",
        mobile_phone="+33639980001",
        other_phone="+41223601234",
        email="helene@courriel.example",
        address="3 rue des Lilas, bâtiment B",
        postcode="01000",
        town="Bourg-en-Bresse",
        ins_matricule="279035121518989",
        ins_oid="1.2.250.1.213.1.4.10",
        birth_place_code="51215",
        referring_doctor="Dr Martin",
        referring_doctor_rpps="99700218896",
        mutuelle_name='Mutuelle; des "Lilas"',
        mutuelle_number="12345678",
        mutuelle_contract="-A12",
        mutuelle_ends_on=date(2027, 1, 31),
        do_not_contact=True,
        refuses_sms=True,
        remarks='=HYPERLINK("http://mal.example")',
    )


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_patients_come_back_as_they_left(form, practice, full, written, actor):
    empty = PatientFactory.create(practice=practice, born_on=UNKNOWN_BIRTH, sex="I")
    child = PatientFactory.create(
        practice=practice, birth_name="Durand-Petit", born_on=date(2015, 4, 3), ins_matricule=""
    )
    for patient, number, name, ended_at in INSURED:
        RelatedPersonFactory.create(
            patient={"child": child, "full": full}[patient],
            relation="insured", nir=number, full_name=name, ended_at=ended_at,
        )  # fmt: skip
    RelatedPersonFactory.create(patient=child, relation="guardian", full_name="Anne Durand", nir="")
    before = {
        one.birth_name: {name: getattr(one, name) for name in COMPARED}
        for one in Patient.objects.all()
    }
    lines = exporting.table("patients", practice.id)
    raw = b"".join(
        exporting.as_csv(lines) if form == "csv" else exporting.as_workbook(lines, "patients")
    )
    from quenotte.care.patients.models import SearchKey

    SearchKey.objects.all().delete()
    RelatedPerson.objects.all().delete()
    Patient.objects.all().delete()
    source = written(raw)
    assert source.counts["refused"] == 0
    after = {
        one.birth_name: {name: getattr(one, name) for name in COMPARED}
        for one in Patient.objects.all()
    }
    assert after == before
    insured = RelatedPerson.objects.filter(relation="insured").order_by("patient__birth_name")
    assert list(insured.values_list("patient__birth_name", "nir", "full_name")) == [
        # One agrees with the traits of nobody here, the other is her own number as well.
        ("Durand-Petit", "185048765432140", "Marc Durand"),
        ("Le Gall", "279035121518989", "Hélène Le Gall"),
    ]
    assert empty.birth_name in after


def test_no_cell_is_a_formula(practice, full):
    header, line = rows_of("patients", practice)
    assert len(header) == len(line)
    assert '\'=HYPERLINK("http://mal.example")' in line
    assert "'-A12" in line
    assert "'+41 22 360 12 34" in line
    assert not any(cell[:1] in "=+-@" for cell in line if cell)
    raw = b"".join(exporting.as_workbook(exporting.table("patients", practice.id), "patients"))
    sheet = load_workbook(BytesIO(raw)).active
    assert sheet is not None
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "n", "inlineStr"}


def test_appointments_and_balances_come_back(practice, full, written, alice, undone):
    AppointmentFactory.create(patient=full, practitioner=alice, status="done", title="Contrôle")
    source = written(
        "N° dossier;Nom;Prénom;Date de naissance;Solde\n;Durand;Hélène;28/03/1979;-12,50\n",
        kind="balances",
    )
    assert source.counts["created"] == 1
    appointments = b"".join(exporting.as_csv(exporting.table("appointments", practice.id)))
    balances = b"".join(exporting.as_csv(exporting.table("balances", practice.id)))
    undone(source)
    Appointment.objects.all().delete()
    assert written(appointments, kind="appointments").counts["created"] == 1
    assert Appointment.objects.get().title == "Contrôle"
    assert written(balances, kind="balances").counts["created"] == 1
    assert OpeningBalance.objects.get().amount_cents == -1250


def test_long_list_is_sent_in_pieces(practice):
    PatientFactory.create_batch(30, practice=practice, remarks="x" * 300, address="y" * 200)
    pieces = list(exporting.as_csv([["x" * 1_000]] * 200))
    assert len(pieces) > 3
