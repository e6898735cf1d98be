"""Names of medicines, and the families that they mean."""

import pytest

from quenotte.kernel import medicines
from quenotte.kernel.names import fold


@pytest.mark.parametrize(
    ("text", "families"),
    [
        ("AINS", {"nsaids", "aspirin"}),
        ("les anti-inflammatoires (AINS)", {"nsaids", "aspirin"}),
        ("antis-inflammatoires", {"nsaids", "aspirin"}),
        ("antinflammatoire", {"nsaids", "aspirin"}),
        ("les inflammatoires, le latex", {"nsaids", "aspirin"}),
        ("maladies inflammatoires", set()),
        ("une maladie inflammatoire", set()),
        ("le pollen ainsi que les chats", set()),
        ("Céphalosporines", {"cephalosporins"}),
    ],
)
def test_words_of_a_class_name_its_families(text, families):
    assert medicines.classes_in(text) == families


def test_names_of_a_family_are_its_substances_its_brands_and_its_class():
    names = medicines.names_of("nsaids")
    assert {"ibuprofen", "ketum", "celebrex", "piroxicam", "ains ", "anti inflam"} <= set(names)
    assert len(names) == len(set(names))
    # An NSAID class reminds of aspirin on a prescription; the word itself does not name aspirin.
    assert "ains " not in medicines.names_of("aspirin")


def test_every_name_is_folded_and_holds_something_known():
    for name, held in medicines.NAMES.items():
        assert name == fold(name)
        assert medicines.families_of(held)
        assert medicines.families_of(medicines.substances_in(name))
    for start, families in medicines.CLASSES.items():
        assert start.rstrip() == fold(start)
        assert set(families) <= set(medicines.FAMILIES)
