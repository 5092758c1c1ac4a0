"""Health: how this installation does, and which settings are in effect, for who administers it."""
