"""What machines are found by: each phrase once, kept up with what they say."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from quenotte.kernel.posture.facts import Fact, Source, Unknown
from quenotte.provider.finder import jobs, operations, queries
from quenotte.provider.finder.models import Indexed, Mention, Phrase
from quenotte.provider.finder.rules import Told, compared, phrases, searched, words
from quenotte.provider.fleet import operations as fleet
from tests_provider.factories import MachineFactory
from tests_provider.fleet.test_judging import WINDOWS, tell


def fact(key: str, value: Any, unknown: Unknown | None = None) -> Fact:
    return Fact(key, value, Source.GLPI, timezone.now(), unknown)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Windows 10", ["windows", "10"]),
        ("7-Zip 24.09.", ["7", "zip", "24.09"]),
        ("STÉRILISATION", ["sterilisation"]),
        ("%_'; DROP", ["drop"]),
        ("\u0301 \x00", []),
        ("Sacré-Cœur", ["sacre", "coeur"]),
        ("Læticia, v2.1…", ["laeticia", "v2.1"]),
        ("d’Hervé . net", ["d", "herve", "net"]),
    ],
)
def test_words_are_compared_without_case_accents_and_signs(typed: str, expected: list[str]):
    assert words(typed) == expected


def test_what_moves_by_itself_is_no_phrase():
    told = [
        fact("use.idle_s", 30),
        fact("disks", [{"name": "C:", "free_mib": 3}]),
        fact("os.name", None, Unknown.NOT_READABLE),
        fact("software", [{"name": "AnyDesk", "version": "7.1", "publisher": "x"}, {"name": ""}]),
        fact("ports.open", [{"port": 445, "program": "System"}]),
        fact("machine.name", "  ACCUEIL   2 "),
    ]
    assert list(phrases(told)) == [
        Told("software", "AnyDesk 7.1", "glpi"),
        Told("ports.open", "445 System", "glpi"),
        Told("machine.name", "ACCUEIL 2", "glpi"),
    ]


def test_search_is_cut_and_what_is_found_is_not():
    long = " ".join(f"mot{number}" for number in range(20))
    assert len(searched(long)) == 12
    assert compared(long).endswith(" mot19")


def found(typed: str) -> set[Any]:
    return set(queries.machines_saying(queries.phrases_with(words(typed))))


@pytest.mark.django_db
def test_phrase_of_a_thousand_machines_is_kept_once():
    machines = MachineFactory.create_batch(3)
    told = {one.id: [Told("os.name", "Microsoft Windows 10 Pro", "glpi")] for one in machines}
    assert operations.index(told) == 3
    assert Phrase.objects.count() == 1
    assert found("windows 10") == {one.id for one in machines}
    assert operations.index(told) == 0


@pytest.mark.django_db
def test_ligature_is_found_as_it_is_typed_and_a_long_phrase_by_its_end():
    heart, visual = MachineFactory.create_batch(2)
    long = (
        "Module de prise en charge linguistique de Microsoft Visual Studio 2010 Tools"
        " pour Office Runtime (x64) - FRA 10.0.60724"
    )
    operations.index(
        {heart.id: [Told("practice", "Cabinet du Sacré-Cœur")], visual.id: [Told("software", long)]}
    )
    for typed in ("sacre coeur", "Sacré-Cœur", "SACRÉ-CŒUR"):
        assert found(typed) == {heart.id}, typed
    assert found("office runtime 10.0.60724") == {visual.id}


@pytest.mark.django_db
def test_phrases_of_an_older_release_are_spelt_anew():
    machine = MachineFactory.create()
    operations.index({machine.id: [Told("practice", "Sacré-Cœur"), Told("ups", "Eaton")]})
    Phrase.objects.filter(key="practice").update(compared=" sacre cœur")
    assert found("coeur") == set()
    jobs.forget_unsaid()
    assert found("coeur") == {machine.id}
    assert operations.respell() == 0


@pytest.mark.django_db
def test_word_is_found_by_its_beginning_alone():
    machine = MachineFactory.create()
    operations.index(
        {machine.id: [Told("os.version", "10.0.26200"), Told("os.name", "Windows 11")]}
    )
    assert found("windows 1") == {machine.id}
    assert found("windows 10") == set()
    assert found("indows") == set()
    assert found("11 windows") == {machine.id}


@pytest.mark.django_db
def test_what_is_said_no_more_is_found_no_more():
    machine = MachineFactory.create()
    operations.index({machine.id: [Told("software", "AnyDesk 7", "glpi"), Told("ups", "Eaton")]})
    operations.index({machine.id: [Told("ups", "Eaton")]})
    assert (found("anydesk"), found("eaton")) == (set(), {machine.id})
    assert operations.forget_unsaid() == 1
    assert [one.shown for one in Phrase.objects.all()] == ["Eaton"]
    operations.forget([machine.id])
    assert (Mention.objects.count(), Indexed.objects.count()) == (0, 0)


@pytest.mark.django_db
def test_rules_that_look_write_the_words_down(frozen_clock: Any):
    machine = MachineFactory.create(name="FAUTEUIL-1", serial="ABC123")
    tell(machine, WINDOWS)
    fleet.judge_due(now=timezone.now())
    for typed in ("windows 10", "fauteuil", "abc123", "nantes", machine.customer.name):
        assert found(typed) == {machine.id}, typed
    frozen_clock.shift(timedelta(minutes=5))
    tell(machine, {**WINDOWS, "os.name": {"value": "Microsoft Windows 11"}})
    fleet.judge_due(now=timezone.now())
    assert (found("windows 10"), found("windows 11")) == (set(), {machine.id})


@pytest.mark.django_db
def test_revoked_machine_is_found_no_more():
    machine = MachineFactory.create()
    tell(machine, WINDOWS)
    fleet.judge_due(now=timezone.now())
    machine.standing = "revoked"
    machine.save()
    fleet.judge_due(now=timezone.now())
    assert found("windows") == set()


def test_longest_phrase_fits_its_column():
    assert len(compared("a-" * 80)) <= 400
