"""Questions to Windows through its own PowerShell 5: one script, one answer in JSON.

What it says when it fails is reduced to a code before it leaves the script: its sentences quote
paths and accounts.
"""

import base64
import json
import os
from pathlib import Path
from typing import Any, Final

from quenotte.station.collectors.machines import Machine, NoProgram

SCRIPTS: Final = Path(__file__).parent / "scripts"
_WHERE: Final = r"\System32\WindowsPowerShell\v1.0\powershell.exe"
_FLAGS: Final = ("-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-EncodedCommand")
#: A French Windows would else answer in the code page of 1987.
_FRAME: Final = """\
$ErrorActionPreference = 'Stop'
$ProgressPreference = 'SilentlyContinue'
[Console]::OutputEncoding = New-Object System.Text.UTF8Encoding $false
try {{
{script}
}} catch {{
    ConvertTo-Json -Compress @{{ failed = "$($_.FullyQualifiedErrorId)" }}
}}
"""
#: Codes by which Windows says that it has no such thing: no command, no class, no namespace, no
#: component, no path. Source: WBEM_E_INVALID_NAMESPACE, WBEM_E_INVALID_CLASS, REGDB_E_CLASSNOTREG.
_ABSENT: Final = (
    "commandnotfound", "0x8004100e", "0x80041010", "0x80040154", "pathnotfound", "nocomclassid",
)  # fmt: skip


class Declined(ValueError):
    """Windows has it, and did not tell: rights that lack, a service that is stopped."""


def answer(machine: Machine, name: str, *, timeout_s: float = 60.0, words: str = "") -> Any:
    """Return what a script of ours answers; None when it says nothing.

    ``words``: what stands for ``$WORDS`` in it, as PowerShell writes a list of texts.

    Raises: NoProgram when Windows has no such thing, Declined, TooSlow.
    """
    script = (SCRIPTS / f"{name}.ps1").read_text("utf-8").replace("$WORDS", words)
    frame = _FRAME.format(script=script)
    packed = base64.b64encode(frame.encode("utf-16-le")).decode("ascii")
    program = os.environ.get("SYSTEMROOT", r"C:\Windows") + _WHERE
    said = machine.run(program, *_FLAGS, packed, timeout_s=timeout_s)
    return read(said.out)


def read(text: str) -> Any:
    """Return what PowerShell wrote. Raises: NoProgram, Declined."""
    plain = text.lstrip("\ufeff").strip()
    if not plain:
        return None
    try:
        told = json.loads(plain)
    except ValueError:
        # A banner of an antivirus, a page of help: nothing that we asked for.
        raise Declined from None
    if isinstance(told, dict) and "failed" in told:
        code = str(told["failed"]).lower()
        raise NoProgram(code) if any(one in code for one in _ABSENT) else Declined
    return told


def rows(told: Any) -> list[dict[str, Any]]:
    """Return a list: PowerShell 5 writes one alone as itself, and none as nothing."""
    if isinstance(told, dict) and set(told) == {"value", "Count"}:
        # How it writes some arrays that were made elsewhere.
        told = told["value"]
    found = told if isinstance(told, list) else [told]
    return [one for one in found if isinstance(one, dict)]


def one(told: Any) -> dict[str, Any]:
    """Return the only object. Raises: Declined when there is none."""
    if not (found := rows(told)):
        raise Declined
    return found[0]
