"""What the operator decides, read once at start."""
