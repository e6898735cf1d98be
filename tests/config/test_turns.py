"""Pages take turns, and a slow one keeps nobody waiting."""

import asyncio

from quenotte.config.turns import Turns


def test_few_are_let_in_at_a_time_in_the_order_in_which_they_came() -> None:
    began: list[int] = []

    async def all_at_once() -> int:
        turns, inside, most = Turns(at_once=2, turn_s=60), 0, 0

        async def work(number: int) -> None:
            nonlocal inside, most
            async with turns.one():
                began.append(number)
                inside += 1
                most = max(most, inside)
                await asyncio.sleep(0.001)
                inside -= 1

        await asyncio.gather(*(work(number) for number in range(8)))
        return most

    assert asyncio.run(all_at_once()) == 2
    assert began == list(range(8))


def test_slow_one_gives_up_its_turn_once() -> None:
    async def while_one_is_slow() -> list[str]:
        turns, order = Turns(at_once=1, turn_s=0.02), []
        is_done = asyncio.Event()

        async def slow() -> None:
            async with turns.one():
                await is_done.wait()
            order.append("slow")

        async def quick() -> None:
            async with turns.one():
                order.append("quick")

        working = asyncio.create_task(slow())
        await asyncio.sleep(0)
        await quick()
        is_done.set()
        await working
        # The turn that was given up is not given back twice: still one at a time.
        await asyncio.gather(quick(), quick())
        assert turns._free._value == 1
        return order

    assert asyncio.run(while_one_is_slow()) == ["quick", "slow", "quick", "quick"]


def test_who_leaves_while_waiting_or_at_work_takes_no_turn_away() -> None:
    async def leaving() -> None:
        turns, never = Turns(at_once=1, turn_s=60), asyncio.Event()

        async def work() -> None:
            async with turns.one():
                await never.wait()

        at_work, waiting = asyncio.create_task(work()), asyncio.create_task(work())
        await asyncio.sleep(0)
        waiting.cancel()
        at_work.cancel()
        await asyncio.gather(at_work, waiting, return_exceptions=True)
        async with asyncio.timeout(10), turns.one():
            pass

    asyncio.run(leaving())


def test_turn_of_one_who_fails_is_free_again() -> None:
    async def failing() -> None:
        turns = Turns(at_once=1, turn_s=60)
        for _ in range(3):
            try:
                async with turns.one():
                    raise ValueError
            except ValueError:
                pass
        async with turns.one():
            pass

    asyncio.run(failing())
