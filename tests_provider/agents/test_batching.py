"""Contacts kept together: one transaction, a bounded queue, nothing answered before it is kept."""

import asyncio
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import DataError, OperationalError

from quenotte.config.agents.batching import MOST_WAITING, Batches, Busy
from quenotte.config.agents.exchange import later

pytestmark = pytest.mark.real_clock


def run(
    keep: Callable[[list[int]], list[int]], items: int, **named: Any
) -> list[int | BaseException]:
    async def all_at_once() -> list[int | BaseException]:
        batches: Batches[int, int] = Batches(keep, held_s=0.01, **named)
        try:
            return await asyncio.gather(
                *(batches.put(number) for number in range(items)), return_exceptions=True
            )
        finally:
            batches.close()

    return asyncio.run(all_at_once())


def test_crowd_is_kept_in_few_batches_and_each_gets_its_own_answer() -> None:
    sizes: list[int] = []

    def keep(items: list[int]) -> list[int]:
        sizes.append(len(items))
        return [item * 2 for item in items]

    assert run(keep, 1_200, at_once=500) == [number * 2 for number in range(1_200)]
    assert sizes == [500, 500, 200]


def test_batch_waits_for_others_no_longer_than_until_there_are_enough() -> None:
    sizes: list[int] = []

    def keep(items: list[int]) -> list[int]:
        sizes.append(len(items))
        return items

    async def slowly() -> list[int]:
        # Whoever waits for the end of the hold waits for ever here.
        batches: Batches[int, int] = Batches(keep, held_s=600, enough=3)
        try:
            first = asyncio.create_task(batches.put(1))
            await asyncio.sleep(0.05)
            assert not sizes
            return await asyncio.wait_for(asyncio.gather(first, *map(batches.put, (2, 3))), 5)
        finally:
            batches.close()

    assert asyncio.run(slowly()) == [1, 2, 3]
    assert sizes == [3]


def test_full_queue_turns_away_and_keeps_what_it_took() -> None:
    told = run(lambda items: items, 30, most_waiting=20)
    assert told[:20] == list(range(20))
    assert all(isinstance(one, Busy) for one in told[20:])


@pytest.mark.parametrize("error", [OperationalError("away"), RuntimeError("a mistake of ours")])
def test_batch_that_was_not_kept_is_told_to_all_of_it(error: Exception) -> None:
    def keep(_items: list[int]) -> list[int]:
        raise error

    assert all(isinstance(one, Busy) for one in run(keep, 10))


@pytest.mark.parametrize(
    "error", [DataError("a sign that no text holds"), UnicodeEncodeError("utf-8", "", 0, 1, "half")]
)
def test_item_that_cannot_be_kept_is_gone_around(error: Exception) -> None:
    kept: list[int] = []

    def keep(items: list[int]) -> list[int]:
        if 123 in items:
            raise error
        kept.extend(items)
        return items

    told = run(keep, 500, at_once=500)

    assert isinstance(told[123], Busy)
    assert [*told[:123], *told[124:]] == [*range(123), *range(124, 500)] == sorted(kept)


def test_batch_in_which_all_can_be_kept_is_kept_at_once() -> None:
    sizes: list[int] = []

    def keep(items: list[int]) -> list[int]:
        sizes.append(len(items))
        return items

    run(keep, 500, at_once=500)
    assert sizes == [500]


def test_database_in_trouble_is_asked_once() -> None:
    sizes: list[int] = []

    def keep(items: list[int]) -> list[int]:
        sizes.append(len(items))
        raise OperationalError("away")

    assert all(isinstance(one, Busy) for one in run(keep, 100, at_once=100))
    assert sizes == [100]


def test_strangers_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quenotte.config.agents.batching.MOST_ASKED", 3)

    async def crowd() -> list[Any]:
        batches: Batches[int, int] = Batches(lambda items: items)
        try:
            asked = (batches.run(lambda: "done") for _ in range(10))
            return await asyncio.gather(*asked, return_exceptions=True)
        finally:
            batches.close()

    told = asyncio.run(crowd())
    assert told.count("done") == 3
    assert sum(isinstance(one, Busy) for one in told) == 7


def test_next_batch_is_kept_after_one_that_was_not() -> None:
    calls: list[int] = []

    def keep(items: list[int]) -> list[int]:
        calls.append(len(items))
        if len(calls) == 1:
            raise OperationalError("away")
        return items

    told = run(keep, 4, at_once=2)
    assert [isinstance(one, Busy) for one in told] == [True, True, False, False]


def test_ten_thousand_that_wake_at_once_are_all_kept_in_the_end() -> None:
    """At 8:00 everybody comes; half are told when to come again, each at another moment."""
    held: list[int] = []
    doors: list[Batches[int, int]] = []

    def keep(items: list[int]) -> list[int]:
        held.append(len(doors[0]._waiting))
        return items

    async def morning() -> tuple[int, set[str]]:
        batches: Batches[int, int] = Batches(keep, held_s=0.01)
        doors.append(batches)
        away = list(range(10_000))
        turned_away, when = 0, set()
        try:
            while away:
                told = await asyncio.gather(
                    *(batches.put(number) for number in away), return_exceptions=True
                )
                away = [
                    number for number, one in zip(away, told, strict=True) if isinstance(one, Busy)
                ]
                turned_away += len(away)
                when |= {dict(later().headers)["Retry-After"] for _one in away}
        finally:
            batches.close()
        return turned_away, when

    turned_away, when = asyncio.run(morning())
    assert turned_away == 5_000
    assert len(when) > 80
    assert max(held) <= MOST_WAITING
    assert len(held) <= 10_000 / 500 + 2


def test_strangers_leave_places_to_those_who_are_known() -> None:
    async def crowd() -> list[int | BaseException]:
        batches: Batches[int, int] = Batches(
            lambda items: items, held_s=0.01, most_waiting=20, kept_places=5
        )
        strange = [batches.put(number) for number in range(30)]
        ours = [batches.put(100 + number, is_known=True) for number in range(5)]
        try:
            return await asyncio.gather(*strange, *ours, return_exceptions=True)
        finally:
            batches.close()

    told = asyncio.run(crowd())
    assert told[:15] == list(range(15))
    assert all(isinstance(one, Busy) for one in told[15:30])
    assert told[30:] == [100, 101, 102, 103, 104]


def test_few_heavy_ones_fill_the_queue_as_many_light_ones_do() -> None:
    told = run(lambda items: items, 30, weigh=lambda item: 10 if item else 500, most_weight=60)
    # What is too heavy for all waits alone, and is kept.
    assert told[0] == 0
    assert all(isinstance(one, Busy) for one in told[1:])
    told = run(lambda items: items, 30, weigh=lambda _item: 10, most_weight=60)
    assert told[:6] == list(range(6))
    assert all(isinstance(one, Busy) for one in told[6:])


def test_what_was_kept_weighs_no_more() -> None:
    async def in_turn() -> list[int]:
        batches: Batches[int, int] = Batches(
            lambda items: items, held_s=0.01, weigh=lambda _item: 40, most_weight=60
        )
        try:
            return [await batches.put(number) for number in range(4)]
        finally:
            batches.close()

    assert asyncio.run(in_turn()) == [0, 1, 2, 3]


def test_database_that_hangs_is_not_waited_for() -> None:
    answers = threading.Event()

    def keep(items: list[int]) -> list[int]:
        answers.wait(10)
        return items

    async def hang() -> tuple[list[Any], list[Any], int]:
        batches: Batches[int, int] = Batches(keep, held_s=0.01, at_once=2, patience_s=0.2)
        try:
            # More than one batch: some of them were not even taken.
            first = [asyncio.create_task(batches.put(number)) for number in range(5)]
            told = await asyncio.wait_for(asyncio.gather(*first, return_exceptions=True), 5)
            # It is known to hang: nobody else waits at all.
            with pytest.raises(Busy):
                await batches.run(lambda: None)
            later = await asyncio.gather(batches.put(5), batches.put(6), return_exceptions=True)
            held = (len(batches._waiting), batches._weight)
            answers.set()
            assert batches._under_way is not None
            await asyncio.wait_for(batches._under_way, 5)
            assert batches._weight == 0
            return [*told, *later], list(held), await asyncio.wait_for(batches.put(7), 5)
        finally:
            answers.set()
            batches.close()

    told, held, after = asyncio.run(hang())
    assert [type(one) for one in told] == [Busy] * 7
    # Of what waited nothing is held: only what the database took, which is being kept.
    assert held == [0, 2]
    assert after == 7
