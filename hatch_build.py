"""Put what is built into the wheel: the islands (Vite) and the translations (Babel).

A user who installs the wheel needs neither Node.js nor gettext. Editable installs skip both:
there, ``tools/setup.py`` builds them in the working tree.
"""

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent))

from tools import catalogues, islands, nodes


class BuildHook(BuildHookInterface):
    """Hatchling's custom build hook."""

    def dependencies(self) -> list[str]:
        """Ask for a Node.js from Python packages when the machine has no recent one."""
        return [] if nodes.on_machine() or self._islands_are_given() else [nodes.WHEEL]

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Build the islands and compile the catalogues before files are gathered.

        Raises: RuntimeError when no Node.js is found.
        """
        if version == "editable":
            return
        root = Path(self.root)
        catalogues.compile_catalogues(root)
        if self._islands_are_given():
            return
        node = nodes.find(root)
        if node is None:
            oldest = ".".join(map(str, nodes.oldest()))
            raise RuntimeError(f"Node.js {oldest} or later is needed to build the islands")
        islands.build(root, node)

    def _islands_are_given(self) -> bool:
        """Tell whether this is an unpacked sdist, which carries built islands already."""
        root = Path(self.root)
        return (root / "PKG-INFO").is_file() and islands.is_built(root)
