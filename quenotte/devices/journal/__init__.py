"""The journal: what is committed leaves the machine within a minute, and can be replayed."""
