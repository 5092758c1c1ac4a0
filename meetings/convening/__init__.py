"""We are called: series, dates, meetings, the obligation of the month."""
