"""A text laid out: its figures, its clauses, and the words that may say what is counted."""
