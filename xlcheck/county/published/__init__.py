"""What the units published, beside what the county accepted."""
