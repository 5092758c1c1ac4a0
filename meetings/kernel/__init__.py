"""Words that every storey uses: clock, ids, errors, text, months, canonical JSON."""
