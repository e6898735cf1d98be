"""Who reaches the pages: this machine, the practice’s network, or a server in front."""

import os

import click
from click.core import ParameterSource

from quenotte.config.words import _


def refuse_open_http(host: str) -> None:
    """Refuse to show health data to a network without encryption."""
    from quenotte.config import ports

    if ports.is_loopback(host) or os.environ.get("QUENOTTE_HTTPS") == "1":
        return
    raise click.UsageError(
        _(
            "Les pages ne sont servies hors de cette machine qu’à travers HTTPS. Ajoutez --lan : "
            "Quenotte s’en charge. Ou placez un serveur HTTPS devant elle, puis démarrez avec "
            "QUENOTTE_HTTPS=1."
        )
    )


def are_certificates_demanded() -> bool:
    """Tell whether agents must come with a certificate: whatever is set but 0 means yes."""
    return os.environ.get("QUENOTTE_AGENTS_CLIENT_CERTIFICATES", "") not in {"", "0"}


def refuse_bare_agents(host: str, *, is_demo: bool) -> None:
    """Refuse to believe a header about certificates from whoever reaches the door directly."""
    from quenotte.config import ports

    if not are_certificates_demanded():
        return
    if is_demo:
        raise click.UsageError(
            _(
                "Les machines simulées n’ont pas de certificat : démarrez la démonstration sans "
                "QUENOTTE_AGENTS_CLIENT_CERTIFICATES."
            )
        )
    if not ports.is_loopback(host):
        raise click.UsageError(
            _(
                "Avec QUENOTTE_AGENTS_CLIENT_CERTIFICATES, la porte des agents n’écoute que cette "
                "machine (--agents-host 127.0.0.1) : ailleurs, n’importe qui écrirait lui-même "
                "quel certificat il présente. Le serveur HTTPS se place devant."
            )
        )


def on_network(
    context: click.Context, *, host: str, port: int, dicom_host: str = ""
) -> tuple[str, int, str]:
    """Return where to listen with ``--lan``; what was given on the command line stays."""
    if os.environ.get("QUENOTTE_HTTPS") == "1":
        raise click.UsageError(
            _(
                "--lan et QUENOTTE_HTTPS=1 s’excluent : avec l’un Quenotte chiffre elle-même, "
                "avec l’autre un serveur placé devant le fait."
            )
        )
    from quenotte.config.lan import places

    def default(option: str) -> bool:
        return context.get_parameter_source(option) is ParameterSource.DEFAULT

    host = places.EVERYWHERE if default("host") else host
    port = places.PORT if default("port") else port
    # The devices are on that network as well.
    return host, port, host if default("dicom_host") else dicom_host
