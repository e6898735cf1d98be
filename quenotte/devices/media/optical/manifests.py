"""What each disc says of the whole set, for programs and for people."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from quenotte.devices.media.carriers import Kept, checked
from quenotte.devices.media.errors import BadName
from quenotte.devices.media.optical.volumes import Piece

NAME: Final = "MANIFESTE.json"
SUMS: Final = "SHA256SUMS"
READ_ME: Final = "LISEZMOI.txt"

_READ_ME: Final = """\
DISQUE DE SAUVEGARDE D'UN CABINET DENTAIRE (contenu chiffre)
Jeu {label}, disque {volume} sur {volumes}, grave le {day}.

RETROUVER LE CABINET SANS QUENOTTE

1. Copiez le dossier "contenu" de CHAQUE disque du jeu ({volumes} en tout) dans un meme dossier.
2. Un fichier coupe en parties se recolle dans l'ordre :
     cat fichier.partie-001 fichier.partie-002 > fichier
3. Le tout est un depot du logiciel libre restic (version 0.14 ou plus) :
     restic --no-lock -r contenu snapshots
     restic --no-lock -r contenu restore latest --target cabinet-retrouve
   Le mot de passe est la phrase de la feuille de cle du cabinet.

VERIFIER, REPARER UN DISQUE

- Verifier : sha256sum -c SHA256SUMS
- Si des fichiers sont abimes : copiez TOUT le disque dans un dossier (ddrescue, ou cp en passant
  les erreurs), puis, dans ce dossier :
     par2 repair -B . parite.par2
  Jusqu'a un dixieme du disque peut etre recalcule.
- MANIFESTE.json dit ce que contient chaque disque du jeu, avec les empreintes SHA-256.
"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """A whole set. ``sums`` are the SHA-256 of pieces, by their path on the disc."""

    label: str
    made_at: datetime
    volumes: int
    kept: tuple[Kept, ...]
    pieces: tuple[Piece, ...]
    sums: dict[str, str]

    def on(self, volume: int) -> list[Piece]:
        """Return what lies on one disc."""
        return [piece for piece in self.pieces if piece.volume == volume]

    def of(self, name: str) -> list[Piece]:
        """Return the pieces of a file, in their order."""
        return [piece for piece in self.pieces if piece.name == name]


def written(manifest: Manifest, volume: int) -> bytes:
    """Return the file for one disc."""
    files = [
        {
            "name": kept.name,
            "size": kept.size_bytes,
            "sha256": kept.sha256,
            "pieces": [_said(piece, manifest.sums) for piece in manifest.of(kept.name)],
        }
        for kept in manifest.kept
    ]
    said = {
        "set": manifest.label,
        "made_at": manifest.made_at.isoformat(),
        "volume": volume,
        "volumes": manifest.volumes,
        "files": files,
    }
    return json.dumps(said, ensure_ascii=False, indent=1).encode()


def read(body: bytes) -> tuple[Manifest, int]:
    """Return what a disc says, and which it is. Raises: ValueError when it is no manifest."""
    try:
        said: dict[str, Any] = json.loads(body)
        at = datetime.fromisoformat(said["made_at"])
        kept, pieces, sums = [], [], {}
        for file in said["files"]:
            kept.append(Kept(checked(file["name"]), file["size"], file["sha256"], at))
            for number, one in enumerate(file["pieces"], start=1):
                of = len(file["pieces"])
                piece = Piece(file["name"], one["volume"], one["offset"], one["size"], number, of)
                pieces.append(piece)
                sums[piece.path] = one["sha256"]
        whole = Manifest(said["set"], at, said["volumes"], tuple(kept), tuple(pieces), sums)
        return whole, int(said["volume"])
    except (KeyError, TypeError, BadName) as error:
        raise ValueError("no manifest") from error


def sums_of(manifest: Manifest, volume: int) -> bytes:
    """Return the lines that ``sha256sum -c`` takes."""
    lines = (f"{manifest.sums[one.path]}  {one.path}\n" for one in manifest.on(volume))
    return "".join(lines).encode()


def read_me(manifest: Manifest, volume: int) -> bytes:
    """Return what a person reads who has nothing but the disc: plain ASCII, any screen."""
    day = f"{manifest.made_at:%d/%m/%Y}"
    text = _READ_ME.format(label=manifest.label, volume=volume, volumes=manifest.volumes, day=day)
    return text.encode("ascii", "replace")


def _said(piece: Piece, sums: dict[str, str]) -> dict[str, Any]:
    return {
        "volume": piece.volume,
        "offset": piece.offset,
        "size": piece.size_bytes,
        "sha256": sums[piece.path],
    }
