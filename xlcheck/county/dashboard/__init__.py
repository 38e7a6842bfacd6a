"""The county's collection as one page."""
