"""Many filings: the county's January."""
