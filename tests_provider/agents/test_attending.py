"""The door says again and again that it listens, whatever becomes of one word of it."""

import asyncio

import pytest
from django.utils import timezone

from quenotte.config.agents import attending
from quenotte.config.agents.batching import Busy
from quenotte.config.agents.taking import ProviderBooks
from quenotte.provider.fleet.models import Listening


@pytest.mark.parametrize("error", [Busy, ZeroDivisionError])
def test_word_that_cannot_be_written_down_ends_nothing(error: type[Exception]):
    said: list[int] = []

    async def go() -> None:
        enough = asyncio.Event()

        async def say() -> None:
            said.append(1)
            if len(said) >= 5:
                enough.set()
            raise error

        task = asyncio.create_task(attending.keep_saying(say, every_s=0.001))
        await asyncio.wait_for(enough.wait(), 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(go())
    assert len(said) >= 5


def test_database_that_hangs_keeps_no_door_from_opening(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(attending, "_WITHIN_S", 0.01)

    async def say() -> None:
        await asyncio.Event().wait()

    asyncio.run(attending.say_once(say))


@pytest.mark.django_db(transaction=True)
def test_books_write_down_that_the_door_listens():
    books = ProviderBooks()
    try:
        asyncio.run(books.attends())
    finally:
        books.close()
    assert Listening.objects.get().last_at == timezone.now()
