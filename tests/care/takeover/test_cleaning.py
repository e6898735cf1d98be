from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.care.takeover import cleaning, rules, wording
from quenotte.kernel.dates import InvalidDate

TODAY = date(2026, 3, 17)
NIR = "279035121518989"
WHO = {"birth_name": "Durand", "birth_first_names": "Marie", "born_on": "28/03/1979", "sex": "F"}


def clean(**cells):
    return cleaning.clean_patient(WHO | cells, TODAY)


def codes(found):
    return [code for code, _key in (*found.refusals, *found.warnings)]


def test_good_line_has_no_remark():
    found = clean(nir=NIR, mobile_phone="06.39.98.00.01", email="m@courriel.example")
    assert codes(found) == []
    assert found.values["ins_oid"] == "1.2.250.1.213.1.4.8"
    assert found.values["mobile_phone"] == "+33639980001"


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("31/02/1990", "birth_impossible"),
        ("18/03/2027", "birth_future"),
        ("01/01/1880", "birth_too_old"),
        ("jadis", "birth_format"),
        ("99999", "birth_future"),
    ],
)
def test_births_that_refuse_a_line(text, refusal):
    assert codes(clean(born_on=text)) == [refusal]


@pytest.mark.parametrize(
    ("text", "day", "remark"),
    [
        ("3/4/85", "1985-04-03", ["birth_doubtful"]),
        ("1985-04-03 00:00:00", "1985-04-03", []),
        ("03/04/1985", "1985-04-03", []),
        ("31140", "1985-04-03", ["birth_doubtful"]),
        ("00/04/1985", "1985-04-01", ["birth_partial"]),
        ("00/00/1985", "1985-12-31", ["birth_partial"]),
        ("1985", "1985-12-31", ["birth_partial"]),
        ("", "1900-12-31", ["birth_missing"]),
    ],
)
def test_births_that_are_understood(text, day, remark):
    found = clean(born_on=text)
    assert (found.values["born_on"], codes(found)) == (day, remark)
    assert found.values.get("is_birth_date_fictive", False) is (remark == ["birth_partial"])


def test_month_that_is_none_is_refused():
    assert codes(clean(born_on="00/13/1985")) == ["birth_impossible"]


@pytest.mark.parametrize(
    ("cells", "refusal"),
    [
        ({"birth_name": ""}, "name_missing"),
        ({"birth_first_names": "--"}, "first_name_missing"),
        ({"birth_name": "D" * 101}, "name_too_long"),
        ({"birth_name": "Durand 2"}, "name_strange"),
        ({"birth_name": "Dur\ufffdnd"}, "signs_unreadable"),
    ],
)
def test_names_that_refuse_a_line(cells, refusal):
    assert codes(clean(**cells))[0] == refusal


@pytest.mark.parametrize(
    ("full", "surname", "first"),
    [
        ("DURAND Marie", "DURAND", "Marie"),
        ("LE GALL Anne Laure", "LE GALL", "Anne Laure"),
        ("Durand, Marie", "Durand", "Marie"),
        ("Durand Marie", "Durand", "Marie"),
    ],
)
def test_whole_name_is_parted(full, surname, first):
    found = cleaning.clean_patient({"full_name": full, "born_on": "1/1/1980"}, TODAY)
    assert found.values["birth_name"] == surname
    assert found.values["birth_first_names"] == first
    assert found.values["used_name"] == ""


def test_whole_name_of_nobody():
    assert codes(cleaning.clean_patient({}, TODAY))[:2] == ["name_missing", "first_name_missing"]


def test_used_name_is_kept_when_it_differs():
    assert clean(name="Petit").values["used_name"] == "Petit"
    assert clean(name="DURAND").values["used_name"] == ""


@pytest.mark.parametrize(
    ("text", "sex", "remark"),
    [
        ("Mme", "F", []), ("2", "F", []), ("Monsieur", "M", []), ("1", "M", []),
        ("Enfant", "I", []), ("?", "I", []), ("licorne", "I", ["sex_unknown"]),
    ],
)  # fmt: skip
def test_sexes(text, sex, remark):
    found = clean(sex=text)
    assert (found.values["sex"], codes(found)) == (sex, remark)


@pytest.mark.parametrize(
    ("cells", "remark", "ins", "insured"),
    [
        ({"nir": NIR[:-1] + "8"}, ["nir_key"], "", ""),
        ({"nir": "2790351215189"}, ["nir_form"], "", ""),
        ({"nir": NIR, "born_on": "28/04/1979"}, ["nir_of_insured"], "", NIR),
        ({"nir": NIR, "sex": "M"}, ["nir_of_insured"], "", NIR),
        ({"nir": NIR, "born_on": ""}, ["birth_missing", "nir_of_whom"], "", NIR),
        ({"nir": NIR, "sex": ""}, [], NIR, ""),
        ({"nir": NIR, "ins_oid": "1.2.250.1.213.1.4.10"}, [], NIR, ""),
        ({"nir": NIR, "insured_nir": NIR}, [], NIR, NIR),
        ({"insured_nir": NIR}, [], "", NIR),
        ({"insured_nir": NIR[:-1] + "8"}, ["nir_key"], "", ""),
        ({"nir": NIR, "insured_nir": "2790351215189"}, ["nir_form"], NIR, ""),
    ],
)
def test_social_security_numbers(cells, remark, ins, insured):
    found = clean(**cells)
    assert codes(found) == remark
    assert (found.values["ins_matricule"], found.values["insured_nir"]) == (ins, insured)
    if ins:
        assert found.values["sex"] == "F"


def test_waiting_number_has_the_oid_of_the_nia():
    from quenotte.kernel.identifiers import nir_key

    number = "8790351215189"
    found = clean(nir=number + nir_key(number))
    assert found.values["ins_oid"] == "1.2.250.1.213.1.4.9"


@pytest.mark.parametrize(
    ("key", "text", "remark"),
    [
        ("mobile_phone", "06 39", "phone_wrong"),
        ("email", "marie@", "email_wrong"),
        ("email", "märie@courriel.example", "email_wrong"),
        ("referring_doctor_rpps", "123", "number_wrong"),
        ("mutuelle_number", "abc", "number_wrong"),
        ("birth_place_code", "44", "number_wrong"),
        ("mutuelle_ends_on", "31/09/2027", "day_unreadable"),
        ("died_on", "01/01/1970", "death_impossible"),
        ("remarks", "x" * 301, "too_long"),
    ],
)
def test_wrong_values_are_left_out_and_told(key, text, remark):
    found = clean(**{key: text})
    assert codes(found) == [remark]
    assert found.values[key] in {"", None, "x" * 300}


def test_reach():
    found = clean(
        other_phone="06 39 98 00 02 ou 01 99 00 00 00",
        address="3 rue des Lilas",
        address_more="Bât. B",
        postcode="1000",
        do_not_contact="Oui",
    )
    assert found.values["mobile_phone"] == "+33639980002"
    assert found.values["other_phone"] == ""
    assert found.values["address"] == "3 rue des Lilas, Bât. B"
    assert found.values["postcode"] == "01000"
    assert found.values["do_not_contact"] is True
    assert clean(died_on="01/01/2020").values["do_not_contact"] is False


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1 234,50 €", 123450), ("-12.5", -1250), ("(12,00)", -1200), ("12,00-", -1200),
        ("1.234,50", 123450), ("1,234.50", 123450), ("12", 1200), ("", 0), ("0,00", 0),
        ("douze", None), ("1234567890123", None),
    ],
)  # fmt: skip
def test_amounts(text, cents):
    assert cleaning.read_cents(text) == cents


@given(st.integers(-99_999_999, 99_999_999))
def test_amounts_that_we_write_are_read_again(cents):
    sign, euros, rest = "-" if cents < 0 else "", abs(cents) // 100, abs(cents) % 100
    assert cleaning.read_cents(f"{sign}{euros},{rest:02}") == cents


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("14:30", 870), ("14h30", 870), ("9h", 540), ("09:30:00", 570), ("25:00", None), ("", None)],
)
def test_hours(text, minutes):
    assert cleaning.read_hour(text) == minutes


def appointment(**cells):
    known = {"old_id": "1", "day": "20/03/2026", "hour": "09:00"}
    return cleaning.clean_appointment(
        known | cells, TODAY, minutes=30, horizon=rules.horizon(TODAY)
    )


@pytest.mark.parametrize(
    ("cells", "ends"),
    [
        ({}, "2026-03-20T09:30:00"),
        ({"minutes": "45 min"}, "2026-03-20T09:45:00"),
        ({"minutes": "1:15"}, "2026-03-20T10:15:00"),
        ({"end_hour": "20/03/2026 10:00"}, "2026-03-20T10:00:00"),
        ({"day": "20/03/2026 09:00", "hour": ""}, "2026-03-20T09:30:00"),
    ],
)
def test_ends(cells, ends):
    assert appointment(**cells).values["ends"] == ends


@pytest.mark.parametrize(
    ("cells", "refusal"),
    [
        ({"day": "31/04/2026"}, "day_impossible"),
        ({"day": "bientôt"}, "day_unreadable"),
        ({"hour": "tôt"}, "hour_unreadable"),
        ({"minutes": "longtemps"}, "length_impossible"),
        ({"minutes": "999"}, "length_impossible"),
        ({"hour": "23:50"}, "length_impossible"),
        ({"end_hour": "08:00"}, "length_impossible"),
        ({"end_hour": "tard"}, "length_impossible"),
    ],
)
def test_appointments_that_are_refused(cells, refusal):
    assert codes(appointment(**cells)) == [refusal]


def test_birth_of_whom_that_does_not_read_is_a_remark():
    assert codes(appointment(born_on="31/02/1990")) == ["birth_unreadable"]


def test_balances():
    found = cleaning.clean_balance({"amount": "12", "as_of": "?"}, TODAY, as_of=date(2025, 12, 31))
    assert codes(found) == ["day_unreadable"]
    assert found.values["as_of"] == "2025-12-31"
    found = cleaning.clean_balance({"credit": "x"}, TODAY, as_of=TODAY)
    assert codes(found) == ["amount_unreadable"]


def test_day_out_of_any_calendar():
    with pytest.raises(InvalidDate):
        cleaning.read_day("32/01/2026", TODAY)


@pytest.mark.parametrize(
    ("text", "is_past", "expected"),
    [
        ("honore", True, ("done", "")),
        ("absent", True, ("missed", "")),
        ("annule", False, ("cancelled", "")),
        ("confirme", False, ("confirmed", "")),
        ("confirme", True, ("done", "")),
        ("venu", False, ("booked", "future_done")),
        ("zut", True, ("done", "status_unknown")),
        ("", False, ("booked", "")),
    ],
)
def test_statuses(text, is_past, expected):
    assert rules.status_of(text, is_past=is_past) == expected


@given(st.text(max_size=20))
def test_neutral_cell_comes_back_and_is_no_formula(cell):
    safe = rules.neutral(cell)
    assert safe[:1] not in {"=", "+", "-", "@"}
    if not cell.startswith("'"):
        assert rules.without_quote(safe) == cell


def test_options_forget_what_they_do_not_know():
    options = rules.Options(minutes=45)
    assert rules.Options.from_json(options.to_json() | {"former": 1}) == options


def test_steps():
    assert rules.may("write", "checked")
    assert not rules.may("write", "done")


def test_remarks_in_words():
    said = wording.words_of("patients", ["phone_wrong", "mobile_phone"], refused=False)
    assert said == "Téléphone mobile : Téléphone incomplet : non repris."
    assert wording.words_of("patients", ["same", ""], refused=False).startswith("Ce patient a déjà")
    assert wording.words_of("patients", ["day_unreadable", ""], refused=True).endswith(
        "se lit pas."
    )
    assert wording.words_of("patients", ["unheard", "nothing"], refused=True) == "unheard"
