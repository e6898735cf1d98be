"""``python -m quenotte.station``: the companion, as ``quenotte-station``."""

from quenotte.station.commands import main

if __name__ == "__main__":
    raise SystemExit(main())
