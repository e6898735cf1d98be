"""How osquery shall behave: what goes with the configuration, and what stands in its file."""

from collections.abc import Mapping
from typing import Final

from quenotte.devices.agents.osquery.tables import FORBIDDEN

CONFIG_REFRESH_S: Final = 3600
LOG_PERIOD_S: Final = 60
POLL_INTERVAL_S: Final = 300

#: Paths of the doors, under the host of the server.
ENDPOINTS: Final[Mapping[str, str]] = {
    "enroll_tls_endpoint": "/enroll",
    "config_tls_endpoint": "/config",
    "logger_tls_endpoint": "/log",
    "distributed_tls_read_endpoint": "/distributed/read",
    "distributed_tls_write_endpoint": "/distributed/write",
}


def options(*, epoch: int) -> dict[str, str | int | bool]:
    """Return the options that go with a configuration. Intervals are in seconds."""
    return {
        "config_refresh": CONFIG_REFRESH_S,
        "disable_carver": True,
        "disable_distributed": False,
        "disable_events": True,
        "disable_tables": ",".join(FORBIDDEN),
        "distributed_interval": POLL_INTERVAL_S,
        "distributed_plugin": "tls",
        # Errors only: lines of less weight repeat what was asked.
        "logger_min_status": 2,
        "logger_tls_compress": True,
        "logger_tls_period": LOG_PERIOD_S,
        "schedule_epoch": epoch,
        # Spreads ten thousand machines that wake at eight.
        "schedule_splay_percent": 10,
    }


def flags(host: str, *, prefix: str, secret_path: str, authority_path: str) -> str:
    """Return the flag file of a machine, a flag per line.

    It holds what osquery takes at its start only, and the closed tables: they shall be closed
    before the first configuration came. ``host``: with its port; ``prefix``: of the doors' paths.
    """
    chosen = {
        "tls_hostname": host,
        "tls_server_certs": authority_path,
        "enroll_secret_path": secret_path,
        "host_identifier": "uuid",
        "config_plugin": "tls",
        "logger_plugin": "tls",
        **{name: prefix + path for name, path in ENDPOINTS.items()},
        **{
            name: _word(value)
            for name, value in options(epoch=0).items()
            if name != "schedule_epoch"
        },
    }
    return "".join(f"--{name}={value}\n" for name, value in sorted(chosen.items()))


def _word(value: str | int | bool) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
