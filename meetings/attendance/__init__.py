"""Who was there, in the hall or online, with evidence."""
