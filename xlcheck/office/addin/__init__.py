"""The add-ins: built from the text in macros/, put into Excel and LibreOffice, and taken out."""
