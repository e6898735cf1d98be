"""The papers of the kit, read back from the PDF that is printed."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from quenotte.devices.paper import codes, reading
from quenotte.devices.recovery import shares
from quenotte.devices.recovery.shares import Holder
from quenotte.kernel import passphrases
from quenotte.upkeep.kits import papers
from quenotte.upkeep.kits.papers import Facts, Person, Place

PASSPHRASE = "kdrt hbfe jxnp stuv cdge rrhr bcde xvut"
PROVIDER = Person("Denteo Informatique", "01 99 00 12 34")
DISKS = tuple(
    Place(f"Disque {letter}", f"/media/QUENOTTE-{letter}/copie", f"{number}" * 64)
    for number, letter in enumerate("ABC", 1)
)
VAULT = Place(
    "Coffre", "rest:https://quenottes:s3cret@coffre.exemple.fr:8443/q/", "a" * 64, "3f" * 32
)
FACTS = Facts(
    "Cabinet #strong[Quenottes]", "2026-F1", 2026, datetime(2026, 3, 17, 9, 30, tzinfo=UTC),
    PROVIDER, (VAULT, *DISKS),
)  # fmt: skip
HOLDERS = [
    (Holder.PRACTITIONER, Person("Dr Alice Martin", "06 39 98 00 01")),
    (Holder.ASSOCIATE, Person("Dr Bruno Leroy", "06 39 98 00 02")),
    (Holder.PROVIDER, PROVIDER),
]


def test_mark_of_a_place_changes_with_what_the_paper_says_of_it():
    marks = {
        VAULT.mark,
        replace(VAULT, address="rest:https://elsewhere.example/q/").mark,
        replace(VAULT, repository="b" * 64).mark,
        replace(VAULT, fingerprint="4f" * 32).mark,
    }
    assert len(marks) == 4
    assert replace(VAULT, name="Le coffre").mark == VAULT.mark
    assert "s3cret" not in VAULT.mark


@pytest.fixture(scope="module")
def sheet():
    return papers.sheet_pdf(FACTS, PASSPHRASE)


def test_sheet_is_one_page_and_says_what_somebody_in_distress_needs(sheet):
    assert reading.pages_of(sheet) == 1
    text = " ".join(reading.text_of(sheet).split())
    assert PASSPHRASE in text
    for one in passphrases.groups_of(PASSPHRASE):
        assert f"{one.number} {one.letters} {one.check}" in text
    for place in FACTS.places:
        assert place.address in text
        assert place.repository[:16] in text
    for said in (
        "Cabinet #strong[Quenottes]", "N° 2026-F1", "17 mars 2026", PROVIDER.phone,
        "quenotte phoenix", "--no-lock", ":".join(["3F"] * 32),
        "fr:8443/as-of/2026-01-31T18:00:00Z/q/",
    ):  # fmt: skip
        assert said in text


def test_drawing_on_the_paper_is_the_password_byte_for_byte(sheet):
    assert codes.read(reading.picture_of(sheet, width_px=850)) == [PASSPHRASE]


def test_sheet_of_a_practice_without_provider_nor_vault():
    data = papers.sheet_of(replace(FACTS, provider=None, places=DISKS), PASSPHRASE)
    said = repr(data)
    assert "Appelez" not in said
    assert "openssl" not in said
    assert "/as-of/" not in said
    alone = papers.sheet_pdf(replace(FACTS, provider=None, places=DISKS), PASSPHRASE)
    assert reading.pages_of(alone) == 1


def test_long_addresses_leave_each_paper_on_one_page():
    host = "rest:https://q:MFRGGZDFMZTWQ2LKNNWG23TPOBYXE43U@sauvegardes.exemple.fr:18443/quenottes/"
    vaults = [Place("Coffre", f"{host}{one}/2026/", "a" * 64, "3f" * 32) for one in "ab"]
    long = papers.sheet_pdf(replace(FACTS, places=(*vaults, *DISKS[:2])), PASSPHRASE)
    assert reading.pages_of(long) == 1
    assert PASSPHRASE in reading.text_of(long)
    share = shares.split(bytes(16))[0]
    facts = replace(FACTS, places=(*vaults, *DISKS[:2]))
    assert reading.pages_of(papers.share_pdf(facts, share, HOLDERS)) == 1


@pytest.mark.parametrize("holder", list(Holder))
def test_share_is_one_page_with_its_words_alone(holder):
    three = {one.holder: one for one in shares.split(bytes(16))}
    pdf = papers.share_pdf(FACTS, three[holder], HOLDERS)
    assert reading.pages_of(pdf) == 1
    text = reading.text_of(pdf)
    place = list(Holder).index(holder) + 1
    assert f"Part de secours {place} sur 3" in text
    # Typst writes a row after the other, the words go down the columns.
    assert all(f"{number} {word}" in text for number, word in enumerate(three[holder].words, 1))
    assert PASSPHRASE not in text
    for other, person in HOLDERS:
        assert (person.phone in text) == (other is not holder or person is PROVIDER)
