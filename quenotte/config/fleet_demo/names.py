"""Names of practices that do not exist, in towns that do."""

from collections.abc import Iterator
from typing import Final

_OF: Final = (
    "des Lilas", "du Vieux Port", "de la Halle", "des Tilleuls", "du Moulin", "de la Fontaine",
    "des Acacias", "du Canal", "de la Poste", "des Remparts", "du Marché", "de l’Horloge",
    "des Jardins", "du Parc", "de la Gare", "des Peupliers", "du Beffroi", "de la Source",
    "des Vignes", "du Lavoir", "de l’Étang", "des Cèdres", "du Clocher", "de la Colline",
    "des Érables", "du Pont Neuf", "de la Citadelle", "des Glycines", "du Phare", "de la Forge",
)  # fmt: skip
_TOWNS: Final = (
    ("44000", "Nantes"), ("35000", "Rennes"), ("49000", "Angers"), ("85000", "La Roche-sur-Yon"),
    ("56000", "Vannes"), ("72000", "Le Mans"), ("79000", "Niort"), ("17000", "La Rochelle"),
    ("29000", "Quimper"), ("53000", "Laval"),
)  # fmt: skip
NETWORKS: Final = ("Orange", "Free", "SFR", "Bouygues")


def practices(count: int) -> Iterator[tuple[str, str, str]]:
    """Yield name, postcode and town of so many practices, no two alike."""
    for number in range(count):
        postcode, town = _TOWNS[number % len(_TOWNS)]
        turn, place = divmod(number // len(_TOWNS), len(_OF))
        name = f"Cabinet {_OF[place]}"
        yield (f"{name} {turn + 1}" if turn else name), postcode, town
