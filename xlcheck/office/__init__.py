"""The open workbook and its buttons.

a click → button → actions: the workbook put right (locks, anew, white_cells), inspected (openbook, session),
painted (paint), remembered (record)
all of it through xlwings (native, locks); in LibreOffice by an engine of ours (libreoffice/)
"""
