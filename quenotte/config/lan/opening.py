"""Opens a practice to its network: certificate ready, processes told, words for the window."""

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from quenotte.config.lan import addresses, keeping, places
from quenotte.config.lan.watch import Watch
from quenotte.config.words import _
from quenotte.devices.certificates import names, pairs


@dataclass(frozen=True)
class Opened:
    """A practice that is open to its network."""

    url: str
    trust_port: int
    words: tuple[str, ...]
    watch: Watch


def open_to(folder: Path, lan: places.Lan, *, host: str, port: int) -> Opened:
    """Make the certificate good and tell our own processes (by their environment).

    Raises: Refusal, OSError.
    """
    places.refuse_internet(host, addresses.addresses())
    needed = keeping.wanted(lan.name)
    kept = keeping.ensure(folder, needed, datetime.now(UTC))
    os.environ.update(places.told(needed.main, port, lan.trust_port))
    url = f"https://{needed.main}:{port}"
    words = tuple(_sentences(kept, needed, lan.trust_port))
    return Opened(url, lan.trust_port, words, Watch(folder, lan.name, kept))


def _sentences(kept: keeping.Kept, needed: keeping.Wanted, trust_port: int) -> list[str]:
    said = []
    if trust_port:
        said.append(
            _("  Relier un poste   http://{name}:{port}").format(name=needed.main, port=trust_port)
        )
        said += [
            _("                    ou http://{address}:{port}").format(
                address=pairs.host_of(address), port=trust_port
            )
            for address in names.typed(needed.addresses)
        ]
    said.append(_("  Empreinte de l’autorité, à comparer sur chaque poste :"))
    groups = kept.authority.fingerprint.split(" ")
    said += ["    " + " ".join(groups[at : at + 8]) for at in range(0, len(groups), 8)]
    said.append(_("  Les images arrivent sans chiffrement : gardez les appareils sur ce réseau."))
    return said
