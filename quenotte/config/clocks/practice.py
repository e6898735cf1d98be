"""The periodic jobs of a practice."""

from typing import Final

from quenotte.base.jobs.schedule import every
from quenotte.care.desk import jobs as desk
from quenotte.care.imaging import jobs as imaging
from quenotte.care.patients import jobs as patients
from quenotte.care.questionnaires import jobs as questionnaires
from quenotte.care.recalls import jobs as recalls
from quenotte.care.reminders import jobs as reminders
from quenotte.care.takeover import jobs as takeover
from quenotte.config import own_server, periodic
from quenotte.upkeep.backups import rounds as backups
from quenotte.upkeep.guard import jobs as guard
from quenotte.upkeep.kits import jobs as kits
from quenotte.upkeep.media import jobs as media
from quenotte.upkeep.pulse import jobs as pulse
from quenotte.upkeep.restores import jobs as restores
from quenotte.upkeep.workstations import jobs as workstations
from quenotte.upkeep.workstations.operations import look_by

_HOUR: Final = 3_600
_DAY: Final = 86_400


def register() -> None:
    """Tell the schedule what runs how often."""
    periodic.register()
    look_by(own_server.OwnServer().look)
    every("backups.hourly", backups.copy_hourly, seconds=_HOUR)
    every("backups.quarterly", backups.copy_instead_of_journal, seconds=900)
    every("kits.take_up", kits.take_up, seconds=60)
    every("guard.watch", guard.watch, seconds=60)
    every("media.watch", media.watch, seconds=60)
    every("pulse.tell", pulse.tell, seconds=300)
    every("workstations.look", workstations.look, seconds=60)
    every("workstations.know_self", workstations.know_self, seconds=300)
    every("workstations.forget", workstations.forget, seconds=_DAY)
    every("backups.nightly", backups.copy_nightly, seconds=_DAY)
    every("restores.forget", restores.forget, seconds=600)
    every("desk.purge", desk.purge, seconds=_DAY)
    every("imaging.catch_up", imaging.catch_up, seconds=300)
    every("imaging.prune_frames", imaging.prune_frames, cron="30 12 * * *")
    every("questionnaires.keep_papers", questionnaires.keep_papers, seconds=_HOUR)
    every("patients.gather_strays", patients.gather_strays, seconds=_HOUR)
    every("takeover.forget_lines", takeover.forget_lines, seconds=_DAY)
    every("recalls.find_due", recalls.find_due, seconds=_DAY)
    every("reminders.send", reminders.send_reminders, seconds=60)
    every("reminders.forget", reminders.forget_messages, seconds=_DAY)
