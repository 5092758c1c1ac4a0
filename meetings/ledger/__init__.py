"""Nothing is forgotten: append-only entries, linked per cell."""
