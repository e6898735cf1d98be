"""What the stock program restic is told, as the sheet prints it.

No command takes a lock: a vault that deletes nothing would keep it, and restic would wait for it.
Each asks for the password itself.

Source: the manual of restic, sections "Working with repositories" and "Restoring from backup".
"""

from typing import Final
from urllib.parse import urlsplit

#: What stands for the address of one of the copies in the commands of the sheet.
ADDRESS: Final = "ADRESSE"
#: Where the certificate of a vault is kept, and where the practice comes back to.
CERTIFICATE: Final = "coffre.pem"
TARGET: Final = "cabinet-retrouve"

_PLAIN: Final = frozenset(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@%+=:,./_-~"
)


def snapshots(address: str, *, has_certificate: bool = False) -> str:
    """Return the command that lists what a copy holds, oldest first."""
    return f"{_restic(address, has_certificate)} snapshots"


def restore(address: str, *, has_certificate: bool = False) -> str:
    """Return the command that brings the newest snapshot back into a folder beside."""
    return f"{_restic(address, has_certificate)} restore latest --target {TARGET}"


def certificate(address: str, *, is_handed_out: bool = False) -> tuple[str, str]:
    """Return the commands that fetch the certificate of a vault, and show its fingerprint.

    ``is_handed_out``: the vault gives the certificate of its authority to anybody. It is believed
    once its fingerprint was compared, so that curl need not believe the server (``-k``).
    """
    door = _door(address)
    fetch = f"openssl s_client -connect {door} </dev/null | openssl x509 >{CERTIFICATE}"
    if is_handed_out:
        fetch = f"curl -k https://{door}/authority.pem -o {CERTIFICATE}"
    return fetch, f"openssl x509 -in {CERTIFICATE} -noout -fingerprint -sha256"


def as_of(address: str, moment: str) -> str:
    """Return the address of the same vault as it was at ``moment`` (UTC, ISO 8601).

    What was sent later, an attacker's included, is not seen there.
    """
    whole = urlsplit(address.removeprefix("rest:"))
    path = f"/as-of/{moment}/{whole.path.lstrip('/')}"
    return f"rest:{whole._replace(path=path).geturl()}"


def shown_fingerprint(fingerprint: str) -> str:
    """Return a SHA-256 fingerprint as ``openssl`` writes it: AB:CD:..."""
    digits = fingerprint.replace(":", "").upper()
    return ":".join(digits[start : start + 2] for start in range(0, len(digits), 2))


def _restic(address: str, has_certificate: bool) -> str:
    trusted = f" --cacert {CERTIFICATE}" if has_certificate else ""
    return f"restic --no-lock{trusted} -r {_quoted(address)}"


def _door(address: str) -> str:
    whole = urlsplit(address.removeprefix("rest:"))
    host = f"[{whole.hostname}]" if ":" in (whole.hostname or "") else whole.hostname
    return f"{host}:{whole.port or 443}"


def _quoted(address: str) -> str:
    """Return an address as a shell takes it whole, that of Windows too."""
    return address if _PLAIN.issuperset(address) else f'"{address}"'
