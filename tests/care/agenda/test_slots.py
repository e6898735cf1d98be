from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from quenotte.care.agenda.rules import Period, free_starts

ZERO = datetime(2026, 3, 17, 8, tzinfo=UTC)


def at(minute):
    return ZERO + timedelta(minutes=minute)


def period(pair):
    return Period(at(pair[0]), at(pair[1]))


SPANS = st.lists(
    st.tuples(st.integers(0, 240), st.integers(1, 90)).map(lambda it: (it[0], it[0] + it[1])),
    max_size=5,
)


def apart(spans):
    """Return the spans that begin after the one before them has ended."""
    kept: list[tuple[int, int]] = []
    for span in sorted(spans):
        if not kept or span[0] > kept[-1][1]:
            kept.append(span)
    return kept


def is_free(start, length, opened, busy):
    taken = [b for b in busy if b[0] < start + length and start < b[1]]
    return not taken and any(o[0] <= start and start + length <= o[1] for o in opened)


@given(SPANS, SPANS, st.integers(5, 60), st.sampled_from([5, 10, 15]), st.integers(0, 120))
def test_free_starts_are_what_trying_each_minute_finds(opened, busy, length, step, first):
    opened = apart(opened)
    found = [
        int((start - ZERO).total_seconds() // 60)
        for start in free_starts(
            map(period, opened),
            list(map(period, busy)),
            minutes=length,
            step_minutes=step,
            not_before=at(first),
        )
    ]
    tried = [m for m in range(first, 331) if is_free(m, length, opened, busy)]
    on_grid = [m for m in tried if any(o[0] <= m < o[1] and (m - o[0]) % step == 0 for o in opened)]
    first_minutes = [m for m in tried if not is_free(m - 1, length, opened, busy) and m > first]
    assert set(on_grid) <= set(found) <= set(tried)
    assert set(first_minutes) <= set(found)
    assert found == sorted(set(found))


def test_free_starts_of_a_whole_morning():
    starts = free_starts(
        [period((0, 120))],
        [period((30, 60))],
        minutes=30,
        step_minutes=15,
        not_before=at(0),
    )
    assert list(starts) == [at(0), at(60), at(75), at(90)]


def test_gap_that_begins_off_the_grid_is_offered_too():
    starts = free_starts(
        [period((0, 60))], [period((0, 20))], minutes=20, step_minutes=15, not_before=at(0)
    )
    assert list(starts) == [at(20), at(30)]
