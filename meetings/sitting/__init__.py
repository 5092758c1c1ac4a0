"""It opens and closes: one act over all storeys below."""
