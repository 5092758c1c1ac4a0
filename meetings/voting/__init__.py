"""We decide: bases, thresholds, ballots."""
