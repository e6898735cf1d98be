import json
from datetime import datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.kernel.posture import values
from quenotte.kernel.posture.facts import FIELDS, KEYS, Kind
from quenotte.kernel.posture.values import Fault, fault
from tests.kernel.posture.samples import NOW, WELL, WELL_COPIED

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(["name", "port"]), inner)
    ),
)


@pytest.mark.parametrize(("key", "value"), [*WELL.items(), *WELL_COPIED.items()])
def test_sample_has_no_fault(key, value):
    assert fault(key, value) is None


@pytest.mark.parametrize(
    ("key", "value", "wrong"),
    [
        ("patient.name", "Martin", Fault.UNKNOWN_KEY),
        ("machine.name", 3, Fault.WRONG_TYPE),
        ("machine.name", "x" * 65, Fault.TOO_LONG),
        ("machine.model", "x" * 121, Fault.TOO_LONG),
        ("machine.model", "a\0b", Fault.HIDDEN_SIGN),
        ("machine.model", "a\ud800", Fault.HIDDEN_SIGN),
        ("os.family", "amiga", Fault.OUT_OF_RANGE),
        ("lock.after_s", True, Fault.WRONG_TYPE),
        ("lock.after_s", "600", Fault.WRONG_TYPE),
        ("lock.after_s", -1, Fault.OUT_OF_RANGE),
        ("lock.after_s", float("nan"), Fault.OUT_OF_RANGE),
        ("lock.after_s", float("inf"), Fault.OUT_OF_RANGE),
        ("lock.after_s", 2**53 + 1, Fault.OUT_OF_RANGE),
        ("lock.after_s", 10**400, Fault.OUT_OF_RANGE),
        ("use.is_locked", 1, Fault.WRONG_TYPE),
        ("use.booted_at", 12, Fault.WRONG_TYPE),
        ("use.booted_at", "mardi", Fault.WRONG_TYPE),
        ("use.booted_at", "2026-03-17", Fault.WRONG_TYPE),
        ("use.booted_at", "2026-03-17T10:00:00", Fault.NO_ZONE),
        ("use.booted_at", "2026-03-17T10:00:00+01:00", Fault.NO_ZONE),
        ("use.booted_at", "2026-02-30T10:00:00Z", Fault.OUT_OF_RANGE),
        ("use.booted_at", "1601-01-01T00:00:00Z", Fault.OUT_OF_RANGE),
        ("disks", {}, Fault.WRONG_TYPE),
        ("disks", [{}] * 65, Fault.TOO_LONG),
        ("disks", ["C:"], Fault.WRONG_TYPE),
        ("disks", [{"label": "Radios Martin"}], Fault.UNKNOWN_KEY),
        ("disks", [{"name": "C:"}, {"free_mib": "12"}], Fault.WRONG_TYPE),
        ("disks", [{"mount": "/media/secretariat/Radios de Mme Martin"}], Fault.TOO_LONG),
        ("licences", [{"ends_on": "2026-02-30"}], Fault.OUT_OF_RANGE),
        ("licences", [{"ends_on": "31/12/2026"}], Fault.WRONG_TYPE),
        ("licences", [{"ends_on": 2026}], Fault.WRONG_TYPE),
    ],
)
def test_value_is_refused(key, value, wrong):
    assert fault(key, value) is wrong


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("clock.offset_s", -315_000_000),
        ("licences", [{"name": "Office", "count": 3, "ends_on": "2026-12-31"}]),
        (
            "antivirus.products",
            [{"name": None, "is_active": None, "signed_at": "2026-03-17T10:00:00Z"}],
        ),
        ("software", [{"name": "Écran d’accueil\xa0 2"}] * 4000),
        ("use.booted_at", "2026-03-17T10:00:00.123456+00:00"),
    ],
)
def test_value_is_kept(key, value):
    assert fault(key, value) is None


@given(st.sampled_from(sorted(KEYS)), ANYTHING)
def test_no_value_breaks_the_check(key, value):
    fault(key, value)


@given(st.sampled_from(sorted(key for key, kind in KEYS.items() if kind is Kind.ROWS)), st.data())
def test_value_without_fault_is_bounded_and_can_be_kept(key, data):
    rows = st.lists(st.dictionaries(st.sampled_from(FIELDS[key]), ANYTHING), max_size=2)
    value = data.draw(rows)
    if fault(key, value) is None:
        assert len(json.dumps(value, ensure_ascii=False).encode("utf-8")) < 5000


def test_moment_comes_back_as_it_was():
    at = NOW.astimezone(timezone(timedelta(hours=2)))
    assert values.text_of(at) == "2026-03-17T09:00:00Z"
    assert values.moment_of(values.text_of(at)) == at


def test_moment_without_zone_has_no_text():
    with pytest.raises(ValueError, match="zone"):
        values.text_of(datetime(2026, 3, 17))


def test_texts_are_told_apart_from_what_is_none():
    assert {"machine.name", "disks[].mount", "media.plugged[].name"} <= values.texts()
    assert not {"use.booted_at", "disks[].free_mib", "licences[].ends_on"} & values.texts()


def test_every_key_of_rows_names_its_fields():
    assert FIELDS.keys() == {key for key, kind in KEYS.items() if kind is Kind.ROWS}
