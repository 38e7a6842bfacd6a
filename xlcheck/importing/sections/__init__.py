"""The words of a report: its edition, where its sections begin, its title and texts, what is left over."""
