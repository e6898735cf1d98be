"""The official file as values: what it says, what it would change."""

from dataclasses import replace
from datetime import date

import pytest

from quenotte.office.catalogue.rules import official, sorting
from quenotte.office.catalogue.rules.comparing import Known, compare, same_worth
from quenotte.office.catalogue.rules.shipped import Worth
from tests.office.catalogue import files

CODES = [f"HBZZ{number:03}" for number in range(official.LEAST_ACTS)]
DAY = date(2026, 4, 1)


def _rows(found: list[files.Act], title: str = files.TITLE) -> list[list[str]]:
    rows: list[list[str]] = [[title], [name or "" for name in files.HEADERS]]
    rows.append(["7", "", "APPAREIL DIGESTIF"])
    for code, label, price, group, _marks in found:
        rows.append([code, "", label, "1", "0", str(price), str(price), "", "", "1", group])
        rows.append(["[F, U]", "", "anesthésie", "4", "0", "48", "48", "", "", "1", "ADA"])
        rows.append(["", "", "Facturation : une note."])
    return rows


def test_published_sheet_is_read() -> None:
    found = [*files.acts(CODES), ("HBZZ900", "Sans prix", "Non pris en charge", "END", "")]
    found += [
        ("HBZZ901", "Ailleurs", "0", "DEN", ""),
        ("LBZZ001", "Mâchoire", "51.840000003", "ASC", ""),
    ]
    rows = [*_rows(found), ["05.01", "", "Cœur"]]
    rows += [["DEQP003", "", "Ailleurs", "1", "0", "14,26", "", "", "", "", "ATM"]]
    rows += [
        ["HBKNOWN", "", "pas un code"],
        ["", "", ""],
        ["ABCD123", "", "Connu", "1", "0", "1", "", "", "", ""],
    ]

    file = official.read(rows, frozenset({"ABCD123", "LBZZ001"}))

    assert (file.version, file.effective_on) == ("82", DAY)
    assert set(file.acts) == {*CODES, "HBZZ900", "HBZZ901", "LBZZ001", "ABCD123"}
    first = file.acts["HBZZ000"]
    assert first.worth == Worth(1000, "covered", "ASC", "FU")
    assert (first.label, first.notes) == ("Acte officiel HBZZ000", "Facturation : une note.")
    assert file.acts["HBZZ900"].worth.coverage == "not_covered"
    assert file.acts["HBZZ901"].worth == Worth(None, "elsewhere", "DEN", "FU")
    assert file.acts["LBZZ001"].worth.tariff_cents == 5184


def test_chapters_say_what_is_dental() -> None:
    rows = _rows(files.acts(CODES))
    rows += [
        ["11.02.05.04", "", "Mâchoires"],
        ["LBZZ001", "", "Os", "1", "0", "12", "", "", "", ""],
    ]

    assert "LBZZ001" in official.read(rows, frozenset()).acts


def test_plain_table_is_read() -> None:
    found = [*files.acts(CODES), ("ZZZZ001", "Hors prise en charge", "NPC", "END", "FU")]
    rows = [line.split(";") for line in files.table(found).splitlines()]

    file = official.read(rows, frozenset())

    assert (file.version, file.effective_on) == ("82", DAY)
    assert len(file.acts) == len(CODES) + 1
    assert file.acts["ZZZZ001"].worth == Worth(None, "not_covered", "END", "FU")


@pytest.mark.parametrize(
    ("rows", "refusal"),
    [
        ([], official.NotTheNomenclature),
        ([["Nom", "Prénom"], ["Durand", "Marie"]], official.NotTheNomenclature),
        ([["Code", "Texte"], ["HBZZ001", "Sans colonnes"]], official.NotTheNomenclature),
        ([["Code", "Texte", "Tarif secteur 1"]], official.NotTheNomenclature),
        (_rows([]), official.NotTheNomenclature),
        (_rows(files.acts(CODES[:20])), official.NotTheNomenclature),
        (_rows(files.acts(CODES), "Une liste"), official.NoVersion),
        (_rows(files.acts(CODES), "CCAM version 82 applicable au 99/99/2026"), official.NoVersion),
        (
            [line.split(";") for line in files.table(files.acts(CODES), day="").splitlines()],
            official.NoVersion,
        ),
    ],
)
def test_other_file_is_refused_in_words(rows: list[list[str]], refusal: type[Exception]) -> None:
    with pytest.raises(refusal, match="n’a pas changé"):
        official.read(rows, frozenset())


@pytest.mark.parametrize("price", ["abc", "NaN", "-5", "1e9"])
def test_price_that_is_none_is_no_price(price: str) -> None:
    file = official.read(
        _rows([*files.acts(CODES), ("HBZZ900", "X", price, "ASC", "")]), frozenset()
    )

    assert file.acts["HBZZ900"].worth.tariff_cents is None


def test_comparison_tells_what_changes() -> None:
    file = official.read(_rows(files.acts(CODES)), frozenset())
    same = Worth(1000, "covered", "ASC", "UF")
    known = {
        "HBZZ000": Known("Le même", same, "Acte officiel HBZZ000", file.acts["HBZZ000"].notes),
        "HBZZ001": Known("Plus cher", Worth(1100, "covered", "ASC", "FU"), ""),
        "HBZZ002": Known("Pas encore", None, ""),
        "HBYY001": Known("Fini", same, ""),
        "HBYY002": Known("Déjà fini", Worth(None, "covered", is_ended=True), ""),
        "HBYY003": Known("À venir", None, ""),
    }

    found = compare(known, file)

    assert found.changed == ("HBZZ001", "HBZZ002")
    assert found.ended == ("HBYY001",)
    assert found.counts() == {
        "new": len(CODES) - 3, "changed": 2, "ended": 1, "labelled": 2, "same": 1,
    }  # fmt: skip
    assert not found.is_empty
    listed = {one.code: one for one in found.listed}
    assert (listed["HBZZ001"].before_cents, listed["HBZZ001"].after_cents) == (1100, 1000)
    assert listed["HBYY001"].to_json()["kind"] == "ended"
    assert not same_worth(None, same)


def test_file_that_is_there_changes_nothing() -> None:
    file = official.read(_rows(files.acts(CODES)), frozenset())
    known = {code: Known("", one.worth, one.label, one.notes) for code, one in file.acts.items()}

    assert compare(known, file).is_empty
    # Notes of billing alone are something new.
    noted = {**file.acts, CODES[0]: replace(file.acts[CODES[0]], notes="Une note de plus.")}
    found = compare(known, replace(file, acts=noted))
    assert (found.is_empty, found.labelled, found.same) == (False, 1, len(CODES))


@pytest.mark.parametrize(
    ("label", "group", "family"),
    [
        ("Supplément pour couronne dentaire", "SU0", "supplement"),
        ("Avulsion d'une dent", "ASC", "extraction"),
        ("Ostéoplastie", "ASC", "surgery"),
        ("Soin", "SDE", "restoration"),
        ("Inconnu", "XYZ", "other"),
    ],
)
def test_act_of_the_file_has_a_family(label: str, group: str, family: str) -> None:
    assert sorting.family_of(label, group) == family
