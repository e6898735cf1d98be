"""Parity by par2: what a tenth of bad sectors took can be computed again."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from quenotte.devices.media import programs
from quenotte.devices.media.optical.volumes import PARITY_PERCENT, block_bytes

NAME: Final = "parite.par2"
#: What par2 answers when too much is gone.
_HOPELESS: Final = 2


def protect(tree: Path, files: Sequence[Path]) -> None:
    """Write the parity of files beside them. Raises: NoProgram, ProgramFailed."""
    size = block_bytes([path.stat().st_size for path in files])
    words = ["create", "-q", "-q", f"-s{size}", f"-r{PARITY_PERCENT}", "-n1", "-B", str(tree)]
    programs.run("par2", *words, str(tree / NAME), *map(str, files), folder=tree)


def repair(tree: Path) -> bool:
    """Compute damaged or missing files of a copied disc again; tell whether all are whole.

    Raises: NoProgram.
    """
    words = ["repair", "-q", "-q", "-B", str(tree), str(tree / NAME)]
    done = programs.run("par2", *words, folder=tree, allowed=tuple(range(10)))
    return done.returncode == 0
