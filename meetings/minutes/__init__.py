"""It is written, signed, verified."""
