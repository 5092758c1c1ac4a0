"""Time: due work is claimed from the database; APScheduler only ticks."""
