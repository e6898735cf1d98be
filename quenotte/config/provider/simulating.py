"""``quenotte provider simulate``: the machines of a demo speak, and something happens to them."""

import http.client
import signal
import time
from collections.abc import Sequence
from datetime import timedelta
from threading import Event, Thread

from django.utils import timezone

from quenotte.config import console
from quenotte.config.words import _
from quenotte.kernel.dates import clock as clock_of
from quenotte.kernel.posture.rules import BY_KEY


def run(
    host: str, port: int, *, every_s: float, rounds: int, storm: str, antivirus_off: int
) -> int:
    """Let the machines of the demo in the data folder speak; return the exit code.

    ``every_s``: how long a round of all of them takes. ``rounds``: how many, 0 until Ctrl+C.
    ``storm``: a provider of Internet behind which everybody is silent. ``antivirus_off``: so many
    workstations say that their antivirus is off, before anybody else speaks.
    """
    import django

    django.setup()
    from quenotte.base.practice import queries as practices
    from quenotte.config.fleet_demo import crowd

    house = practices.first_practice()
    if house is None or not house.is_demo:
        console.complain(
            _(
                "Ce dossier n’est pas une démonstration : rien n’a été simulé, rien n’a changé. "
                "Ouvrez d’abord « quenotte provider demo » avec le même dossier."
            )
        )
        return 1
    speakers = crowd.speakers(storm=storm)
    _announce(crowd.lose_antivirus(speakers, antivirus_off))
    console.say(
        _("{count} machines simulées parlent à {host}:{port}. Pour arrêter : Ctrl+C.").format(
            count=len(speakers), host=host, port=port
        )
    )
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        # In a thread: a handler interrupts this one anywhere, perhaps with the lock in its hand.
        signal.signal(number, lambda *_told: Thread(target=stopped.set, daemon=True).start())
    done = 0
    while not stopped.is_set() and (not rounds or done < rounds):
        begun_at = time.monotonic()
        try:
            round_ = crowd.speak(speakers, host, port, seconds=every_s, stopped=stopped)
        except (OSError, http.client.HTTPException):
            console.complain(
                _(
                    "La porte des agents ne répond pas à {host}:{port} : lancez "
                    "« quenotte provider demo », ou donnez son --agents-port."
                ).format(host=host, port=port)
            )
            return 1
        done += 1
        words = _(
            "Tour {number} en {seconds} s : {heard} entendues, {reports} rapports, "
            "{refused} refusées."
        )
        console.say(
            words.format(
                number=done,
                seconds=round(time.monotonic() - begun_at),
                heard=round_.heard,
                reports=round_.reports,
                refused=round_.refused,
            )
        )
    return 0


def _announce(told: Sequence[str]) -> None:
    """Say which machines lose their antivirus, and when which page shows it."""
    if not told:
        return
    console.say(_("Antivirus arrêté, dit au début du premier tour :"))
    for where in told:
        console.say(f"  {where}")
    at = timezone.localtime() + _believed_after()
    console.say(
        _(
            "Dans la minute : la page de chaque poste, et « Recherche » (« antivirus arrêté »).\n"
            "Sur « Parc », en urgence : à partir de {hour}. La règle attend {minutes} minutes, car "
            "un redémarrage arrête un antivirus un instant ; laissez la démonstration ouverte, "
            "cette commande peut être arrêtée."
        ).format(hour=clock_of(at + timedelta(minutes=1)), minutes=_believed_after().seconds // 60)
    )


def _believed_after() -> timedelta:
    """Return how long an antivirus is off before anybody is told."""
    return BY_KEY["antivirus_active"].damping.opens_within or timedelta()
