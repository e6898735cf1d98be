"""Tables in files of other programs: CSV and Excel, read with bounded memory."""
