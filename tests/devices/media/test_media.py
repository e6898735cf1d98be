"""Volumes, labels and programs: what needs no medium."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.devices.media import programs
from quenotte.devices.media.disks.register import Register
from quenotte.devices.media.disks.rotation import Run
from quenotte.devices.media.errors import Declined, Full, NoAnswer, NoProgram, ProgramFailed, told
from quenotte.devices.media.labels import Form, Label, label_pdf
from quenotte.devices.media.optical import manifests
from quenotte.devices.media.optical.volumes import CAPACITIES, TooSmall, block_bytes, plan
from quenotte.devices.paper import reading

MIB = 1 << 20
AT = datetime(2026, 3, 17, tzinfo=UTC)


@given(sizes=st.lists(st.integers(0, 9 * MIB), max_size=20))
def test_each_byte_is_on_one_disc_and_no_disc_is_too_full(sizes):
    files = [(f"f{number}", size) for number, size in enumerate(sizes)]
    pieces = plan(files, 4 * MIB)
    for name, size in files:
        ours = [one for one in pieces if one.name == name]
        assert sum(one.size_bytes for one in ours) == size
        assert [one.offset for one in ours] == sorted({one.offset for one in ours})
        # Only what fits on no disc is cut.
        assert len(ours) == 1 or size > 2.5 * MIB
    for volume in {one.volume for one in pieces}:
        assert sum(one.size_bytes for one in pieces if one.volume == volume) < 3.2 * MIB
    volumes = [one.volume for one in pieces]
    assert volumes == sorted(volumes)
    assert not volumes or {*volumes} == {*range(1, max(volumes) + 1)}


def test_parts_are_named_in_their_order():
    assert [one.path for one in plan([("data/a", 5 * MIB)], 4 * MIB)] == [
        "contenu/data/a.partie-001", "contenu/data/a.partie-002",
    ]  # fmt: skip
    assert plan([("a", 1)], CAPACITIES["bd"])[0].path == "contenu/a"
    assert [block_bytes(sizes) for sizes in ([], [1], [25_000_000_000])] == [2048, 2048, 31_250_432]


@pytest.mark.parametrize(("files", "capacity"), [(1, MIB), (3000, 4 * MIB)])
def test_a_disc_that_is_too_small(files, capacity):
    with pytest.raises(TooSmall):
        plan([(f"f{number}", 1) for number in range(files)], capacity)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b'{"set":1,"made_at":"2026-03-17"}', b"\xff"])
def test_what_is_no_manifest(body):
    with pytest.raises(ValueError):  # noqa: PT011 - whichever words
        manifests.read(body)


@pytest.mark.parametrize(
    ("form", "words"), [(Form.DISK, "Disque A"), (Form.TAPE, "Bande A"), (Form.DISC, "Jeu A")]
)
def test_a_label_says_what_the_medium_is(form, words):
    label = Label(form, "Cabinet des Lilas", "A", date(2026, 3, 17), 2, 3, 12, 4_500_000_000)
    pdf = label_pdf(label, made_at=AT)
    text = reading.text_of(pdf)
    assert reading.pages_of(pdf) == 1
    for wanted in (words, "Cabinet des Lilas", "17/03/2026", "4,5 Go", "feuille de clé"):
        assert wanted in text
    assert ("Disque 2 sur 3" in text) is (form is Form.DISC)


def test_programs_that_are_absent_or_fail(monkeypatch):
    with pytest.raises(ProgramFailed, match="mount"):
        programs.run("mount", "--no-such-option")
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.setattr(programs, "_SYSTEM", ())
    with pytest.raises(NoProgram, match="apt install xorriso"):
        programs.needed("xorriso")


@pytest.mark.parametrize(("number", "kind"), [(28, Full), (30, Declined), (5, NoAnswer)])
def test_what_the_system_says_is_told_in_our_words(number, kind):
    with pytest.raises(kind):
        told(OSError(number, ""))


def test_the_register_remembers_disks_and_runs(tmp_path):
    register = Register(tmp_path)
    assert register.read().disks == ()
    register.enrol("A", "1")
    register.enrol("B", "2")
    # A letter that is given to another disk, a disk that gets another letter.
    register.enrol("A", "3")
    register.enrol("C", "2")
    run = Run("A", "3", AT)
    register.note(run)
    register.refuse(True)
    rota = Register(tmp_path).read()
    assert {one.letter: one.uuid for one in rota.disks} == {"A": "3", "C": "2"}
    assert (rota.runs, rota.is_refused, rota.uuids) == ((run,), True, {"2", "3"})
