"""Who we are, who is above us, who may do what."""
