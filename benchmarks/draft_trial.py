"""A clerk's way from typed figures to a report, with 拟稿 and without, in a LibreOffice window.

python benchmarks/draft_trial.py [FOLDER FOR PICTURES]

The same report is made twice from a workbook whose figures are typed. Without 拟稿 she types every text; with
it she presses the button and types into the blanks alone. The script presses the real buttons, puts the texts
in, and waits as she does; letters are counted, not timed. A letter is taken as 2.8 keystrokes of pinyin,
and as a fiftieth of a minute.
"""

import re
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
import screen
import test_button_window as hand
from by_name import build_template, fill_workbook
from cases import base
from clerk import FORM, NAME, Clerk

from xlcheck.core.filing import Filing
from xlcheck.data.draft import draft_words
from xlcheck.editions import edition_named
from xlcheck.judge import drafted, judge
from xlcheck.office.addin.extension import extension
from xlcheck.saving import save

KEYS, MINUTE = 2.8, 50  # of a letter, and letters in one
BLANK = re.compile(f"{re.escape(draft_words().blank)}[^〕]*〕。?")
ANSWERS = {  # what she knows, by a word of the question
    "联系": "清水镇党政办公室（清水镇人民路1号，邮编223000，电话0512-1234567，邮箱qs@example.gov.cn）",
    "重点信息": "一年来通过县政府网站公开财政预决算、乡村振兴、民生实事等信息126条。",
    "审核": "公开前由起草股室、分管领导、保密员三级审核，全年没有泄密，规范性文件集中归入网站专栏。",
    "专栏": "网站专栏按新目录调整为12个栏目，政务新媒体1个，按周更新。",
    "考核": "对6个股室各考核1次，开展培训2次、参训58人次；社会评议满意；没有责任追究情形。",
    "主要问题": "一是2件申请补正告知写得不清楚，往返两次才办结；二是3月份有1条预算信息迟公开5天。",
    "结转": "结转的申请需要征求第三方意见，第三方在12月底才回复，已于次年1月办结。",
    "纠正": "被纠正的1件没有引用法条，今后答复书由法制员先审。",
    "补正": "补正告知改用县里的统一格式，列明缺什么、怎么补。",
    "改进措施": "由党政办每季度检查一次公开时限，3月底前把补正告知格式发到各股室。",
    "收费通知": "全年没有发出信息处理费收费通知，未收取信息处理费。",
    "成文日期": "2026年1月20日",
}


class Work(NamedTuple):
    """What a way took: letters typed, keys and clicks besides, seconds waited for the machine."""

    letters: int
    acts: int
    waited: float

    def __str__(self) -> str:
        strokes = round(self.letters * KEYS) + self.acts
        minutes = self.letters / MINUTE + self.acts * 2 / 60 + self.waited / 60
        return (
            f"{self.letters} letters, {self.acts} keys and clicks, {self.waited:.0f} s waited: "
            f"about {strokes} keystrokes, {minutes:.0f} minutes"
        )


def main(pictures: Path | None) -> None:
    empty = base(NAME)._replace(texts={}, year=base(NAME).year)
    written = drafted(edition_named(NAME), empty)
    whole = {at: BLANK.sub(answer, text) for at, text in written.texts.items()}
    findings = judge(edition_named(NAME), written._replace(texts=whole)).findings
    print("left to mend:", [f.message for f in findings if f.severity == "error"])
    with tempfile.TemporaryDirectory() as home:
        folder = pictures or Path(home)
        (folder / "w").mkdir(parents=True, exist_ok=True)
        with screen.shown(extension(sys.executable), Path(home, "w")) as window:
            for way in ("without", "with"):
                path = Path(home, f"{way}.xlsx")
                save(build_template(NAME), path)
                fill_workbook(path, empty, path)
                clerk = Clerk(window, window.open(path), Path(home))
                print(f"{way} 拟稿: {work(clerk, way == 'with', written, whole)}", flush=True)
                window.close(clerk.book)


def answer(found: re.Match[str]) -> str:
    return next((said for word, said in ANSWERS.items() if word in found[0]), "")


def work(clerk: Clerk, helped: bool, written: Filing, whole: dict[str, str]) -> Work:
    """The texts in, 校验, the report; what each step asks of her is counted."""
    letters, acts, started, pasted = 0, 0, time.perf_counter(), 0.0
    if helped:
        print(hand.pressed(clerk.window, clerk.book, "拟稿", "drafted"))
        acts += 2  # the button and its box
        assert {at: clerk.cell(at).String for at in FORM.texts} == dict(written.texts)
    for at in FORM.texts:
        blanks = BLANK.findall(written.texts[at])
        typed = [answer(re.match(".*", one, re.DOTALL)) for one in blanks] if helped else [whole[at]]
        letters += sum(map(len, typed))
        acts += 2 * len(typed) + (1 if typed else 0)  # into the cell, onto each blank, and out
        if typed:
            before = time.perf_counter()
            clerk.paste(at, whole[at])
            pasted += time.perf_counter() - before
    said = hand.pressed(clerk.window, clerk.book, "校验", f"checked_{helped}")
    print(said)
    said = hand.pressed(clerk.window, clerk.book, "生成报告", f"reported_{helped}")
    print(said)
    return Work(letters, acts + 4, time.perf_counter() - started - pasted)


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
