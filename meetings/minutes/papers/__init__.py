"""The other papers of a cell, made as the minutes are: facts, then content, then layout."""
