"""The periodic jobs of a provider."""

from typing import Final

from quenotte.base.jobs.schedule import every
from quenotte.config import periodic
from quenotte.provider.asking import jobs as asking
from quenotte.provider.console import jobs as console
from quenotte.provider.finder import jobs as finder
from quenotte.provider.fleet import jobs as fleet
from quenotte.provider.incidents import jobs as incidents
from quenotte.provider.retention import jobs as retention

_HOUR: Final = 3_600
_DAY: Final = 86_400


def register() -> None:
    """Tell the schedule what runs how often."""
    periodic.register()
    every("incidents.look", incidents.look, seconds=20)
    every("incidents.send", incidents.send, seconds=60)
    every("incidents.copies", incidents.hear_copies, seconds=300)
    every("incidents.digests", incidents.make_digests, seconds=_HOUR)
    every("incidents.forget", incidents.forget, seconds=_DAY)
    every("fleet.papers", fleet.judge_papers, seconds=_HOUR)
    every("fleet.months", fleet.keep_months, seconds=_DAY)
    every("asking.forget", asking.forget, seconds=_DAY)
    every("console.removed", console.forget_removed, seconds=_DAY)
    every("finder.unsaid", finder.forget_unsaid, seconds=_DAY)
    every("retention.forget", retention.forget, seconds=_DAY)
