"""The code that carries a qualified identity on paper."""

from datetime import date
from typing import Any

from quenotte.kernel import ins

PERSON: dict[str, Any] = {
    "matricule": "279035121518989",
    "oid": "1.2.250.1.213.1.4.10",
    "first_names": "Dominique Marie-Louise",
    "family_name": "pat-trois",
    "sex": "F",
    "born_on": date(1979, 3, 28),
}


def test_the_code_says_the_traits_in_the_published_order():
    assert ins.datamatrix_text(**PERSON, birth_place="51215") == (
        "IS010000000000000000000000S1279035121518989S21.2.250.1.213.1.4.10"
        "S3DOMINIQUE MARIE-LOUISE\x1dS4PAT-TROIS\x1dS5FS628-03-1979S751215"
    )


def test_a_short_oid_ends_with_a_separator_and_a_place_may_be_unknown():
    text = ins.datamatrix_text(**PERSON | {"oid": "1.2.250.1.213.1.4.8"})
    assert "S21.2.250.1.213.1.4.8\x1dS3" in text
    assert text.endswith("S628-03-1979")


def test_a_trait_is_written_as_the_national_identity_writes_it():
    assert ins.trait("Œuvrard d’Hervé-Ÿ ") == "OEUVRARD D'HERVE-Y"
    long = ins.datamatrix_text(**PERSON | {"family_name": "A" * 120})
    assert f"S4{'A' * 100}S5F" in long
