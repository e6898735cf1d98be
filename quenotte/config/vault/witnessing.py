"""``quenotte vault witness``: whether the vault still tells what it told before."""

import json
import urllib.error
from datetime import datetime
from pathlib import Path

from quenotte.config import console
from quenotte.config.vault import asking, consent
from quenotte.config.words import _
from quenotte.devices.media.vault import witness
from quenotte.devices.media.vault.ledger import Chain, LogDamaged
from quenotte.kernel.dates import day_and_clock


def look(url: str, memory: Path, authority: Path | None, *, whole: bool, as_json: bool) -> int:
    """Compare and remember; return the exit code (1: contradiction, 2: no answer)."""

    def fetch(first: int) -> bytes:
        try:
            return asking.ask(url, "log", authority, first=first)
        except urllib.error.HTTPError as error:
            if error.code != 416:
                raise
            with error:
                # Nothing came since; or the log is shorter than it was.
                return b"" if _size(error) == first else b"\0"

    try:
        chain = witness.look(fetch, memory, whole=whole)
    except LogDamaged as damaged:
        _contradiction(damaged.number, as_json=as_json)
        return 1
    except urllib.error.HTTPError as error:
        with error:
            console.complain(consent.why_not(error))
        return 2
    except (OSError, ValueError):
        console.complain(_("Le coffre ne répond pas à cette adresse. Rien n’a été retenu."))
        return 2
    _tell(chain, as_json=as_json)
    return 0


def _size(error: urllib.error.HTTPError) -> int:
    told = (error.headers.get("Content-Range") or "").rpartition("/")[2]
    return int(told) if told.isdigit() else -1


def _contradiction(number: int, *, as_json: bool) -> None:
    if as_json:
        console.say(json.dumps({"is_whole": False, "line": number}))
        return
    console.complain(
        _(
            "Le journal de réception du coffre contredit ce qui en était retenu, à la ligne "
            "{number}. Rien n’a été oublié ici. Appelez qui tient le coffre, et gardez vos disques "
            "débranchés."
        ).format(number=number)
    )


def _tell(chain: Chain, *, as_json: bool) -> None:
    if as_json:
        told = {"lines": chain.number, "head": chain.head, "at_us": chain.at}
        console.say(json.dumps({"is_whole": True, **told}))
        return
    day = datetime.fromtimestamp(max(chain.at, 0) / 1e6).astimezone()
    console.say(
        _("Rien n’est réécrit : {count} lignes, la dernière du {day}.").format(
            count=chain.number, day=day_and_clock(day)
        )
    )
