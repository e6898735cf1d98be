"""Electronic mail: letters, and the server that takes them (SMTP). No Django, no domain."""
