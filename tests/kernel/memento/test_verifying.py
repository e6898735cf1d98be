"""Files that were changed, left out, doubled or put in later are told; those that were not, too.

What is computed here uses nothing of ours but the files.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quenotte.kernel.memento.verifying import Fault, verify
from quenotte.kernel.posture.terms import State
from tests.kernel.memento.samples import NOW, chain, dossier

FILES = chain(3)


def named(*files: bytes) -> list[tuple[str, bytes]]:
    return [(f"{number}.json", one) for number, one in enumerate(files, start=1)]


def faults(*files: bytes) -> list[tuple[str, Fault]]:
    return [(one.name, one.fault) for one in verify(named(*files)).findings]


def resealed(file: bytes, change: Callable[[dict[str, Any]], None]) -> bytes:
    """Return a file that somebody changed and sealed anew, as a forger does."""
    told = json.loads(file)
    change(told)
    del told["hash"]
    told["hash"] = hashlib.sha256(plain(told)).hexdigest()
    return plain(told)


def plain(told: dict[str, Any]) -> bytes:
    """Return canonical JSON as any program writes it."""
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return text.encode()


def test_digest_and_chain_are_what_a_stranger_computes():
    previous = None
    for number, file in enumerate(FILES, start=1):
        told = json.loads(file)
        rest = {name: one for name, one in told.items() if name != "hash"}
        assert hashlib.sha256(plain(rest)).hexdigest() == told["hash"]
        assert (told["previous"], told["number"]) == (previous, number)
        assert plain(told) == file
        previous = told["hash"]


def test_whole_chain_has_no_fault_in_any_order():
    assert faults(*FILES) == []
    assert faults(*reversed(FILES)) == []
    found = verify(named(*FILES))
    assert [one.number for one in found.files] == [1, 2, 3]
    assert (found.is_whole, found.begins_later) == (True, ())


@pytest.mark.parametrize("place", range(3))
def test_any_sort_of_byte_that_changes_is_told(place: int):
    """One of each: a brace, a quote, a letter, a digit, a separator, half a sign, the digest."""
    file = FILES[place]
    accent = "«".encode()
    marks = [b"{", b'"', b"Nantes", b"44000", b",", b":", accent, b"true", b"null", b'"hash":"']
    for mark in marks:
        at = file.find(mark)
        if at < 0:
            continue
        for index in {at, at + len(mark) - 1, at + len(mark)}:
            broken = bytearray(file)
            broken[index] ^= 1
            given = [*FILES]
            given[place] = bytes(broken)
            assert faults(*given) != [], (mark, index)


@settings(max_examples=150)
@given(st.data())
def test_any_byte_that_changes_is_told(data: st.DataObject):
    file = bytearray(FILES[1])
    index = data.draw(st.integers(0, len(file) - 1))
    file[index] ^= data.draw(st.integers(1, 255))
    assert faults(FILES[0], bytes(file), FILES[2]) != []


@pytest.mark.parametrize(
    "change", [lambda one: one + b"\n", lambda one: b" " + one, lambda one: one[:-1], lambda _: b""]
)
def test_what_is_added_or_cut_is_told(change: Callable[[bytes], bytes]):
    assert faults(FILES[0], change(FILES[1]), FILES[2]) != []


def test_same_content_written_otherwise_is_told_as_such():
    pretty = json.dumps(json.loads(FILES[0]), indent=1).encode()
    assert faults(pretty, *FILES[1:]) == [("1.json", Fault.REWRITTEN)]


def test_name_twice_is_not_read():
    doubled = FILES[0].replace(b'{"counts"', b'{"number":9,"counts"', 1)
    assert faults(doubled) == [("1.json", Fault.UNREADABLE)]


def test_content_that_was_changed_and_sealed_anew_breaks_what_follows():
    forged = resealed(FILES[1], lambda told: told["counts"].update(bad=0))
    assert faults(FILES[0], forged, FILES[2]) == [("3.json", Fault.BROKEN)]


def test_newest_that_was_sealed_anew_is_vouched_for_by_its_digest_elsewhere_alone():
    forged = resealed(FILES[2], lambda told: told["counts"].update(bad=0))
    found = verify(named(*FILES[:2], forged))
    assert found.is_whole
    assert found.files[-1].digest != json.loads(FILES[2])["hash"]


def test_one_that_was_left_out_is_missing():
    (found,) = verify(named(FILES[0], FILES[2])).findings
    assert (found.fault, found.first, found.last) == (Fault.MISSING, 2, 2)


def test_later_part_alone_is_whole_and_said_to_begin_later():
    found = verify(named(*FILES[1:]))
    assert found.is_whole
    assert [one.number for one in found.begins_later] == [2]


def test_one_that_was_put_in_is_told():
    extra = dossier(2, previous=json.loads(FILES[0])["hash"], state=State.OK).written()
    kinds = {fault for _name, fault in faults(*FILES, extra)}
    assert Fault.DOUBLED in kinds


def test_same_file_twice_is_one():
    assert faults(*FILES, FILES[0]) == []


def test_first_that_has_a_predecessor_and_later_without_are_broken():
    assert faults(dossier(1, previous="0" * 64).written()) == [("1.json", Fault.BROKEN)]
    assert faults(dossier(2).written()) == [("1.json", Fault.BROKEN)]


def test_older_than_the_one_before_is_told():
    first = dossier(1, made_at=NOW + timedelta(days=9))
    later = dossier(2, previous=first.digest, made_at=NOW)
    assert faults(first.written(), later.written()) == [("2.json", Fault.BACKWARDS)]


def test_two_practices_are_two_chains():
    other = dossier(1, practice="2").written()
    assert faults(*FILES, other) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"version": 2}, Fault.NEWER),
        ({"format": "x"}, Fault.UNREADABLE),
        ({"made_at": "2026-03-17T08:30:00"}, Fault.UNREADABLE),
        ({"made_at": "hier"}, Fault.UNREADABLE),
        ({"number": "1"}, Fault.UNREADABLE),
        ({"number": True}, Fault.UNREADABLE),
        ({"practice": []}, Fault.UNREADABLE),
    ],
    ids=str,
)
def test_what_is_of_another_form(change: dict[str, Any], fault: Fault):
    assert faults(resealed(FILES[0], lambda told: told.update(change))) == [("1.json", fault)]


@pytest.mark.parametrize("content", [b"[]", b"1", b'"x"', b"{}", b"%PDF-1.7"])
def test_what_is_no_dossier(content: bytes):
    assert faults(content) == [("1.json", Fault.UNREADABLE)]


def linked(*lists: tuple[str, ...] | None) -> list[bytes]:
    """Return files that follow one another, and what each names as signed."""
    made: list[bytes] = []
    for file, seals in zip(FILES, lists, strict=True):

        def change(told: dict[str, Any], seals: Any = seals) -> None:
            told["previous"] = json.loads(made[-1])["hash"] if made else None
            told.pop("sheets", None)
            if seals is not None:
                told["sheets"] = list(seals)

        made.append(resealed(file, change))
    return made


def test_signed_sheets_are_only_added():
    assert faults(*linked((), ("a",), ("a", "b"))) == []
    # Those of an older release say nothing of them.
    assert faults(*linked(None, ("a",), ("a", "b"))) == []


@pytest.mark.parametrize("later", [("b",), ("b", "a"), (), None])
def test_signed_sheet_that_is_not_there_any_more_is_told(later: Any):
    assert faults(*linked((), ("a", "b"), later)) == [("3.json", Fault.UNSIGNED)]


@pytest.mark.parametrize("sheets", ["a", [1], {}])
def test_sheets_of_another_form_are_not_read(sheets: Any):
    file = resealed(FILES[0], lambda told: told.update(sheets=sheets))
    assert faults(file) == [("1.json", Fault.UNREADABLE)]
