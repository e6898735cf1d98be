"""The practice's network: TLS with an authority of its own, and how workstations trust it."""
