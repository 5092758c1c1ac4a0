"""We discuss: items, times, conclusions."""
