"""The rows of the official tables, from grids and from lines, in the form's order."""
