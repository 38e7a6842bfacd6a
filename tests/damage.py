"""Ways a locked workbook is broken in the field: by paste, by cut, by other programs, by old templates."""

from collections.abc import Callable
from copy import copy
from datetime import datetime

from openpyxl import Workbook
from openpyxl.utils import get_column_letter, range_boundaries
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidationList
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.worksheet import Worksheet

COVER, T2, T3, T4 = "封面", "二、主动公开", "三、申请办理", "四、复议诉讼"
TEXT, CHECK, GUIDE, HIDDEN = "文字", "校验", "填报说明", "xlcheck"
Damage = Callable[[Workbook], None]


def _insert_rows(sheet: str, row: int, count: int = 1) -> Damage:
    return _stretched(sheet, row, count, 0, lambda page: page.insert_rows(row, count))


def _delete_rows(sheet: str, row: int, count: int = 1) -> Damage:
    return _stretched(sheet, row, -count, 0, lambda page: page.delete_rows(row, count))


def _insert_cols(sheet: str, col: int, count: int = 1) -> Damage:
    return _stretched(sheet, col, count, 1, lambda page: page.insert_cols(col, count))


def _delete_cols(sheet: str, col: int, count: int = 1) -> Damage:
    return _stretched(sheet, col, -count, 1, lambda page: page.delete_cols(col, count))


def _stretched(sheet: str, at: int, by: int, side: int, change: Callable[[Worksheet], None]) -> Damage:
    """Insert or delete as Excel does: merged cells move along, or grow and shrink."""

    def stretch(book: Workbook) -> None:
        page = book[sheet]
        merges = [m.bounds for m in page.merged_cells.ranges]
        for left, top, right, bottom in merges:
            page.unmerge_cells(start_row=top, start_column=left, end_row=bottom, end_column=right)
        change(page)
        for left, top, right, bottom in merges:
            first, last = (top, bottom) if side == 0 else (left, right)
            first, last = _shifted(first, at, by, first=True), _shifted(last, at, by, first=False)
            box = (left, first, right, last) if side == 0 else (first, top, last, bottom)
            if box[0] <= box[2] and box[1] <= box[3] and box[:2] != box[2:]:
                page.merge_cells(start_row=box[1], start_column=box[0], end_row=box[3], end_column=box[2])

    return stretch


def _shifted(place: int, at: int, by: int, *, first: bool) -> int:
    if by > 0:
        return place + by if place >= at else place
    if place >= at - by:
        return place + by
    return place if place < at else at if first else at - 1


def _wide(page: Worksheet, block: str) -> str:
    """A block up to the last column of 表三, which is K in the editions that there are."""
    return block.replace("K", get_column_letter(_last(page)))


def _last(page: Worksheet) -> int:
    return max((c.column for row in page["B3:Z5"] for c in row if c.value == "总计"), default=11)


def _move(sheet: str, block: str, rows: int = 0, cols: int = 0) -> Damage:
    return lambda book: book[sheet].move_range(_wide(book[sheet], block), rows, cols)


def _move_whole(sheet: str, block: str, rows: int, cols: int) -> Damage:
    """Cut and put elsewhere with its merged cells."""

    def move(book: Workbook) -> None:
        page = book[sheet]
        left, top, right, bottom = range_boundaries(block)
        bounds = [m.bounds for m in page.merged_cells.ranges]
        merges = [m for m in bounds if m[0] >= left and m[1] >= top and m[2] <= right and m[3] <= bottom]
        for a, b, c, d in merges:
            page.unmerge_cells(start_row=b, start_column=a, end_row=d, end_column=c)
        page.move_range(block, rows, cols)
        for a, b, c, d in merges:
            page.merge_cells(start_row=b + rows, start_column=a + cols, end_row=d + rows, end_column=c + cols)

    return move


def _cut_in_excel(sheet: str, block: str, rows: int = 0, cols: int = 0) -> Damage:
    """As Excel does it: the names go with the cells, those of cells covered are broken."""

    def cut(book: Workbook) -> None:
        page = book[sheet]
        area = _wide(page, block)
        left, top, right, bottom = range_boundaries(area)
        here = {
            f"${get_column_letter(c)}${r}": (r, c)
            for r in range(top, bottom + 1)
            for c in range(left, right + 1)
        }
        there = {f"${get_column_letter(c + cols)}${r + rows}" for r, c in here.values()}
        for name in list(book.defined_names):
            title, _, at = book.defined_names[name].attr_text.rpartition("!")
            if title.strip("'") == page.title and at in here:
                r, c = here[at]
                to = f"{title}!${get_column_letter(c + cols)}${r + rows}"
                book.defined_names[name] = DefinedName(name, attr_text=to)
            elif title.strip("'") == page.title and at in there:
                book.defined_names[name] = DefinedName(name, attr_text="#REF!")
        page.move_range(area, rows, cols)

    return cut


def _put(sheet: str, **cells: object) -> Damage:
    def put(book: Workbook) -> None:
        for at, value in cells.items():
            book[sheet][at].value = value

    return put


def _paste_format(sheet: str, block: str) -> Damage:
    def paste(book: Workbook) -> None:
        page = book[sheet]
        for row in page[_wide(page, block)]:
            for cell in row:
                cell._style = copy(page["B3"]._style)

    return paste


def _clear(sheet: str, block: str) -> Damage:
    def clear(book: Workbook) -> None:
        for row in book[sheet][_wide(book[sheet], block)]:
            for cell in row:
                del book[sheet]._cells[cell.row, cell.column]

    return clear


def _rename(*sheets: str) -> Damage:
    def rename(book: Workbook) -> None:
        for number, name in enumerate(sheets):
            book[name].title = f"Sheet{number}"

    return rename


def _remove(sheet: str) -> Damage:
    return lambda book: book.remove(book[sheet])


def _merge(sheet: str, block: str) -> Damage:
    return lambda book: book[sheet].merge_cells(block)


def _unmerge_all(sheet: str) -> Damage:
    def unmerge(book: Workbook) -> None:
        page = book[sheet]
        for merged in [str(m) for m in page.merged_cells.ranges]:
            page.unmerge_cells(merged)

    return unmerge


def _unlock(book: Workbook) -> None:
    book.security.lockStructure = False
    for page in book.worksheets:
        page.protection.sheet = False


def _unlock_one(book: Workbook) -> None:
    book[T3].protection.sheet = False


def _unwatch(book: Workbook) -> None:
    book[T3].data_validations = DataValidationList()


def _no_names(book: Workbook) -> None:
    book.defined_names.clear()


def _broken_names(book: Workbook) -> None:
    for name in list(book.defined_names)[:20]:
        book.defined_names[name] = DefinedName(name, attr_text="#REF!")


def _swap_rows(book: Workbook) -> None:
    page = book[T3]
    for col in range(4, _last(page) + 1):
        one, two = page.cell(11, col), page.cell(12, col)
        one.value, two.value = two.value, one.value


def _copy_row(book: Workbook) -> None:
    """A row copied with its label under the table, as people do before they change something."""
    page = book[T3]
    for col in range(4, _last(page) + 1):
        page.cell(45, col).value = page.cell(12, col).value


def _copy_sheet(book: Workbook) -> None:
    book.copy_worksheet(book[T2])


def _exchange(*sheets: str, names: bool = False) -> Damage:
    """Each sheet gets the title of the next; with ``names`` as in Excel, where names follow their cells."""

    def exchange(book: Workbook) -> None:
        to = dict(zip(sheets, (*sheets[1:], sheets[0]), strict=True))
        for number, name in enumerate(sheets):
            book[name].title = f"Sheet{number}"
        for number, name in enumerate(sheets):
            book[f"Sheet{number}"].title = to[name]
        for name, defined in list(book.defined_names.items()) if names else ():
            title, _, at = defined.attr_text.rpartition("!")
            there = to.get(title.strip("'"), title.strip("'"))
            book.defined_names[name] = DefinedName(name, attr_text=f"'{there}'!{at}")

    return exchange


def _copies(sheet: str, *titles: str) -> Damage:
    """A sheet copied, and the original deleted: some of its copies are left."""

    def copy_and_remove(book: Workbook) -> None:
        for title in titles:
            book.copy_worksheet(book[sheet]).title = f"copy {title}"
        book.remove(book[sheet])
        for title in titles:
            book[f"copy {title}"].title = title

    return copy_and_remove


def _paste_sheet(source: str, target: str, rows: int = 0) -> Damage:
    """All of a sheet's cells pasted over another sheet, or once more below its own."""

    def paste(book: Workbook) -> None:
        page, there = book[source], book[target]
        for merged in [str(m) for m in there.merged_cells.ranges] if source != target else ():
            there.unmerge_cells(merged)
        for row in list(page.iter_rows(max_row=30, max_col=page.max_column)):
            for cell in row:
                there.cell(cell.row + rows, cell.column).value = cell.value

    return paste


def _array(book: Workbook) -> None:
    book[T3]["E6"].value = ArrayFormula("E6:E6", "=SUM(E7:E9)")


def _both(*damages: Damage) -> Damage:
    def both(book: Workbook) -> None:
        for damage in damages:
            damage(book)

    return both


DAMAGES: dict[str, Damage] = {
    "a row inserted above 表三": _insert_rows(T3, 3),
    "a row inserted inside 表三": _insert_rows(T3, 12),
    "two rows inserted inside 表二": _insert_rows(T2, 7, 2),
    "a row inserted in 表四": _insert_rows(T4, 5),
    "a row inserted on the cover": _insert_rows(COVER, 6),
    "a row inserted in 文字": _insert_rows(TEXT, 11),
    "a row of 表三 deleted": _delete_rows(T3, 12),
    "three rows of 表三 deleted": _delete_rows(T3, 14, 3),
    "a caption of 表二 deleted": _delete_rows(T2, 7),
    "the first row deleted": _delete_rows(T3, 1),
    "a row deleted and one inserted in its place": _both(_delete_rows(T3, 12), _insert_rows(T3, 12)),
    "a column inserted at the left": _insert_cols(T3, 1),
    "a column inserted between the figures": _insert_cols(T3, 7),
    "a column of 表三 deleted": _delete_cols(T3, 7),
    "a column inserted in 表四": _insert_cols(T4, 4),
    "a column of 表四 deleted": _delete_cols(T4, 4),
    "labels and figures moved down": _move(T3, "D10:K20", 1),
    "figures alone moved down": _move(T3, "E10:K20", 1),
    "one figure moved": _move(T3, "E10:E10", 2, 1),
    "a column of figures moved to the right": _move(T3, "F6:F30", 0, 1),
    "cells shifted to the right in one row": _move(T3, "E12:K12", 0, 1),
    "cells shifted to the left in one row": _move(T3, "F12:K12", 0, -1),
    "cells shifted up in one column": _move(T3, "E7:E30", -1),
    "the whole of 表二 moved": _move_whole(T2, "B3:E24", 30, 8),
    "figures cut in Excel": _cut_in_excel(T3, "E10:K12", 10),
    "figures cut in Excel to a free place": _cut_in_excel(T3, "E10:K12", 40),
    "figures of 表四 moved": _move(T4, "B6:F6", 0, 5),
    "two rows swapped with their labels": _swap_rows,
    "a formula over a figure": _put(T3, E6="=E7+E8"),
    "formulas over a row of totals": _put(T3, E8="=SUM(E9:E20)", F8="=SUM(F9:F20)", K8="=SUM(E8:J8)"),
    "an array formula over a figure": _array,
    "a date in a figure's place": _put(T3, E8=datetime(2025, 1, 2)),
    "another format pasted over figures": _paste_format(T3, "E10:K12"),
    "figures cleared with their formats": _clear(T3, "E10:K12"),
    "validations lost": _unwatch,
    "表三 renamed": _rename(T3),
    "all sheets of tables renamed": _rename(T2, T3, T4),
    "every sheet renamed": _rename(COVER, T2, T3, T4, TEXT, CHECK, GUIDE),
    "表四 deleted": _remove(T4),
    "文字 deleted": _remove(TEXT),
    "校验 deleted": _remove(CHECK),
    "the hidden sheet deleted": _remove(HIDDEN),
    "every merge of 表三 broken": _unmerge_all(T3),
    "every merge of 表四 broken": _unmerge_all(T4),
    "two figures merged": _merge(T3, "E10:F10"),
    "a row of figures merged": _merge(T4, "B6:F6"),
    "one sheet's protection removed": _unlock_one,
    "all protection removed": _unlock,
    "all names lost": _no_names,
    "some names broken": _broken_names,
    "an older template": _put(HIDDEN, B2="0"),
    "another edition said on the hidden sheet": _put(HIDDEN, B1="2008"),
    "a row's label retyped": _put(T2, B6="政策文件"),
    "a row's label blank": _put(T3, D12=None),
    "a column's heading blank": _put(T3, G5=None),
    "a row copied below the table": _copy_row,
    "a sheet copied": _copy_sheet,
    "表三 deleted": _remove(T3),
    "two sheets exchanged": _exchange(T2, T3),
    "two sheets exchanged with their names": _exchange(T2, T3, names=True),
    "all tables exchanged": _exchange(T2, T3, T4),
    "表三 exchanged with the list": _exchange(T3, CHECK),
    "表三 exchanged with the cover": _exchange(T3, COVER, names=True),
    "文字 exchanged with the guide": _exchange(TEXT, GUIDE),
    "表三 copied, its copy renamed": _copies(T3, T3),
    "表三 copied and renamed": _copies(T3, "Sheet1"),
    "表三 copied twice and renamed": _copies(T3, "三", "三 (2)"),
    "表三 pasted over 表二": _paste_sheet(T3, T2),
    "表三 pasted once more below itself": _paste_sheet(T3, T3, 40),
    "the hidden sheet renamed": _rename(HIDDEN),
    "an error and a truth over figures": _put(T3, E6="#REF!", E7=True),
    "renamed, unlocked, a row inserted": _both(_insert_rows(T3, 12), _unlock, _rename(T3)),
}
