"""From rows to fields: ``placement`` takes a figure or refuses it, ``splits`` parts those run together."""
