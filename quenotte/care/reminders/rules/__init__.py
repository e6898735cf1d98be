"""Pure decisions about messages to patients: when, in which words, with which link."""
