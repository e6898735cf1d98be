"""The demo provider: invented practices, simulated machines."""
