"""The recovery kit typed back in a terminal: the sheet's groups, or two shares."""
