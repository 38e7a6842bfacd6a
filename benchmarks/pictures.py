"""Take the README's pictures from the real thing: the workbook drawn by LibreOffice, the pages by Chromium.

python benchmarks/pictures.py        needs LibreOffice, Chromium, Node.js, poppler-utils and imagemagick

The fonts of Chinese Windows are not here: 宋体 is drawn in Noto Serif, 黑体 and 微软雅黑 in Noto Sans.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import openpyxl

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import browser
import screen
import webpage
from by_name import build_template, fill_workbook, judge, mark
from cases import base, edited
from counties import AS_OF, COUNTY, EDITION, TODAY, county

from xlcheck.county.dashboard.page import write_dashboard
from xlcheck.county.summary.book import added_up_sentences
from xlcheck.county.summary.cell_formats import summary_pages
from xlcheck.county.summary.formulas import total_sheet, write_fields, write_table
from xlcheck.county.sums.sums import add_up
from xlcheck.data.summary import summary
from xlcheck.office.addin.extension import extension
from xlcheck.saving import save
from xlcheck.workbook.reading import read

PICTURES = Path(__file__).parent / "pictures"
SHEETS = {"封面": "cover", "三、申请办理": "table3", "文字": "text", "校验": "list"}
SHOWN = {"list": 38}  # percent of the height: the list of rules goes on
CHROMIUM = [
    "chromium", "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking",
    "--hide-scrollbars", "--window-size=1440,1180",
]  # fmt: skip
FONTS = {
    "Noto Serif CJK SC": ("宋体", "SimSun"),
    "Noto Sans CJK SC": ("黑体", "SimHei", "微软雅黑", "Microsoft YaHei"),
}
FONT_FILE = """<fontconfig><include>/etc/fonts/fonts.conf</include>{rules}</fontconfig>"""
FONT_RULE = (
    '<match><test name="family"><string>{name}</string></test>'
    '<edit name="family" mode="prepend" binding="strong"><string>{font}</string></edit></match>'
)
WRONG = {"t3.granted.natural": 21, "t4.after_review.upheld": 1, "t4.after_review.total": 1}


def main() -> None:
    PICTURES.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        rules = [FONT_RULE.format(name=name, font=font) for font, names in FONTS.items() for name in names]
        (folder / "fonts.conf").write_text(FONT_FILE.format(rules="".join(rules)), encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(folder / "fonts.conf")
        save(build_template("2021"), folder / "空.xlsx")
        fill_workbook(folder / "空.xlsx", edited(base("2021"), WRONG), folder / "填.xlsx")
        filing = read(folder / "填.xlsx")
        mark(folder / "填.xlsx", filing, judge(filing), folder / "标.xlsx", "2026-01-15 10:32")
        whole_sheets(folder / "标.xlsx", folder / "像.xlsx")
        draw(folder / "像.xlsx", folder)
        of_the_window(folder)
        of_the_county(folder)
        of_the_page(folder)


def of_the_window(folder: Path) -> None:
    """校验 pressed in a window of LibreOffice."""
    with screen.shown(extension(sys.executable), folder / "window") as window:
        book = window.open(folder / "填.xlsx")
        window.click(book, "校验")
        window.box("button")
        window.close(book)
    kept(folder / "window/button.png", "button", [])


def of_the_page(folder: Path) -> None:
    """The offline page with the faulty workbook open in it."""
    webpage.build_page(folder / "校验.html")
    with browser.running() as chromium:
        chromium.open(folder / "校验.html")
        webpage.wait(chromium.value, webpage.READY)
        chromium.choose("#file", folder / "填.xlsx")
        webpage.wait(chromium.value, webpage.IDLE)
        chromium.settle()
        chromium.picture(folder / "offline.png")
    kept(folder / "offline.png", "page", ["-gravity", "North", "-crop", "100%x100%+0+0", "+repage"])


def of_the_county(folder: Path) -> None:
    """The county's page, and the total that is not complete, of an invented county."""
    write_dashboard(EDITION, COUNTY, county(), folder / "page.html", TODAY, AS_OF)
    shot = [*CHROMIUM, f"--user-data-dir={folder}/browser", f"--screenshot={folder}/page.png"]
    subprocess.run([*shot, (folder / "page.html").as_uri()], check=True, stderr=subprocess.DEVNULL)
    kept(folder / "page.png", "dashboard", ["-gravity", "North", "-crop", "100%x100%+0+0", "+repage"])
    some, form = list(county()), EDITION.form
    added, sheets = add_up(form, some), summary().sheets
    title = summary().title.format(**COUNTY._asdict())
    with summary_pages(folder / "合计.xlsx", [total_sheet(form, "t3"), sheets.fields.name], AS_OF) as page:
        write_fields(page[sheets.fields.name], form, some, "", added)
        write_table(page[total_sheet(form, "t3")], "t3", form, title, added_up_sentences(added), added)
    printed = pages(folder / "合计.xlsx", folder, "t")
    kept(printed[0], "summary", ["-gravity", "North", "-crop", "100%x55%+0+0", "+repage"])


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
    for page, picture in zip(pages(book, folder, "p"), SHEETS.values(), strict=True):
        kept(page, picture, ["-gravity", "North", "-crop", f"100%x{SHOWN.get(picture, 100)}%+0+0", "+repage"])


def pages(book: Path, folder: Path, prefix: str) -> list[Path]:
    """The pages of a workbook as LibreOffice prints them."""
    home = f"-env:UserInstallation=file://{folder}/office"
    command = ["soffice", home, "--headless", "--convert-to", "pdf", "--outdir", str(folder), str(book)]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    pdf = str(book.with_suffix(".pdf"))
    subprocess.run(["pdftoppm", "-r", "240", "-png", pdf, str(folder / prefix)], check=True)
    return sorted(folder.glob(f"{prefix}-*.png"))


def kept(source: Path, picture: str, part: list[str]) -> None:
    """A picture among the others: trimmed, of their width, small."""
    target = PICTURES / f"{picture}.png"
    frame = ["-trim", "+repage", *part, "-resize", "1100x", "-bordercolor", "white", "-border", "12"]
    frame += ["+dither", "-colors", "255"]
    subprocess.run(["convert", str(source), *frame, str(target)], check=True)
    print(target.name, target.stat().st_size // 1024, "kB")


if __name__ == "__main__":
    main()
