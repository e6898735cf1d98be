"""Who opened what of a practice, as it crosses."""

from dataclasses import replace

import pytest

from quenotte.wire.messages import read, write
from quenotte.wire.openings import MOST, Opened, Openings, OpeningsAsked
from quenotte.wire.reading import Unreadable, canonical
from tests.wire.samples import NOW

ROW = Opened(7, NOW, "Tom Lescure", "machine", "ACCUEIL", 1)


def test_question_and_answer_come_through():
    for one in (OpeningsAsked(), OpeningsAsked(7), OpeningsAsked(since=NOW)):
        assert read(write(one), OpeningsAsked) == one
    for answer in (Openings(), Openings((ROW, ROW._replace(number=8, about="", machines=0)))):
        assert read(write(answer), Openings) == answer


@pytest.mark.parametrize(
    "row",
    [
        ROW._replace(number=-1),
        ROW._replace(who="Tom\nLescure"),
        ROW._replace(who="x" * 121),
        ROW._replace(what="Page d’un patient"),
        ROW._replace(what="x" * 41),
        ROW._replace(about="x" * 65),
        ROW._replace(machines=True),
    ],
)
def test_row_that_is_not_as_agreed_does_not_leave(row: Opened):
    with pytest.raises(Unreadable):
        write(Openings((row,)))


def test_answer_is_bounded_and_tells_nothing_twice():
    many = tuple(ROW._replace(number=number) for number in range(MOST + 1))
    for rows in (many, (ROW, ROW)):
        with pytest.raises(Unreadable):
            write(Openings(rows))
    write(replace(Openings(), rows=many[:MOST]))


@pytest.mark.parametrize("since", ["yesterday", "2026-03-17T09:00:00", 5, ""])
def test_question_names_an_instant(since: object):
    for version in ({"version": 1}, {"version": 2, "after": 0}):
        raw = canonical({"kind": "openings_asked", **version, "since": since})
        with pytest.raises(Unreadable):
            read(raw, OpeningsAsked)


@pytest.mark.parametrize("after", ["7", -1, True, None, 2**53 + 1])
def test_question_names_a_number(after: object):
    raw = canonical({"kind": "openings_asked", "version": 2, "after": after, "since": None})
    with pytest.raises(Unreadable):
        read(raw, OpeningsAsked)


def test_question_of_a_former_release_is_read():
    raw = canonical({"kind": "openings_asked", "version": 1, "since": NOW.isoformat()})
    assert read(raw, OpeningsAsked) == OpeningsAsked(since=NOW)


def test_row_has_every_field_and_no_other():
    for body in ({**ROW.body(), "file": "x"}, {"number": 7}):
        raw = canonical({"kind": "openings", "version": 1, "rows": [body]})
        with pytest.raises(Unreadable):
            read(raw, Openings)
