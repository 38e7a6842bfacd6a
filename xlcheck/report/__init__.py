"""The narrative report as .docx and .html, and the proof that the file says what the filing says."""
