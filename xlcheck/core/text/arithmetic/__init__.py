"""The figures of a text held against each other, whatever they are of: wholes, shares, changes."""
