"""People are told: outbox and channels."""
