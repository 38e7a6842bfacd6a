"""An xlwings engine over LibreOffice.

an address → bridge: the running office → engine: app and books → sheets → ranges → values, looks, conditions
"""
