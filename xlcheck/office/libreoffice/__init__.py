"""An xlwings engine over LibreOffice."""
