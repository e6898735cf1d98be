"""Web push: a short message to a browser, through its maker's service. No Django, no domain."""
