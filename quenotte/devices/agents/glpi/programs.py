"""What is installed, what is licensed, and by what the machine can be driven from elsewhere."""

from collections.abc import Iterator, Mapping

from quenotte.devices.agents.credible import NOT_REPORTED, clean
from quenotte.devices.agents.gathering import Gathering
from quenotte.devices.agents.glpi.machines import System
from quenotte.devices.agents.glpi.sections import Sections
from quenotte.kernel.posture.take_over import product_of


def tell_software(found: Gathering, sections: Sections, _system: System) -> None:
    """Tell the programs."""
    if "SOFTWARES" not in sections:
        found.tell("software", NOT_REPORTED)
        return
    rows = (
        {
            "name": name,
            "version": clean(row.get("VERSION"), most=60),
            "publisher": clean(row.get("PUBLISHER")),
        }
        for row in sections["SOFTWARES"]
        if (name := clean(row.get("NAME")))
    )
    found.rows("software", rows)


def tell_licences(found: Gathering, sections: Sections, _system: System) -> None:
    """Tell what is licensed. The key itself is a secret of the practice and is not read."""
    if "LICENSEINFOS" not in sections:
        found.tell("licences", NOT_REPORTED)
        return
    names = (clean(row.get("NAME")) for row in sections["LICENSEINFOS"])
    found.rows("licences", ({"name": name} for name in names if name))


def tell_remote(found: Gathering, sections: Sections, _system: System) -> None:
    """Tell the tools of remote control: those that the agent looks for, and those installed.

    Older agents look for none; what is installed is then all that is known.
    """
    if "REMOTE_MGMT" not in sections and "SOFTWARES" not in sections:
        found.tell("remote.tools", NOT_REPORTED)
        return
    tools: dict[str, str | None] = dict(_installed(sections))
    tools |= _detected(sections)
    found.rows("remote.tools", ({"name": name, "id": id_} for name, id_ in tools.items()))


def _installed(sections: Sections) -> Iterator[tuple[str, None]]:
    for row in sections.get("SOFTWARES", ()):
        if product := product_of(row.get("NAME", "")):
            yield product, None


def _detected(sections: Sections) -> Mapping[str, str | None]:
    rows = sections.get("REMOTE_MGMT", ())
    named = ((clean(row.get("TYPE"), most=40), clean(row.get("ID"), most=60)) for row in rows)
    return {product_of(name) or name: id_ for name, id_ in named if name}
