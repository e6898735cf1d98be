"""What changes in a catalogue, and what stays whatever is loaded or imported."""

import io
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from quenotte.base.audit.models import Line
from quenotte.base.audit.rules import Actor
from quenotte.base.people.models import Person
from quenotte.base.practice.models import Practice
from quenotte.base.practice.operations import create_practice
from quenotte.config import nomenclature
from quenotte.kernel.errors import Refusal
from quenotte.office.catalogue import jobs, operations, queries, rules
from quenotte.office.catalogue.models import (
    Act,
    ActVersion,
    Catalogue,
    CatalogueImport,
    Check,
    Fee,
    Macro,
    Rate,
)
from quenotte.office.catalogue.operations import importing
from quenotte.office.catalogue.rules import official, shipped
from tests.care.people import actor as actor_of
from tests.devices.sheets.test_reading import dbase
from tests.factories import PracticeFactory
from tests.office.catalogue import files
from tests.support.racing import race

TODAY = date(2026, 3, 17)
APRIL = date(2026, 4, 1)
MAY = date(2026, 5, 4)


def _fees(practice: Practice, code: str, *days: date) -> list[int | None]:
    found = [queries.act(practice.id, code, day) for day in days]
    return [one.fee_cents if one else -1 for one in found]


@pytest.mark.django_db
def test_new_practice_has_the_catalogue() -> None:
    practice = create_practice(
        practice_id=PracticeFactory.build().id, name="Neuf", dicom_issuer="NEUF"
    )

    assert Act.objects.filter(practice=practice).count() == 252
    assert not operations.load(practice.id)
    before = queries.act(practice.id, "HBJD001", date(2025, 12, 31))
    assert before is None
    now = queries.act(practice.id, " hbjd001 ", TODAY)
    assert now is not None
    assert (now.tariff_cents, now.since) == (2892, shipped.EFFECTIVE_ON)


@pytest.mark.django_db
def test_upgrade_changes_what_is_ours_alone(
    shelves: Practice, other_practice: Practice, actor: Actor
) -> None:
    operations.set_fee(actor=actor, code="HBLD073", cents=44000, on=TODAY)
    operations.describe(actor=actor, code="HBLD073", label="Zircone", minutes=50, is_hidden=False)
    operations.set_worth(
        actor=actor, code="C", on=shipped.EFFECTIVE_ON, tariff_cents=2500, ceiling_cents=None
    )
    check = Check.objects.get(practice=shelves, key="scaling_twice")
    operations.save_check(actor=actor, check_id=check.id, values={"times": 3})
    rate = Rate.objects.get(practice=shelves, key="F")
    operations.save_rate(actor=actor, rate_id=rate.id, values={"amount_cents": 2000})
    Macro.objects.filter(practice=shelves).delete()
    mine = Act.objects.get(practice=shelves, code="HNHYG")
    Act.objects.filter(id=mine.id).update(origin=Act.Origin.OWN, label="À nous")
    # As an older edition had left them.
    Catalogue.objects.filter(practice=shelves).update(shipped="80.1")
    Act.objects.filter(practice=shelves, code="HBJD001").update(label="Ancien", minutes=15)
    ActVersion.objects.filter(act__practice=shelves, act__code="HBJD001").update(tariff_cents=1)
    ActVersion.objects.filter(act__practice=shelves, act__code="HBQK002").delete()
    Check.objects.filter(practice=shelves, key="sealant_once").update(reason="Ancienne")

    assert operations.load_everywhere() == 2
    assert operations.load_everywhere() == 0

    scaling = queries.act(shelves.id, "HBJD001", TODAY)
    assert scaling
    assert (scaling.label, scaling.minutes, scaling.tariff_cents) == (
        "Détartrage et polissage", 30, 2892,
    )  # fmt: skip
    crown = queries.act(shelves.id, "HBLD073", TODAY)
    assert crown
    assert (crown.label, crown.minutes, crown.fee_cents) == ("Zircone", 50, 44000)
    assert _fees(shelves, "C", TODAY) == [2500]
    assert _fees(shelves, "HBQK002", TODAY) == [2000]
    assert Act.objects.get(id=mine.id).label == "À nous"
    check.refresh_from_db()
    rate.refresh_from_db()
    assert (check.times, rate.amount_cents) == (3, 2000)
    assert "par dent" in Check.objects.get(practice=shelves, key="sealant_once").reason
    assert not Macro.objects.filter(practice=shelves).exists()
    assert queries.act(other_practice.id, "HBJD001", TODAY)
    assert Line.objects.filter(object_kind="catalogue", action="change").count() == 2


@pytest.mark.django_db
def test_fee_counts_from_its_day(shelves: Practice, actor: Actor) -> None:
    assert operations.set_fee(actor=actor, code="HBLD073", cents=44000, on=TODAY) is None
    assert operations.set_fee(actor=actor, code="HBLD073", cents=46000, on=APRIL) == 44000
    assert operations.set_fee(actor=actor, code="HBLD073", cents=46000, on=APRIL) == 46000
    assert operations.set_fee(actor=actor, code="HBLD073", cents=None, on=MAY) == 46000
    assert operations.set_fee(actor=actor, code="HBJD001", cents=None, on=TODAY) is None

    days = (date(2026, 3, 16), TODAY, APRIL, MAY)
    assert _fees(shelves, "HBLD073", *days) == [None, 44000, 46000, None]
    assert Line.objects.filter(object_kind="act").count() == 3
    for cents in (-1, 10_000_001):
        with pytest.raises(operations.BadAmount):
            operations.set_fee(actor=actor, code="HBLD073", cents=cents, on=TODAY)
    with pytest.raises(operations.NoSuchAct):
        operations.set_fee(actor=actor, code="XXXX001", cents=1, on=TODAY)
    with pytest.raises(operations.BadAmount):
        operations.set_worth(actor=actor, code="C", on=TODAY, tariff_cents=-1, ceiling_cents=None)


@pytest.mark.django_db
def test_database_refuses_two_versions_from_one_day(shelves: Practice) -> None:
    act = Act.objects.get(practice=shelves, code="C")
    for bad in (
        ActVersion(act=act, from_on=shipped.EFFECTIVE_ON),
        ActVersion(act=act, from_on=MAY, tariff_cents=99_999_999),
        Fee(act=act, from_on=MAY, fee_cents=99_999_999),
        Rate(practice=shelves, key="X", from_on=MAY),
        Act(practice=shelves, code="C"),
        Act(practice=shelves, code="Z", age_least=9, age_most=3),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            bad.save()


@pytest.mark.django_db
def test_tariff_of_the_practice_and_hidden_act(shelves: Practice, actor: Actor) -> None:
    operations.set_worth(
        actor=actor, code="HBLD073", on=TODAY, tariff_cents=12000, ceiling_cents=45320
    )
    operations.set_worth(
        actor=actor, code="HBLD073", on=TODAY, tariff_cents=12000, ceiling_cents=45000
    )
    crown = queries.act(shelves.id, "HBLD073", TODAY)
    assert crown
    assert (crown.ceiling_cents, crown.group, crown.basket) == (45000, "CZ0", "rac0")
    operations.set_worth(actor=actor, code="HNGOUT", on=TODAY, tariff_cents=5, ceiling_cents=None)
    assert _fees(shelves, "HNGOUT", TODAY) == [5]

    operations.describe(
        actor=actor, code="HBLD038", label="Couronne métallique", minutes=60, is_hidden=True
    )

    act = Act.objects.get(practice=shelves, code="HBLD038")
    assert (act.own_label, act.own_minutes) == ("", None)
    codes = [one.act.code for one in queries.proposals(shelves.id, "couronne 16", (), TODAY)]
    assert "HBLD038" not in codes
    assert queries.search(shelves.id, "HBLD038", TODAY) == []
    assert queries.act(shelves.id, "HBLD038", TODAY)


@pytest.mark.django_db
def test_favourites_are_of_a_person_or_of_all(
    shelves: Practice, alice: Person, bob: Person, actor: Actor
) -> None:
    for _again in range(2):
        operations.mark(actor=actor, code="HBJD001", is_favourite=True)
        operations.mark(actor=actor, code="C", is_favourite=True, for_practice=True)

    def codes(person: Person) -> list[str]:
        return [one.code for one in queries.favourites(shelves.id, person.id, TODAY)]

    assert codes(alice) == ["C", "HBJD001"]
    assert codes(bob) == ["C"]
    operations.mark(actor=actor, code="C", is_favourite=False, for_practice=True)
    operations.mark(actor=actor_of(bob), code="HBJD001", is_favourite=False)
    assert (codes(alice), codes(bob)) == (["HBJD001"], [])


@pytest.mark.django_db
def test_macro_gives_the_codes_of_a_tooth(shelves: Practice, actor: Actor) -> None:
    found = queries.proposals(shelves.id, "couronne complète 16", (), TODAY)
    assert [one.act.code for one in found] == ["HBLD490", "HBLD090", "HBLD073", "HBQK061"]
    assert {one.teeth for one in found} == {(16,)}

    macro = operations.save_macro(actor=actor, name="Contrôle", lines=["C", "hbjd001", "pano"])
    assert [one.act.code for one in queries.macro(shelves.id, "contrôle", (), TODAY)] == [
        "C", "HBJD001", "HBQK002",
    ]  # fmt: skip
    with pytest.raises(operations.MacroNameTaken):
        operations.save_macro(actor=actor, name="Contrôle", lines=["C"])
    operations.move_macro(actor=actor, macro_id=macro.id, step=-1)
    names = [one.name for one in queries.macros(shelves.id)]
    assert names.index("Contrôle") == len(names) - 2
    operations.save_macro(actor=actor, macro_id=macro.id, name="Contrôle", lines=["C"])
    operations.remove_macro(actor=actor, macro_id=macro.id)
    assert queries.macro(shelves.id, "contrôle", (), TODAY) == []
    for gone in (
        lambda: operations.save_macro(actor=actor, macro_id=macro.id, name="X", lines=["C"]),
        lambda: operations.remove_macro(actor=actor, macro_id=macro.id),
    ):
        with pytest.raises(operations.NotHere):
            gone()


@pytest.mark.django_db
def test_rules_of_the_practice_are_those_that_warn(shelves: Practice, actor: Actor) -> None:
    done = [rules.Done("HBJD001", (), TODAY)]

    def kinds() -> list[str]:
        found = queries.warnings(
            shelves.id, "HBQK002", teeth=(), surfaces="", age_years=30, on=TODAY, recent=done
        )
        return [one.kind for one in found]

    assert kinds() == []
    values = {"kind": "together", "codes": "HBQK*", "others": "HBJD001", "reason": "Chez nous."}
    check = operations.save_check(actor=actor, values=values)
    assert kinds() == ["together"]
    operations.save_check(actor=actor, check_id=check.id, values={"is_active": False})
    assert kinds() == []
    operations.remove_check(actor=actor, check_id=check.id)
    kept = Check.objects.filter(practice=shelves).exclude(key="").first()
    assert kept
    with pytest.raises(operations.ShippedRule):
        operations.remove_check(actor=actor, check_id=kept.id)
    for bad in ({"key": "x"}, {"practice_id": "x"}):
        with pytest.raises(ValueError, match=next(iter(bad))):
            operations.save_check(actor=actor, values=bad)
        with pytest.raises(ValueError, match=next(iter(bad))):
            operations.save_rate(actor=actor, rate_id=check.id, values=bad)
    with pytest.raises(operations.NotHere):
        operations.save_check(actor=actor, check_id=check.id, values={"times": 1})
    with pytest.raises(operations.NotHere):
        operations.save_rate(actor=actor, rate_id=check.id, values={"permille": 1})
    assert queries.warnings(
        shelves.id, "XXXX001", teeth=(), surfaces="", age_years=1, on=TODAY, recent=()
    ) == []  # fmt: skip
    assert queries.reimbursement_permille(shelves.id, TODAY) == 600


def _official(shelves: Practice) -> list[files.Act]:
    """Return the practice's own acts of the nomenclature as an official file would say them."""
    found: list[files.Act] = []
    for act in queries.acts(shelves.id, TODAY):
        if act.system == "ccam" and act.code != "HBLD034":
            price = {"covered": (act.tariff_cents or 0) / 100, "elsewhere": 0}.get(act.coverage)
            if act.code == "HBJD001":
                price = 29.5
            shown = "NPC" if price is None else price
            row = (act.code, f"Officiel {act.code}", shown, act.group, act.modifiers)
            found.append(row)
    return [*found, ("HBZZ001", "Pose d'un bridge nouveau", 300, "PFC", "")]


@pytest.mark.django_db
def test_official_file_is_looked_at_then_applied(
    shelves: Practice, actor: Actor, folder: Path
) -> None:
    operations.set_fee(actor=actor, code="HBJD001", cents=3500, on=TODAY)
    content = files.workbook(_official(shelves))
    upload = SimpleUploadedFile("CCAM_V82.xlsx", content)

    source = operations.receive(actor=actor, upload=upload)
    jobs.read(import_id=str(source.id))
    jobs.read(import_id=str(source.id))

    source.refresh_from_db()
    assert (source.state, source.version, source.effective_on) == ("ready", "82", APRIL)
    counts = {name: source.counts[name] for name in ("new", "ended")}
    assert counts == {"new": 1, "ended": 1}
    assert not Act.objects.filter(code="HBZZ001").exists()

    operations.start_applying(actor=actor, import_id=source.id)
    with pytest.raises(operations.NotNow):
        operations.start_applying(actor=actor, import_id=source.id)
    jobs.apply(import_id=str(source.id))
    jobs.apply(import_id=str(source.id))

    source.refresh_from_db()
    assert source.state == "applied"
    tariffs = [queries.act(shelves.id, "HBJD001", day) for day in (TODAY, APRIL)]
    assert [one.tariff_cents for one in tariffs if one] == [2892, 2950]
    assert [one.fee_cents for one in tariffs if one] == [3500, 3500]
    ended = [queries.act(shelves.id, "HBLD034", day) for day in (TODAY, APRIL)]
    assert [one is None for one in ended] == [False, True]
    new = queries.act(shelves.id, "HBZZ001", APRIL)
    assert new
    assert (new.family, new.basket, new.label) == ("bridge", "libre", "Pose d'un bridge nouveau")
    act = Act.objects.get(practice=shelves, code="HBJD001")
    assert (act.label, act.official_label) == ("Détartrage et polissage", "Officiel HBJD001")
    assert act.official_notes == "Facturation : une note officielle."
    assert queries.search(shelves.id, "bridge nouveau", APRIL)[0].code == "HBZZ001"
    catalogue = queries.state(shelves.id)
    assert catalogue
    assert (catalogue.official_version, catalogue.official_on) == ("82", APRIL)

    again = importing.import_file(
        files.write(folder, content), shelves.id, agree=lambda _file, _found: True
    )
    assert again.is_empty
    # Another version of the same acts is written all the same: the catalogue names it.
    Catalogue.objects.filter(practice=shelves).update(official_version="81")
    version = importing.import_file(
        files.write(folder, content), shelves.id, agree=lambda _file, _found: True
    )
    assert (version.is_empty, version.is_new_version, version.changed) == (False, True, ())
    assert Catalogue.objects.get(practice=shelves).official_version == "82"
    # A release that ships an older edition changes nothing of it.
    Catalogue.objects.filter(practice=shelves).update(shipped="80.1")
    operations.load(shelves.id)
    assert [one.tariff_cents for one in [queries.act(shelves.id, "HBJD001", APRIL)] if one] == [
        2950
    ]


@pytest.mark.django_db
def test_file_that_stops_half_way_changes_nothing(
    shelves: Practice, actor: Actor, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = _ready(shelves, actor)
    operations.start_applying(actor=actor, import_id=source.id)
    before = ActVersion.objects.count()
    monkeypatch.setattr(importing, "_told", _fail)

    with pytest.raises(RuntimeError):
        jobs.apply(import_id=str(source.id))

    source.refresh_from_db()
    assert source.state == "refused"
    assert "à moitié" in source.trouble
    assert ActVersion.objects.count() == before
    operations.give_up(actor=actor, import_id=source.id)
    with pytest.raises(operations.NotNow):
        operations.give_up(actor=actor, import_id=source.id)


def _fail(*_arguments: Any) -> None:
    raise RuntimeError("the disk is gone")


def _ready(shelves: Practice, actor: Actor, day: str = "2026-04-01") -> CatalogueImport:
    text = files.table(_official(shelves), day=day)
    upload = SimpleUploadedFile("ccam.csv", text.encode())
    source = operations.receive(actor=actor, upload=upload)
    jobs.read(import_id=str(source.id))
    source.refresh_from_db()
    return source


@pytest.mark.django_db
def test_official_file_of_before_2007_says_the_same(
    shelves: Practice, actor: Actor, folder: Path
) -> None:
    found = _official(shelves)
    old, new = files.old_workbook(found), files.workbook(found)
    paths = [files.write(folder, one, name) for one, name in ((old, "CCAM.xls"), (new, "n.xlsx"))]
    assert len({repr(importing.read_file(path, shelves.id)) for path in paths}) == 1

    source = operations.receive(actor=actor, upload=SimpleUploadedFile("CCAM_V82.xls", old))
    jobs.read(import_id=str(source.id))
    source.refresh_from_db()
    assert (source.state, source.version, source.counts["new"]) == ("ready", "82", 1)
    assert nomenclature.import_ccam(paths[0], is_agreed=True) == 0
    act = Act.objects.get(practice=shelves, code="HBJD001")
    assert act.official_label == "Officiel HBJD001"


def _archive_of_tables() -> bytes:
    """Return the other form in which the nomenclature is published: tables in one archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("R_ACTE.dbf", dbase())
    return made.getvalue()


@pytest.mark.django_db
def test_other_files_are_refused(
    shelves: Practice, actor: Actor, chloe: Person, folder: Path
) -> None:
    old = _ready(shelves, actor, "2025-06-01")
    assert old.state == "refused"
    assert "01/06/2025" in old.trouble
    with pytest.raises(operations.NoSuchImport):
        operations.give_up(actor=actor_of(chloe), import_id=old.id)
    for content, words in (
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 99, "n’est pas un classeur .xls"),
        (dbase(), "le fichier Excel de la version en vigueur .d’ordinaire « CCAM_V »"),
        (_archive_of_tables(), "ni le PDF ni l’archive des DBF"),
    ):
        with pytest.raises(Refusal, match=words):
            operations.receive(actor=actor, upload=SimpleUploadedFile("ccam", content))
        assert nomenclature.import_ccam(files.write(folder, content), is_agreed=True) == 1
    book = files.write(folder, files.workbook(files.acts(["HBZZ001"])))
    with pytest.raises(official.NotTheNomenclature):
        importing.read_file(book, shelves.id)


@pytest.mark.django_db
def test_command_line_asks_first(
    shelves: Practice, folder: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    path = files.write(folder, files.table(_official(shelves)), "ccam.csv")
    monkeypatch.setattr("click.confirm", lambda *_a, **_k: False)

    assert nomenclature.import_ccam(path, is_agreed=False) == 1
    assert not Act.objects.filter(code="HBZZ001").exists()
    assert nomenclature.import_ccam(path, is_agreed=True) == 0
    assert nomenclature.import_ccam(path, is_agreed=False) == 0
    said = capsys.readouterr().out.replace("\u00a0", " ")
    assert "CCAM version 82, applicable au 01/04/2026." in said
    assert "HBJD001  28,92 € → 29,50 €" in said
    assert "rien n’a changé" in said
    assert nomenclature.import_ccam(files.write(folder, "a;b\n1;2", "x.csv"), is_agreed=True) == 1
    assert "ameli.fr" in capsys.readouterr().err


@pytest.mark.django_db
def test_command_line_needs_a_practice(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert nomenclature.import_ccam(folder / "x", is_agreed=True) == 1
    assert "cabinet" in capsys.readouterr().err


@pytest.mark.django_db(transaction=True)
def test_two_people_change_one_fee_at_once(shelves: Practice, actor: Actor) -> None:
    def ask(cents: int) -> Any:
        return lambda: operations.set_fee(actor=actor, code="HBLD073", cents=cents, on=TODAY)

    answers = race(ask(44000), ask(45000))

    assert not any(isinstance(one, Refusal) for one in answers)
    assert None in answers
    assert Fee.objects.filter(act__code="HBLD073").count() == 1
    assert _fees(shelves, "HBLD073", TODAY) != [None]
