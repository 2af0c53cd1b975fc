"""Start, watch and stop psew and the servers it brings along; nothing here needs Django."""
