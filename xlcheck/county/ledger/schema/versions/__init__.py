"""One step a file, oldest first; never changed once it has been out."""
