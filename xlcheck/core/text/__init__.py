"""What the text of a report says: its figures, what they speak of, and how it is written."""
