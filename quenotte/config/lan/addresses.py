"""What this machine is called, and where its network reaches it."""

import socket

import psutil

from quenotte.devices.certificates import names

#: What a machine that nobody named is called on the network.
NAMELESS = "quenotte"


def machine_name() -> str:
    """Return the name of this machine, or a name of ours when it has none that can be used."""
    try:
        name = names.host_name(socket.gethostname())
    except names.NotAName:
        return NAMELESS
    return NAMELESS if name.split(".", 1)[0] == "localhost" else name


def addresses() -> tuple[str, ...]:
    """Return each address of this machine, on the interfaces that are up."""
    up = {name for name, state in psutil.net_if_stats().items() if state.isup}
    return tuple(
        card.address
        for name, cards in psutil.net_if_addrs().items()
        for card in cards
        if name in up and card.family in {socket.AF_INET, socket.AF_INET6}
    )
