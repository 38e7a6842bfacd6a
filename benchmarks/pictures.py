"""Take the README's pictures from the real workbook: built, filled, marked, drawn by LibreOffice.

python benchmarks/pictures.py        needs LibreOffice, poppler-utils and imagemagick
"""

import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from cases import base, edited

from xlcheck.files.checking import judge
from xlcheck.files.fill import fill
from xlcheck.files.marking import mark
from xlcheck.files.store import save
from xlcheck.files.template import build
from xlcheck.files.workbook import read

PICTURES = Path(__file__).parent / "pictures"
SHEETS = {"封面": "cover", "三、申请办理": "table3", "文字": "text", "校验": "list"}
SHOWN = {"list": 38}  # percent of the height: the list of rules goes on
WRONG = {"t3.granted.natural": 21, "t4.after_review.upheld": 1, "t4.after_review.total": 1}


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        save(build("2021"), folder / "空.xlsx")
        fill(folder / "空.xlsx", edited(base("2021"), WRONG), folder / "填.xlsx")
        filing = read(folder / "填.xlsx")
        mark(folder / "填.xlsx", filing, judge(filing), folder / "标.xlsx", "2026-01-15 10:32")
        whole_sheets(folder / "标.xlsx", folder / "像.xlsx")
        draw(folder / "像.xlsx", folder)


def whole_sheets(source: Path, target: Path) -> None:
    """What is printed leaves the banner and the hints out; the picture shows the whole sheet."""
    book = openpyxl.load_workbook(source)
    for sheet in book:
        sheet.print_area, sheet.print_title_rows = None, None
        sheet.HeaderFooter.oddFooter = None
        sheet.page_setup.paperSize, sheet.page_setup.fitToHeight = 8, 1
        if sheet.title not in SHEETS:
            sheet.sheet_state = "hidden"
    book.active = 0
    book.save(target)


def draw(book: Path, folder: Path) -> None:
    home = f"-env:UserInstallation=file://{folder}/office"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(book)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(
        ["pdftoppm", "-r", "240", "-png", str(book.with_suffix(".pdf")), str(folder / "p")], check=True
    )
    for page, picture in zip(sorted(folder.glob("p-*.png")), SHEETS.values(), strict=True):
        target = PICTURES / f"{picture}.png"
        part = ["-gravity", "North", "-crop", f"100%x{SHOWN.get(picture, 100)}%+0+0", "+repage"]
        frame = ["-trim", "+repage", *part, "-resize", "1100x", "-bordercolor", "white", "-border", "12"]
        frame += ["+dither", "-colors", "255"]
        subprocess.run(["convert", str(page), *frame, str(target)], check=True)
        print(target.name, target.stat().st_size // 1024, "kB")


if __name__ == "__main__":
    main()
