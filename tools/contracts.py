"""Import contracts of our own, beside those of import-linter.

The ready-made contracts refuse to name a package that does not exist yet, or want one entry a
room. These tolerate absent packages and find the rooms by themselves, so that every boundary
stands before the code that it will hold, and no new room has to remember to be listed.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import grimp
from importlinter import Contract, ContractCheck, fields, output

#: Files of a room, highest first; ``access`` and ``queries`` never import each other, a view may
#: redraw a panel.
ROOM_LAYERS: tuple[tuple[str, ...], ...] = (
    ("urls",),
    ("views", "panels"),
    ("forms",),
    ("jobs",),
    ("operations",),
    ("access", "queries"),
    ("models",),
    ("rules",),
)
#: Files of a room that another room may call.
OPEN_FILES = frozenset({"queries", "operations", "access", "rules"})
#: How what a person types is read (a name, a telephone): for the forms of another room too.
SHARED_FIELDS = ("forms", "fields")
#: Who may import a file that only talks to a browser: files of the same room ...
PAGE_IMPORTERS = {
    "views": frozenset({"urls", "views"}),
    "panels": frozenset({"urls", "views", "panels"}),
    "forms": frozenset({"urls", "views", "panels", "forms"}),
}


@dataclass(frozen=True)
class Place:
    """Where a module lies: ``quenotte.care.patients.views`` is file views of room patients."""

    app: str
    room: str
    file: str

    @property
    def home(self) -> tuple[str, str]:
        """The app and the room, which together name a room."""
        return self.app, self.room


def place_of(module: str, apps: set[str], packages: set[str]) -> Place | None:
    """Return where a module lies, or None when it belongs to no room of ``apps``."""
    for app in apps:
        if not module.startswith(f"{app}."):
            continue
        room, _, rest = module.removeprefix(f"{app}.").partition(".")
        if f"{app}.{room}" not in packages or room == "migrations":
            return None
        return Place(app, room, rest.partition(".")[0])
    return None


def is_package(graph: grimp.ImportGraph, module: str) -> bool:
    """Tell whether a module of ours holds other modules; foreign ones are opaque."""
    return not graph.is_module_squashed(module) and bool(graph.find_children(module))


def rooms(graph: grimp.ImportGraph, apps: set[str]) -> Iterator[str]:
    """Yield every room of the apps: a package directly under an app."""
    for app in sorted(apps & graph.modules):
        for child in sorted(graph.find_children(app)):
            if is_package(graph, child) and not child.endswith(".migrations"):
                yield child


def imports(graph: grimp.ImportGraph) -> Iterator[tuple[str, str]]:
    """Yield every direct import as (importer, imported)."""
    for importer in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            yield importer, imported


class _Listing(Contract):
    """A contract whose breaches are plain lines of text."""

    def breaches(self, graph: grimp.ImportGraph) -> list[str]:
        """Return one line for each import that is not allowed."""
        raise NotImplementedError

    def check(self, graph: grimp.ImportGraph, verbose: bool) -> ContractCheck:
        """Compare the imports with the contract."""
        found = self.breaches(graph)
        return ContractCheck(kept=not found, metadata={"breaches": found})

    def render_broken_contract(self, check: ContractCheck) -> None:
        """Print what breaks the contract."""
        for line in check.metadata["breaches"]:
            output.print_error(f"- {line}", bold=False)
        output.new_line()


class _RoomContract(_Listing):
    """A contract on the rooms of some apps, those that do not exist yet included."""

    apps = fields.SetField(subfield=fields.StringField())

    def breaches(self, graph: grimp.ImportGraph) -> list[str]:
        """Return one line for each import between two places that ``breach`` refuses."""
        apps: set[str] = set(self.apps)  # type: ignore[call-overload]
        packages = {module for module in graph.modules if is_package(graph, module)}
        return [
            f"{importer} -> {imported} (l.{_line(graph, importer, imported)})"
            for importer, imported in imports(graph)
            if (target := place_of(imported, apps, packages))
            and self.breach(importer, place_of(importer, apps, packages), target)
        ]

    def breach(self, importer: str, source: Place | None, target: Place) -> bool:
        """Tell whether this import is refused; ``source`` is None outside rooms."""
        raise NotImplementedError


class PagesContract(_RoomContract):
    """Views, panels and forms are used by their own room; an app's ``apps.py`` wires panels."""

    type_name = "pages"

    def breach(self, importer: str, source: Place | None, target: Place) -> bool:
        """Tell whether a page file is imported from elsewhere than its own room's pages."""
        allowed = PAGE_IMPORTERS.get(target.file)
        if allowed is None:
            return False
        if target.file == "panels" and importer == f"{target.app}.apps":
            return False
        return source is None or source.home != target.home or source.file not in allowed


class CrossRoomContract(_RoomContract):
    """Across rooms, only queries, operations, access and rules are called; forms share fields."""

    type_name = "cross_room"

    def breach(self, importer: str, source: Place | None, target: Place) -> bool:
        """Tell whether a room reaches into another room's private files."""
        if source is None or source.home == target.home:
            return False
        return target.file not in OPEN_FILES and (source.file, target.file) != SHARED_FIELDS


class RoomLayersContract(_Listing):
    """Inside each room, a file imports only those below it."""

    type_name = "room_layers"

    apps = fields.SetField(subfield=fields.StringField())

    def breaches(self, graph: grimp.ImportGraph) -> list[str]:
        """Return one line for each chain of imports that climbs inside a room."""
        containers = set(rooms(graph, set(self.apps)))  # type: ignore[call-overload]
        if not containers:
            return []
        layers = [grimp.Layer(*names, independent="views" not in names) for names in ROOM_LAYERS]
        found = graph.find_illegal_dependencies_for_layers(layers=layers, containers=containers)
        return [
            " -> ".join(route_of(graph, chain.importer, chain.imported))
            for chain in sorted(found, key=lambda one: (one.importer, one.imported))
        ]


class StrangersContract(_Listing):
    """Some packages never import some others, directly or through a third."""

    type_name = "strangers"

    sources = fields.ListField(subfield=fields.StringField())
    forbidden = fields.ListField(subfield=fields.StringField())

    def breaches(self, graph: grimp.ImportGraph) -> list[str]:
        """Return one line for each chain from a source to what is forbidden to it."""
        sources: list[str] = list(self.sources)  # type: ignore[call-overload]
        forbidden: list[str] = list(self.forbidden)  # type: ignore[call-overload]
        return [
            " -> ".join(chain)
            for source in sources
            for target in forbidden
            if source in graph.modules and target in graph.modules and source != target
            for chain in sorted(
                graph.find_shortest_chains(importer=source, imported=target, as_packages=True)
            )
        ]


def route_of(graph: grimp.ImportGraph, importer: str, imported: str) -> tuple[str, ...]:
    """Return the shortest chain of imports between two packages."""
    chains = graph.find_shortest_chains(importer=importer, imported=imported, as_packages=True)
    return min(chains, key=len, default=(importer, imported))


def _line(graph: grimp.ImportGraph, importer: str, imported: str) -> str:
    details = graph.get_import_details(importer=importer, imported=imported)
    return ", ".join(str(detail["line_number"]) for detail in details)
