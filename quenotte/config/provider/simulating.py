"""``quenotte provider simulate``: the machines of a demo speak, and something happens to them."""

import http.client
import signal
from threading import Event, Thread

from quenotte.config import console
from quenotte.config.words import _


def run(
    host: str, port: int, *, every_s: float, rounds: int, storm: str, antivirus_off: int
) -> int:
    """Let the machines of the demo in the data folder speak; return the exit code.

    ``rounds``: how many, 0 until Ctrl+C. ``storm``: a provider of Internet behind which everybody
    is silent. ``antivirus_off``: so many workstations say that their antivirus is off.
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
    told = crowd.lose_antivirus(speakers, antivirus_off)
    console.say(
        _("{count} machines simulées parlent à {host}:{port}. Pour arrêter : Ctrl+C.").format(
            count=len(speakers), host=host, port=port
        )
    )
    for one in told:
        console.say(_("  antivirus arrêté : {where}").format(where=one))
    if told:
        console.say(
            _(
                "Le poste le montre après son tour ; l’urgence vient sur « Parc » quand la règle y "
                "croit : un redémarrage peut suffire à arrêter un antivirus un instant."
            )
        )
    stopped = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        # In a thread: a handler interrupts this one anywhere, perhaps with the lock in its hand.
        signal.signal(number, lambda *_told: Thread(target=stopped.set, daemon=True).start())
    done = 0
    while not stopped.is_set() and (not rounds or done < rounds):
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
        console.say(
            _("Tour {number} : {heard} entendues, {reports} rapports, {refused} refusées.").format(
                number=done,
                heard=round_.heard,
                reports=round_.reports,
                refused=round_.refused,
            )
        )
    return 0
