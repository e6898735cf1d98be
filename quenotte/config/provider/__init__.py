"""``quenotte provider``: the site of who looks after the machines of many practices."""
