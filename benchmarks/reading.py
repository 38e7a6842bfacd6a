"""Reading and judging one filing after another, beside what other libraries need only to read the same file.

python benchmarks/reading.py [FILES]

FILES different filings of the 2021 form are made: sparse random tables with one wrong total in each, another
unit, some 1000 characters of text. They stand as `fill` writes them, as LibreOffice saves these again, and as
begun from last year's filing (whose figures then lie in the workbook and are read too). In turn each file is
read, and its bytes are in memory, by

* python-calamine: the values of all sheets, nothing else;
* `workbook.read_bytes`: our entries, with the evidence of tampering (formulas, protection, labels, names),
  followed by `judge`: all rules, the text, and which cell is to blame;
* openpyxl: `load_workbook`.

No file is read twice, because the reader remembers rows that it has seen: like the files of a county, these
share with each other what the template gives them and nothing else. The first WARM files are not counted.
Printed are medians in milliseconds, and the medians of each file's ratio to calamine and to openpyxl.
"""

import gc
import io
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import python_calamine

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from by_name import judge, new_workbook, write_filing
from cases import base
from tables import sound

from xlcheck.core.filing import Filing
from xlcheck.editions import edition_named
from xlcheck.saving import save
from xlcheck.workbook.reading import read_bytes

UNITS = [f"{name}镇人民政府" for name in ("清水", "石桥", "柳林", "白塔", "三河", "大湾", "南岗", "双龙")]
WARM = 10
SENTENCES = (
    "全年通过门户网站公开信息{}条，内容涵盖财政预决算、民生实事和重大项目。",
    "围绕群众关心的热点，回应网民留言{}次，办理结果均在规定时限内反馈。",
    "政务新媒体发布信息{}条，比上年明显增加，图解和短视频更多。",
    "组织业务培训，参训干部{}人次，重点学习条例修订内容和典型案例。",
    "在便民服务中心设立查阅点，接待群众查询{}人次，提供纸质资料。",
    "公开事项目录更新及时，但个别站所报送材料不够主动，质量参差不齐。",
    "依申请公开答复文书还不够规范，说理不够充分，法律依据引用不够准确。",
    "政策解读形式比较单一，以文字为主，群众看得懂、记得住的作品偏少。",
    "下一步，将健全信息发布审核机制，落实先审后发，明确专人负责。",
    "加强对村（社区）公开工作的指导，统一公开栏样式和更新频率。",
    "完善依申请公开办理流程，登记、审核、答复、归档环环相扣，全程留痕。",
    "继续开展业务轮训，邀请专业律师授课，提高经办人员依法答复的能力。",
    "定期检查栏目更新情况，对更新不及时的站所予以通报，限期整改到位。",
    "拓宽公众参与渠道，重大决策草案公开征求意见，意见采纳情况及时公布。",
)
CALAMINE, OPENPYXL = "python-calamine, values only", "openpyxl, load_workbook"


def filing(seed: int) -> Filing:
    """A sound random filing with one wrong total."""
    rng = Random(seed)
    unit, made, values = rng.choice(UNITS), base("2021"), sound(edition_named("2021").form, rng)
    values["t3.granted.total"] += 1
    said = "".join(sentence.format(rng.randint(2, 900)) for sentence in rng.sample(SENTENCES, len(SENTENCES)))
    texts = {**made.texts, "s5": made.texts["s5"] + said}
    texts = {key: text.replace(str(made.unit), unit) for key, text in texts.items()}
    return made._replace(unit=unit, values=values, texts=texts)


def workbooks(folder: Path, count: int) -> dict[str, list[bytes]]:
    """The files by who wrote them."""
    for name in ("fill", "last", "office"):
        (folder / name).mkdir()
    for seed in range(count):
        one, last = filing(seed), filing(seed + count)
        last = last._replace(year=Decimal(2024))
        for name, before in (("fill", None), ("last", last)):
            book = new_workbook("2021", 2025, one.unit, before)
            write_filing(book, one)
            save(book, folder / name / f"{seed}.xlsx")
    command = [
        "soffice",
        f"-env:UserInstallation=file://{folder}/profile",
        "--headless",
        "--convert-to",
        "xlsx",
    ]
    written = [str(path) for path in (folder / "fill").iterdir()]
    subprocess.run([*command, "--outdir", folder / "office", *written], check=True, stdout=subprocess.DEVNULL)
    names = {"written by fill": "fill", "saved by LibreOffice": "office", "begun from last year": "last"}
    return {said: [path.read_bytes() for path in (folder / name).iterdir()] for said, name in names.items()}


def calamine(content: bytes) -> None:
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    for name in book.sheet_names:
        book.get_sheet_by_name(name).to_python()


def timed(call: Callable[[], Any]) -> tuple[float, Any]:
    gc.collect()  # what one leaves behind is not swept up on another's time
    start = time.perf_counter()
    result = call()
    return (time.perf_counter() - start) * 1000, result


def measured(content: bytes) -> dict[str, float]:
    """Milliseconds of each for one file."""
    values, _ = timed(lambda: calamine(content))
    read, filing = timed(lambda: read_bytes(content, "x.xlsx"))
    judged, _ = timed(lambda: judge(filing))
    opened, _ = timed(lambda: openpyxl.load_workbook(io.BytesIO(content)))
    return {
        CALAMINE: values,
        "read": read,
        "judge": judged,
        "read and judge": read + judged,
        OPENPYXL: opened,
    }


def main(count: int) -> None:
    with tempfile.TemporaryDirectory() as home:
        flavours = workbooks(Path(home), WARM + count)
    print("| files | | ms | × calamine | openpyxl ÷ it |")
    print("|---|---|--:|--:|--:|")
    for flavour, files in flavours.items():
        rows = [measured(content) for content in files][WARM:]
        for name in rows[0]:
            ms = statistics.median(row[name] for row in rows)
            beside = statistics.median(row[name] / row[CALAMINE] for row in rows)
            times = statistics.median(row[OPENPYXL] / row[name] for row in rows)
            print(f"| {flavour} | {name} | {ms:.2f} | {beside:.2f} | {times:.0f} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 40)
