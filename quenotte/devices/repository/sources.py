"""What is saved: files, folders and texts, each under a name in the tree."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from quenotte.devices.repository.chunks import Chunking


@dataclass(frozen=True)
class Source:
    """One thing to save: a file, a folder with all below it, or bytes.

    ``name_in_tree`` is a path with ``/``. A ``path`` that is a link is followed, for it was asked
    for by name; links below it never are. ``PAGES`` is for page-stable copies of databases, whose
    content is read anew each time whatever their dates say.
    """

    name_in_tree: str
    path: Path | bytes
    chunking: Chunking = Chunking.WHOLE

    @property
    def parts(self) -> tuple[str, ...]:
        """Return the components of the name. Raises: ValueError."""
        parts = tuple(self.name_in_tree.strip("/").split("/"))
        if any(part in ("", ".", "..") or "\0" in part for part in parts):
            raise ValueError(f"not a name for a tree: {self.name_in_tree!r}")
        return parts


@dataclass
class Layout:
    """The directories that the names of the sources make, and what lies in each."""

    folders: dict[str, "Layout"] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)

    def place(self, source: Source) -> None:
        """Put a source where its name says. Raises: ValueError when two are in one place."""
        *above, last = source.parts
        here = self
        for part in above:
            if part in here.sources:
                raise ValueError(f"one source lies within another: {source.name_in_tree!r}")
            here = here.folders.setdefault(part, Layout())
        if last in here.sources or last in here.folders:
            raise ValueError(f"two sources have one name: {source.name_in_tree!r}")
        here.sources[last] = source


def laid_out(sources: Sequence[Source]) -> Layout:
    """Return the directories for some sources. Raises: ValueError."""
    layout = Layout()
    for source in sources:
        layout.place(source)
    return layout
