"""The clock and the ports of this machine."""

import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from quenotte.config import data_folder, instance
from quenotte.config import ports as tcp
from quenotte.config.doctor.finding import Finding, State
from quenotte.config.words import _
from quenotte.kernel.dates import day_and_clock

#: No clock that is right shows an earlier year than the one in which this was written.
FIRST_YEAR = 2026


def clock() -> Iterator[Finding]:
    """Look at the date, the time zone, and whether somebody keeps the clock right."""
    subject = _("Horloge")
    now = datetime.now(UTC)
    if not FIRST_YEAR <= now.year < FIRST_YEAR + 30:
        yield Finding(
            subject, State.BAD, _("elle indique l’année {year}.").format(year=now.year),
            _("Mettez-la à l’heure : les actes et le journal seraient mal datés."),
        )  # fmt: skip
        return
    synchronised = is_synchronised()
    shown = f"{day_and_clock(now.astimezone())} ({time.tzname[0]})"
    if synchronised:
        yield Finding(subject, State.OK, _("{now}, synchronisée.").format(now=shown))
    elif synchronised is None:
        yield Finding(
            subject, State.ATTENTION, _("{now} ; synchronisation inconnue.").format(now=shown),
            _("Vérifiez qu’un service de temps (NTP) tient l’horloge à l’heure."),
        )  # fmt: skip
    else:
        yield Finding(
            subject, State.ATTENTION, _("{now}, non synchronisée.").format(now=shown),
            _("Activez la synchronisation : timedatectl set-ntp true."),
        )  # fmt: skip


def is_synchronised() -> bool | None:
    """Tell whether a time service keeps the clock right; None when nobody can tell."""
    if Path("/run/systemd/timesync/synchronized").exists():
        return True
    if shutil.which("timedatectl"):
        answer = _ask("timedatectl", "show", "--property=NTPSynchronized", "--value")
        if answer in {"yes", "no"}:
            return answer == "yes"
    if shutil.which("chronyc"):
        tracking = _ask("chronyc", "-n", "tracking")
        if "Leap status" in tracking:
            return "Not synchronised" not in tracking
    return None


def ports(places: Sequence[tuple[str, int, str]]) -> Iterator[Finding]:
    """Tell whether each port is free, or held by us."""
    holder = instance.holder(data_folder.default_folder())
    for host, port, purpose in places:
        subject = _("Port {port} ({purpose})").format(port=port, purpose=purpose)
        if tcp.is_free(host, port):
            yield Finding(subject, State.OK, _("libre."))
        elif holder is not None:
            yield Finding(subject, State.OK, _("tenu par Quenotte, qui fonctionne."))
        else:
            yield Finding(
                subject, State.BAD, _("pris par un autre programme."),
                _("Fermez ce programme, ou choisissez un autre port."),
            )  # fmt: skip


def _ask(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=5, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip()
