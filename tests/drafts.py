"""A reader of drafts of its own: of which cell each figure is said, by the words beside it."""

import re
from collections.abc import Iterator
from decimal import Decimal

BLANK = re.compile(r"〔[^〕]*〕")
APPLICANTS = {
    "自然人": "natural", "法人或其他组织": "org", "商业企业": "business", "科研机构": "research",
    "社会公益组织": "social", "法律服务机构": "legal", "其他组织": "other_org",
}  # fmt: skip
RESULTS = {
    "予以公开": "granted", "部分公开": "partial", "不予公开": "denied", "属于国家秘密": "denied_1",
    "其他法律行政法规禁止公开": "denied_2", "危及“三安全一稳定”": "denied_3",
    "保护第三方合法权益": "denied_4", "属于三类内部事务信息": "denied_5",
    "属于四类过程性信息": "denied_6", "属于行政执法案卷": "denied_7", "属于行政查询事项": "denied_8",
    "无法提供": "unable", "本机关不掌握相关政府信息": "unable_1", "没有现成信息需要另行制作": "unable_2",
    "补正后申请内容仍不明确": "unable_3", "不予处理": "rejected", "信访举报投诉类申请": "rejected_1",
    "重复申请": "rejected_2", "要求提供公开出版物": "rejected_3", "无正当理由大量反复申请": "rejected_4",
    "要求确认或重新出具": "rejected_5", "作其他处理": "other", "申请人逾期不补正": "other_1",
    "申请人逾期未缴纳费用": "other_2", "其他情形": "other_3",
    "其他处理情形": "other_3", "属于信访举报投诉类申请": "rejected_1", "属于重复申请": "rejected_2",
    "属于无正当理由大量反复申请": "rejected_4",
}  # fmt: skip
CASES = {"结果维持": "upheld", "结果纠正": "corrected", "其他结果": "other", "尚未审结": "pending"}
KINDS = {
    "行政许可": "license",
    "其他对外管理服务事项": "other_services",
    "行政处罚": "penalty",
    "行政强制": "coercion",
}
NUMBER = r"(\d+(?:\.\d+)?)"
Stated = tuple[str, Decimal]  # a cell or a heading, by its name, and what is said to stand there


def stated(text: str) -> Iterator[Stated]:
    """Every figure of a drafted 一 with the cell or the heading it is said of.

    Raises AssertionError where a figure is said of nothing that this reader knows.
    """
    results: dict[str, str] = {}  # the year's, by row, for what is told of a row without its figure
    for sentence in re.split("[。；\n]", BLANK.sub("", text)):
        said = [*_sentence(re.sub(r"^（.）[^。]*$|\d{4}年", "", sentence), results)]
        figures = re.findall(NUMBER, re.sub(r"\d{4}年", "", sentence))
        there = [figure for _, figure, _ in said if figure]
        assert sorted(figures) == sorted(there), (sentence, said)
        yield from ((name, Decimal(figure or value)) for name, figure, value in said)


def _sentence(sentence: str, results: dict[str, str]) -> Iterator[tuple[str, str, str]]:
    """A cell, the figure in the text, or what stands for one."""
    if found := re.search(rf"新收到?政府信息公开申请{NUMBER}件", sentence):
        yield "t3.new.total", found[1], ""
        yield from _applicants("new", sentence[found.end() :], found[1])
    elif "未收到政府信息公开申请" in sentence:
        yield "t3.new.total", "", "0"
    elif found := re.search(rf"比上年(增加|减少){NUMBER}件(?:，(?:增长|下降){NUMBER}%)?", sentence):
        yield f"change.{found[1]}", found[2], ""
        yield from [("percent", found[3], "")] if found[3] else ()
    elif found := re.search(rf"(上年结转申请|结转下年度继续办理){NUMBER}件", sentence):
        row = "carry_in" if found[1] == "上年结转申请" else "carry_out"
        yield f"t3.{row}.total", found[2], ""
        yield from _applicants(row, sentence[found.end() :], found[2])
    elif found := re.search(rf"(?:共办结|共办理答复){NUMBER}件", sentence):
        results |= {"sum": found[1], **dict(_outcomes(sentence[found.end() :], found[1]))}
        yield "t3.sum.total", found[1], ""
        yield from ((f"t3.{row}.total", figure, "") for row, figure in _listed(RESULTS, sentence))
        said = {row for row, _ in _listed(RESULTS, sentence)} | {"sum"}
        yield from ((f"t3.{row}.total", "", figure) for row, figure in results.items() if row not in said)
    elif found := re.search(r"(\S+)的有((?:自然人|商业|科研|社会|法律|其他组织).*)", sentence):
        row = {**RESULTS, "办结": "sum"}[found[1].removeprefix("按申请人分，")]
        yield from ((f"t3.{row}.{who}", figure, "") for who, figure in _listed(APPLICANTS, found[2]))
    elif found := re.search(r"(\S+?)(?:的|的申请)均?由(\w+)提出", sentence):
        rows = results if found[1] == "办结" else [RESULTS[one] for one in found[1].split("、")]
        yield from ((f"t3.{row}.{APPLICANTS[found[2]]}", "", results[row]) for row in rows)
    elif "行政复议" in sentence or "行政诉讼" in sentence:
        yield from _cases(sentence)
    else:
        yield from _disclosure(sentence)


def _listed(words: dict[str, str], rest: str) -> Iterator[tuple[str, str]]:
    names = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    yield from ((words[found[1]], found[2]) for found in re.finditer(rf"({names}){NUMBER}件", rest))


def _alone(words: dict[str, str], rest: str) -> str:
    """The only one, where the text says that all are of it."""
    names = "|".join(sorted(map(re.escape, words), key=len, reverse=True))
    found = re.match(rf"，(?:申请人均?为|均)?({names})(?:（|$)", rest)
    return words[found[1]] if found else ""


def _applicants(row: str, rest: str, whole: str) -> Iterator[tuple[str, str, str]]:
    if only := _alone(APPLICANTS, rest):
        yield f"t3.{row}.{only}", "", whole
    yield from ((f"t3.{row}.{who}", figure, "") for who, figure in _listed(APPLICANTS, rest))
    for found in re.finditer(rf"法人或其他组织(?:{NUMBER}件)?（([^）、\d]+)）", rest):
        yield f"t3.{row}.{APPLICANTS[found[2]]}", "", found[1] or whole


def _outcomes(rest: str, whole: str) -> Iterator[tuple[str, str]]:
    """The year's results with what they amount to, also of one that alone makes up its group or the whole."""
    for only in filter(None, (_alone(RESULTS, rest), _named(rest))):
        yield only, whole
    yield from _listed(RESULTS, rest)
    for found in re.finditer(rf"{NUMBER}件（([^）、\d]+)）", rest):
        yield RESULTS[found[2]], found[1]


def _named(rest: str) -> str:
    """What alone makes up the only group there is: 均不予公开（重复申请）."""
    found = re.fullmatch(r"，均?[^（）\d]+（([^）、\d]+)）", rest)
    return RESULTS[found[1]] if found else ""


def _cases(sentence: str) -> Iterator[tuple[str, str, str]]:
    for words, name in (
        ("行政复议", "review"),
        ("未经复议直接起诉", "direct"),
        ("复议后起诉", "after_review"),
    ):
        if found := re.search(rf"{words}{NUMBER}件(?:（([^）]*)）)?", sentence):
            yield f"t4.{name}.total", found[1], ""
            yield from ((f"t4.{name}.{case}", n, "") for case, n in _listed(CASES, found[2] or ""))
            if only := CASES.get(re.sub("^均为?", "", found[2] or "")):
                yield f"t4.{name}.{only}", "", found[1]
    if found := re.search(rf"行政诉讼{NUMBER}件(?:，均?为(\w+)(?:（([^）]*)）)?)?", sentence):
        only = {"未经复议直接起诉": "direct", "复议后起诉": "after_review"}.get(found[2])
        yield f"t4.{only}.total" if only else "suits", found[1], ""
        if only:
            yield from ((f"t4.{only}.{case}", n, "") for case, n in _listed(CASES, found[3] or ""))
            if alone := CASES.get(re.sub("^均为?", "", found[3] or "")):
                yield f"t4.{only}.{alone}", "", found[1]
    if re.search("未发生|没有因", sentence):
        yield from (
            (f"t4.{n}.total", "", "0") for w, n in (("复议", "review"), ("诉讼", "direct")) if w in sentence
        )


def _disclosure(sentence: str) -> Iterator[tuple[str, str, str]]:
    """What 表二 says, of both editions."""
    patterns = [
        (rf"新?制[发作](规章|(?:行政)?规范性文件){NUMBER}件", "made"),
        (rf"废止(规章|行政规范性文件)?{NUMBER}件", "repealed"),
        (rf"现行有效(规章)?{NUMBER}件", "valid"),
        (rf"新公开(规章|规范性文件){NUMBER}件", "published"),
        (rf"对外公开(规章|规范性文件)总数{NUMBER}件", "published_total"),
    ]  # fmt: skip
    about = "rules" if "规章" in sentence else "normative"
    for pattern, column in patterns:
        yield from ((f"t2.{about}.{column}", found[2], "") for found in re.finditer(pattern, sentence))
    kinds = "|".join(KINDS)
    for found in re.finditer(rf"({kinds})(?:处理)?决定{NUMBER}件", sentence):
        yield f"t2.{KINDS[found[1]]}.decisions", found[2], ""
    for found in re.finditer(rf"({kinds})上一年项目{NUMBER}项，本年(没有增减|增加|减少){NUMBER}?", sentence):
        yield f"t2.{KINDS[found[1]]}.prev_items", found[2], ""
        if found[4]:
            yield f"t2.{KINDS[found[1]]}.delta{'' if found[3] == '增加' else '.less'}", found[4], ""
    for found in re.finditer(rf"({kinds})上一年没有项目，本年增加{NUMBER}项", sentence):
        yield f"t2.{KINDS[found[1]]}.delta", found[2], ""
    for pattern, name in (
        (rf"收取行政事业性收费{NUMBER}万元", "t2.fees.amount"),
        (rf"行政事业性收费项目{NUMBER}项", "fee_items"),
        (rf"政府集中采购项目{NUMBER}个", "t2.procurement.projects"),
        (rf"采购总金额{NUMBER}", "t2.procurement.amount"),
    ):  # fmt: skip
        yield from ((name, found[1], "") for found in re.finditer(pattern, sentence))
