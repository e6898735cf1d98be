"""Pages of messages: the list, the settings, the words, the calendars, and those of patients."""
