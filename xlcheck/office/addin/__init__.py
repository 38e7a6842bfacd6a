"""The add-ins that bring the buttons into Excel and LibreOffice.

macros/ and xlwings' texts (sources) → macrobook: vba in a compound file among bookparts → .xlam
macros/libreoffice → extension → .oxt; install puts both where machine finds the programs
"""
