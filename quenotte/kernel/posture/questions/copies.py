"""Questions about the media of the copies of a practice."""

from dataclasses import replace
from datetime import timedelta
from typing import Final

from quenotte.kernel.posture.facts import Unknown
from quenotte.kernel.posture.questions.asked import Asked
from quenotte.kernel.posture.questions.plain import is_recent
from quenotte.kernel.posture.terms import Outcome, State, ok, unknown

#: Who looked longer ago does not know what is plugged now: a server looks each minute.
_LOOKED_WITHIN: Final = timedelta(days=1)


def is_put_away(asked: Asked) -> Outcome:
    """Tell whether no disk for copies has been within reach for longer than the limit.

    None plugged is well because it was seen; what nobody saw is unknown.
    """
    rows = asked.needed[0]
    if not rows:
        return unknown(Unknown.NO_SUCH_THING)
    plugged = [row.get("since") for row in rows if row.get("is_plugged")]
    moments = plugged or [row.get("seen_at") for row in rows]
    if None in moments:
        return unknown(Unknown.NOT_READABLE)
    limit = asked.limit if plugged else _LOOKED_WITHIN
    found = is_recent(replace(asked, needed=(min(moments),), limit=limit))
    if plugged or found.state is State.UNKNOWN:
        return found
    return ok() if found.state is State.OK else unknown(Unknown.TOO_OLD)
