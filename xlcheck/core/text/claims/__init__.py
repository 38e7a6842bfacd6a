"""What the figures of a text are of: ``claim_reader`` reads them, ``language`` gives it its words."""
