"""``quenotte media``: disks, discs, tapes and clouds from the command line."""
