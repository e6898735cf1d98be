"""The companion of a workstation: what no other agent gives, told to the provider over TLS.

It dials out and never listens, keeps one file of state, and tells nothing but the keys of
``kernel.posture.facts``. It stands on the standard library and psutil: no Django, no database.
"""
