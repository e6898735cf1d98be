"""Programs by which a machine is driven from elsewhere, by the names under which they are seen."""

from typing import Final

#: The name of the product, then what its programs and services begin with, in lower case.
PRODUCTS: Final = (
    ("AnyDesk", ("anydesk",)),
    ("TeamViewer", ("teamviewer",)),
    ("RustDesk", ("rustdesk",)),
    ("MeshCentral", ("meshagent", "mesh agent", "meshcentral")),
    ("Tactical RMM", ("tacticalrmm", "tacticalagent", "tactical rmm")),
    ("SupRemo", ("supremo",)),
    ("LiteManager", ("litemanager", "romserver")),
    ("Remote Manipulator System", ("rms", "rutserv", "remote manipulator")),
    ("ScreenConnect", ("screenconnect", "connectwise control")),
    ("Splashtop", ("splashtop", "srserver")),
    ("LogMeIn", ("logmein",)),
    ("GoTo Resolve", ("gotoassist", "goto resolve", "gotoresolve")),
    ("Chrome Remote Desktop", ("chrome remote desktop", "remoting_host")),
    ("DWService", ("dwagent", "dwagsvc")),
    ("Ammyy Admin", ("ammyy", "aa_v3")),
    ("UltraVNC", ("ultravnc", "uvnc", "winvnc")),
    ("TightVNC", ("tightvnc", "tvnserver")),
    ("RealVNC", ("realvnc", "vncserver", "vnc server")),
    ("Zoho Assist", ("zoho assist", "zohours", "zohoassist")),
    ("ISL Online", ("isl alwayson", "isl light", "isllight")),
)


def product_of(name: str) -> str | None:
    """Return the product that a program, a service or a package belongs to."""
    words = name.strip().lower()
    return next((product for product, heads in PRODUCTS if _begins(words, heads)), None)


def _begins(words: str, heads: tuple[str, ...]) -> bool:
    """Tell whether a name begins with one of the heads; a short one must be the whole word."""
    return any(
        words.startswith(head) and (len(head) > 3 or not words[len(head) : len(head) + 1].isalpha())
        for head in heads
    )
