"""Answers that are kept for some seconds."""

import pytest

from quenotte.web import remembered


def test_answer_is_kept_for_a_while_and_asked_again(frozen_monotonic: list[float]) -> None:
    asked: list[str] = []

    def ask(key: str) -> int:
        asked.append(key)
        return len(asked)

    known = remembered.ForAWhile(ask, seconds=30)
    assert [known("a"), known("a"), known("b")] == [1, 1, 2]
    frozen_monotonic[0] += 31
    assert known("a") == 3
    assert known.anew("a") == known("a") == 4


def test_answer_of_yesterday_is_given_while_another_asks(frozen_monotonic: list[float]) -> None:
    known: remembered.ForAWhile[str, int]

    def ask(_key: str) -> int:
        # A second page comes while the first one asks.
        return known("a") + 1 if frozen_monotonic[0] else 1

    known = remembered.ForAWhile(ask, seconds=30)
    assert known("a") == 1
    frozen_monotonic[0] += 31
    assert known("a") == 2


@pytest.fixture
def frozen_monotonic(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The seconds of this process, moved by hand."""
    now = [0.0]
    monkeypatch.setattr(remembered, "monotonic", lambda: now[0])
    return now
