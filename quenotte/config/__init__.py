"""Top floor: settings, URLs, processes, command line."""
