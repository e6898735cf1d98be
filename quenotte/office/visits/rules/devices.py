"""Where a piece that stays in the mouth was most likely placed."""

from collections.abc import Iterable


def tooth_of_device(acts: Iterable[tuple[str, str]]) -> str:
    """Return the FDI number to propose for a device; "" when the acts leave a doubt.

    ``acts`` are what the mouth shows of each and its teeth (« 16 17 »): those of implants go first.
    """
    known = list(acts)
    implants = [teeth for charts_as, teeth in known if charts_as == "implant"]
    teeth = {tooth for some in implants or [one for _, one in known] for tooth in some.split()}
    return teeth.pop() if len(teeth) == 1 else ""
