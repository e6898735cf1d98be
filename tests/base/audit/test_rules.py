"""What a line may hold, and one way of writing it."""

from datetime import UTC, datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from quenotte.base.audit.rules import (
    DETAIL_KEYS,
    MASKED,
    SYSTEM,
    Actor,
    UnknownDetail,
    canonical,
    clean_detail,
    seal_of,
)


@pytest.mark.parametrize(
    "text",
    [
        "Dupont",
        "élodie",
        "279035121518989",
        "2 79 03 51 215 189",
        "2790351215189",
        "279032a215189",
        "x" * 200,
        "une\nligne",
    ],
)
def test_clean_detail_masks_what_is_no_code(text: str) -> None:
    assert clean_detail({"reason": text}) == {"reason": MASKED}


@pytest.mark.parametrize("value", ["care", "name,phone", "image/png", "2026-03-17", "", 12, True])
def test_clean_detail_keeps_counts_and_codes(value: str | int | bool) -> None:
    assert clean_detail({"purpose": value}) == {"purpose": value}


def test_clean_detail_keeps_nothing_as_nothing() -> None:
    assert clean_detail(None) == {}
    assert clean_detail({"role": None}) == {"role": None}


def test_clean_detail_with_an_undeclared_key_is_refused() -> None:
    with pytest.raises(UnknownDetail, match="birth_name"):
        clean_detail({"birth_name": "x"})


def test_detail_keys_name_no_identity() -> None:
    assert not DETAIL_KEYS & {"name", "nom", "nir", "ins", "text", "born_on", "phone", "query"}


def test_canonical_ignores_the_zone_and_the_order_of_keys() -> None:
    moment = datetime(2026, 3, 17, 9, 30, tzinfo=ZoneInfo("Europe/Paris"))

    assert canonical([moment]) == canonical([moment.astimezone(UTC)])
    assert canonical([{"a": 1, "b": 2}]) == canonical([{"b": 2, "a": 1}])
    assert canonical([UUID(int=1)]) == canonical([UUID(int=1).hex])


@given(st.lists(st.one_of(st.none(), st.text(), st.integers()), min_size=1, max_size=4))
def test_canonical_of_different_values_differs(values: list[str | int | None]) -> None:
    assert canonical(values) != canonical([*values, None])
    assert canonical(values) == canonical(list(values))


@given(st.text(), st.text())
def test_seal_depends_on_key_and_values(first: str, second: str) -> None:
    assert (seal_of("a", [first]) == seal_of("a", [second])) == (first == second)
    assert seal_of("a", [first]) != seal_of("b", [first])
    assert len(seal_of("a", [first])) == 64


def test_actor_without_practice_has_no_own_practice() -> None:
    with pytest.raises(LookupError):
        _ = SYSTEM.own_practice_id
    with pytest.raises(LookupError):
        _ = SYSTEM.own_person_id


def test_actor_knows_her_own_practice() -> None:
    practice_id, person_id = uuid4(), uuid4()
    actor = Actor(person_id, "", practice_id, "", "web")

    assert actor.own_practice_id == practice_id
    assert actor.own_person_id == person_id
