"""The practice's own authority, and the certificate by which workstations know its server."""
