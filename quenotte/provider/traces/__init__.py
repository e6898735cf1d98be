"""Who of the provider opened what of which practice: that practice may read it."""
