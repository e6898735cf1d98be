import pytest

from quenotte.care.takeover import columns, targets
from quenotte.care.takeover.targets import missing

DATA = [
    ["12", "DURAND", "Marie", "03/04/1985", "F", "0639980001", "marie@courriel.example", "44000"],
    ["13", "PETIT", "Paul", "12/11/1972", "M", "0199000002", "", "44100"],
]


def proposed(headers, rows=DATA, kind="patients"):
    return columns.propose(kind, headers, rows)


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        (
            "Code patient|NOM|PRENOM|DDN|Civ|Portable|E-mail|CP",
            "old_id birth_name birth_first_names born_on sex mobile_phone email postcode",
        ),
        (
            "Patient ID|Last name|First name|Date of birth|Gender|Mobile phone|Email|Zip code",
            "old_id birth_name birth_first_names born_on sex mobile_phone email postcode",
        ),
        (
            "N° Dossier|Nom usuel|Prénom du patient|Né(e) le|Sexe|Tél. portable|Courriel|C.P.",
            "old_id birth_name birth_first_names born_on sex mobile_phone email postcode",
        ),
        ("|||||||", "- - - born_on sex other_phone email postcode"),
        ("a|b|c|d|e|f|g|h", "- - - born_on sex other_phone email postcode"),
    ],
)
def test_columns_are_named_by_header_then_by_content(headers, expected):
    found = proposed(headers.split("|"))
    assert " ".join(found.get(at, "-") for at in range(8)) == expected


def test_birth_name_beside_a_name():
    found = proposed(["Nom", "Nom de jeune fille", "Prénom"], [["Durand", "Petit", "Marie"]])
    assert found == {0: "name", 1: "birth_name", 2: "birth_first_names"}


def test_header_that_its_cells_contradict_is_not_believed():
    found = proposed(["Nom", "Prénom", "Naissance"], [["Durand", "Marie", "Nantes"]] * 5)
    assert 2 not in found


def test_numbers_with_a_right_key_are_social_security_numbers():
    rows = [["279035121518989"], ["253072A07300443"]]
    assert proposed(["?"], rows) == {0: "nir"}
    assert "nir" not in proposed(["?"], [["279035121518988"]]).values()


def test_appointments_and_balances_have_their_own_columns():
    found = proposed(
        ["Dossier", "Nom", "Prénom", "Date RDV", "Heure", "Durée", "Motif", "Praticien", "Statut"],
        [["1", "Durand", "Marie", "10/03/2026", "14:30", "30", "Contrôle", "Dr A", "Venu"]],
        "appointments",
    )
    assert list(found.values()) == [
        "old_id", "name", "birth_first_names", "day", "hour", "minutes", "title", "practitioner",
        "status",
    ]  # fmt: skip
    assert proposed(["Dossier", "Reste dû"], [["1", "12,00"]], "balances") == {
        0: "old_id",
        1: "amount",
    }


@pytest.mark.parametrize(
    ("above", "lines"),
    [
        ([["Nom", "Prénom", "Date de naissance"]], 1),
        ([["Liste des patients"], ["Le 01/03/2026"], ["Nom", "Prénom", "Date de naissance"]], 3),
        ([["Nom", "Prénom", "Date de naissance"], ["(texte)", "(texte)", "JJ/MM/AAAA"]], 2),
        ([], 0),
        ([["Colonne A", "Colonne B", "Colonne C"]], 1),
    ],
)
def test_lines_above_the_data(above, lines):
    data = [["Durand", "Marie", "03/04/1985"], ["Petit", "Paul", "12/11/1972"]]
    assert columns.guess_header_lines("patients", above + data) == lines


def test_no_line_at_all():
    assert columns.guess_header_lines("patients", []) == 0
    assert columns.headers_of([], 0, "patients") == []


def test_names_of_two_lines_fill_each_other_s_holes():
    rows = [["", "", "Adresse"], ["Nom", "Prénom", ""], ["Durand", "Marie", "Rue"]]
    assert columns.headers_of(rows, 2, "patients") == ["Nom", "Prénom", "Adresse"]
    assert columns.headers_of(rows, 0, "patients") == ["", "", ""]


def test_signature_ignores_accents_and_case():
    assert columns.signature(["Prénom"]) == columns.signature(["PRENOM"])
    assert columns.signature(["Nom"]) != columns.signature(["Prénom"])


def test_empty_column_has_no_look():
    assert columns.look_of(["", ""]) == set()


@pytest.mark.parametrize(
    ("kind", "chosen", "count"),
    [
        ("patients", {"birth_name", "birth_first_names"}, 0),
        ("patients", {"full_name"}, 0),
        ("patients", {"old_id"}, 1),
        ("appointments", {"old_id", "day"}, 0),
        ("appointments", {"name"}, 2),
        ("balances", {"old_id", "credit"}, 0),
        ("balances", {"old_id"}, 1),
    ],
)
def test_what_must_be_chosen(kind, chosen, count):
    assert len(missing(kind, chosen)) == count


def test_unknown_key_is_no_target():
    assert targets.target("patients", "nothing") is None


def test_every_field_of_our_own_export_is_read_again():
    for kind, some in targets.TARGETS.items():
        headers = [one.label for one in some]
        found = columns.propose(kind, headers, [])
        assert len(found) >= len(some) - 1, kind
