"""A sitting that was held without a network: what the secretary's device needs, and what it brings back."""
