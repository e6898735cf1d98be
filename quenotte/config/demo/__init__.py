"""The demo practice: invented people, five years of work, radiographs through the real door."""
