"""Plain pages over all storeys: they work without JavaScript, Vietnamese first, English by ?lang=en."""
