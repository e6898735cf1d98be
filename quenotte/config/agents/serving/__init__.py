"""HTTP/1.1 of the agents' door: whole requests in, whole answers out, all of it bounded."""
