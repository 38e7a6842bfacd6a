"""An invented county of 64 units in its January, and a province of any size, as standings."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from random import Random
from types import MappingProxyType
from typing import Any

from by_name import cell_of, judge
from cases import base, edited

from xlcheck.core.filing import Filing, stated_values
from xlcheck.core.finding import verdict
from xlcheck.county.submission import Campaign, Decision, LedgerFinding, Return, Submission, Unit
from xlcheck.data.county import Status, Verdict
from xlcheck.editions import edition_named

EDITION = edition_named("2021")
NAMES = tuple(EDITION.form.fields)
NOTHING: Mapping[str, Any] = MappingProxyType({})
COUNTY = Campaign("宁溪县", 2025, "2021", date(2026, 1, 31))
PROVINCE = COUNTY._replace(county="东宁省")
TODAY, AS_OF = date(2026, 1, 26), datetime(2026, 1, 26, 17, 30)
TAKEN = {"石桥镇": {"R211": "上年漏报一件，已核实。"}}  # reasons that the county took
SAID = {"县财政局": {"R211": "上年清理后重新计入一件。"}}  # reasons that the unit gave itself
CODES = {"安丰镇": ("ACDE-3467", "CCDE-3467")}  # of its return, and of the one before
TOWNS = "白石 柳渡 高岭 双河 新集 太平 安丰 龙潭 城关 石桥 南涧 北流 青云 长坪 和平 枫桥"
OFFICES = (
    "应急管理 城市管理 公安 自然资源 交通运输 信访 教育 水务 统计 民政 商务 林业 财政 审计 司法 气象 档案 "
    "医疗保障 农业农村 文化旅游 卫生健康 市场监督管理 退役军人事务 发展和改革 工业和信息化 住房和城乡建设 "
    "人力资源和社会保障 民族宗教事务 乡村振兴 生态环境 体育 粮食和物资储备 行政审批服务 投资促进 机关事务 "
    "大数据发展 园林绿化 地方金融 招商服务 国防动员 人民防空 烟草专卖 供销合作 移民安置 数据资源 "
    "公共资源交易 残疾人事务 扶贫开发"
)
LISTED = [
    *[(f"{n}镇", "镇") for n in TOWNS.split()],
    *[(f"县{n}局", "县级部门") for n in OFFICES.split()],
]
MORE_VALID = {
    "t2.normative.valid": 7,
    "s1": ("现行有效6件", "现行有效7件"),
}  # one more than last year leads to
FAULTS = {  # how a unit stands that is not simply accepted, and what is wrong in it
    "白石镇": (Status.RETURNED, {"t3.granted.legal": "", "t4.review.other": "/", "t3.carry_in.legal": ""}),
    "柳渡镇": (
        Status.RETURNED,
        {"t3.granted.natural": 21, "s1": ("制发行政规范性文件2件", "制发行政规范性文件3件")},
    ),
    "高岭镇": (Status.RETURNED, {"t3.sum.business": 5}),
    "县应急管理局": (Status.RETURNED, {"s6": "无。", "t3.carry_in.natural": 3}),
    "县城市管理局": (Status.RETURNED, {"t3.new.business": 5}),
    "县公安局": (Status.RETURNED, {"t2.normative.made": "12件"}),
    "县自然资源局": (Status.RETURNED, {"t3.sum.natural": 16, "t3.sum.total": 23}),
    "县交通运输局": (Status.RETURNED, {"t2.license.decisions": "", "t2.penalty.decisions": "-"}),
    "县信访局": (Status.RETURNED, {"t4.review.upheld": 2, "t4.review.total": 1}),
    "双河镇": (Status.RESENT, {}),
    "县教育局": (Status.RESENT, {}),
    "县水务局": (Status.RESENT, {"t2.normative.valid": 14}),
    "新集镇": (Status.REPORTED, MORE_VALID),
    "太平镇": (Status.REPORTED, {"t2.fees.amount": 31500}),
    "安丰镇": (Status.REPORTED, {}),
    "县统计局": (Status.REPORTED, {}),
    "县民政局": (Status.REPORTED, {"t3.denied_4.total": 2}),
    "龙潭镇": (Status.MISSING, {}),
    "县商务局": (Status.MISSING, {}),
    "县林业局": (Status.MISSING, {}),
    "石桥镇": (Status.ACCEPTED, MORE_VALID),
    "县财政局": (Status.ACCEPTED, MORE_VALID),
}


def county() -> Iterator[Submission]:
    """The 64 units, faults planted in some, in the roster's order."""
    for n, (name, kind) in enumerate(LISTED):
        status, edit = FAULTS.get(name, (Status.ACCEPTED, {}))
        yield standing(
            n, Unit(name, kind, counted(kind), contact="经办人", phone=f"0000-62{n:05}"), status, edit
        )


def counted(kind: str) -> str:
    return "township" if kind == "镇" else "department"


def standing(n: int, unit: Unit, status: Status, edit: Mapping[str, Any] = NOTHING) -> Submission:
    """One unit with a return and last year's filing; a missing one has last year only."""
    received = datetime(2026, 1, 9 + n % 16, 9, n % 60)
    last = filing(unit, 2024, n % 7)
    told = {
        "unit": unit,
        "status": status,
        "last": stated_values(EDITION.form, last),
        "last_received": datetime(2025, 1, 22 + n % 9, 10),
        "last_late": 3 if n % 10 == 7 else 0,
    }
    if status is Status.MISSING:
        return Submission(**told)
    resent = status is Status.RESENT or edit.get("t3.granted.natural") == 21
    whole = sent(unit, n % 11, edit)._replace(answers=SAID.get(unit.name, {}))
    current = returned(f"{unit.name}2025年报.xlsx", received, whole, last, TAKEN.get(unit.name, {}))
    code, *codes = CODES.get(unit.name, ("",))
    current, told = current._replace(code=code), told | {"codes": tuple(codes)}
    decided = _decisions(status, current, received)
    return Submission(**told, current=current, times=2 if resent else 1, first=received, decided=decided)


def _decisions(status: Status, current: Return, received: datetime) -> tuple[Decision, ...]:
    made = received + timedelta(minutes=23)
    match status:
        case Status.RETURNED:
            return (Decision(Verdict.RETURN, current.digest, "", "", "", made),)
        case Status.RESENT:
            return (Decision(Verdict.RETURN, "earlier", "", "", "", made - timedelta(days=2)),)
        case Status.ACCEPTED:
            return (Decision(Verdict.ACCEPT, current.digest, "", "", "", made),)
    return ()


def sent(unit: Unit, more: int, edit: Mapping[str, Any]) -> Filing:
    whole = filing(unit, 2025, more)
    edits = {k: whole.texts[k].replace(*v) if isinstance(v, tuple) else v for k, v in edit.items()}
    return edited(whole, edits)


def filing(unit: Unit, year: int, more: int) -> Filing:
    """A sound filing of the unit: the base of tests/cases.py with ``more`` requests granted."""
    sound = base("2021")
    grown = ("t3.new", "t3.granted", "t3.sum")
    figures = {
        f"{row}.{col}": sound.values[f"{row}.{col}"] + more for row in grown for col in ("natural", "total")
    }
    figures["t2.normative.valid"] = Decimal(6 if year == 2025 else 5)
    swaps = {"19件": f"{19 + more}件", "清水镇人民政府": unit.name, "我镇": "我单位", "镇级": "本级"}
    texts = dict(sound.texts) if year == 2025 else {}
    for section, text in texts.items():
        for old, new in swaps.items():
            text = text.replace(old, new)
        texts[section] = text
    values = {**sound.values, **figures}
    return sound._replace(year=Decimal(year), unit=unit.name, kind=unit.kind, values=values, texts=texts)


def returned(
    name: str, received: datetime, whole: Filing, last: Filing | None, answers: Mapping[str, str] = NOTHING
) -> Return:
    """A return as the ledger keeps it, checked; ``answers`` are reasons the county took, by rule."""
    told = verdict(name, whole, judge(whole, last), lambda at: cell_of(whole, at))
    findings = tuple(noted(f, answers.get(f["rule"], "")) for f in told["findings"])
    ran = {r["rule"]: (r["cases"], r["failed"], r["skipped"], r["not_applicable"]) for r in told["ran"]}
    return Return(f"digest-{name}", name, received, edition_named(whole.edition), whole, findings, ran)


def noted(told: dict[str, Any], accepted: str = "") -> LedgerFinding:
    told_of = {key: told[key] for key in ("rule", "severity", "at", "cell", "message")}
    return LedgerFinding(
        **told_of, told=told, mark=told["rule"] + told["at"], answer=told.get("answer", ""), accepted=accepted
    )


def province(count: int) -> Iterator[Submission]:
    """Units in 12 cities and 128 counties; their returns repeat those of the county, names apart."""
    shapes, chance = list(_county()), Random(1)
    for n in range(count):
        shape, inside = chance.choice(shapes), n % 128
        city = inside % 12
        region = f"{CITIES[city]}市/{COUNTIES[inside // 12]}{CITIES[city][1]}县"
        name = f"{region[-3:]}{shape.unit.name.removeprefix('县')}{n}"
        unit = shape.unit._replace(name=name, region=region)
        current = shape.current and shape.current._replace(filing=varied(shape.current.filing, chance))
        yield shape._replace(unit=unit, current=current, last={**shape.last, **others(chance)})


def varied(whole: Filing, chance: Random) -> Filing:
    return whole._replace(values={**whole.values, **others(chance)})


def others(chance: Random) -> dict[str, Decimal]:
    """Other figures in an eighth of the cells, so that no two units are alike when packed."""
    return {name: Decimal(chance.randrange(300)) for name in chance.sample(NAMES, 25)}


@cache
def _county() -> tuple[Submission, ...]:
    return tuple(county())


CITIES = ("海陵", "临浦", "北安", "石阳", "平川", "青原", "云州", "长宁", "东麓", "江阳", "西河", "南屏")
COUNTIES = "石云河安枫白清平溪松桐"
