"""The data files against their shapes: a slip in one is refused with file, line and what was meant."""

import ast
import os
import re
import shutil
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path
from typing import Annotated, get_args, get_origin, get_type_hints

import pytest

from xlcheck import data
from xlcheck.core.text.words.numbers import numerals
from xlcheck.data.checking import DataError, checked, shape_of
from xlcheck.data.claims import claims
from xlcheck.data.patterns import reduced
from xlcheck.data.remarks import remarks
from xlcheck.data.text import figure_writing

SHAPED = sorted(path.stem for path in data.HERE.glob("*.toml"))

PLANTED = [  # the file, what stands there, the slip, and what the refusal says
    ("messages", "no_edition = ", "no_editon = ", ["'no_editon'", "'no_edition' may be meant"]),
    ("messages", 'EACCES = "没有权限"', "EACCES = 13", ["reason EACCES", "found 13"]),
    (
        "rules",
        'severity = "error"',
        'severity = "eror"',
        ["rule 1 severity", "'eror'", "'error' may be meant"],
    ),
    ("rules", '"counts amounts"', '"counts amonts"', ["rule 3 each", "'amonts'", "'amounts' may be meant"]),
    ("rules", '"t3.columns"', '"t3.colums"', ["each", "'colums'", "'columns' may be meant"]),
    ("rules", 'beside = ["R302", "R303"]', 'beside = ["R302", "R313"]', ["beside", "'R313'", "may be meant"]),
    ("rules", 'check = "dated"', 'check = "datd"', ["check", "'datd'", "'dated' may be meant"]),
    ("rules", 'needs = "file"', 'needs = "fill"', ["needs", "'fill'", "'file' may be meant"]),
    ("rules", 'family = "cells"', 'family = "cell"', ["family", "'cell'", "'cells' may be meant"]),
    ("rules", "silences = true", "silence = true", ["'silence'", "'silences' may be meant"]),
    ("rules", "open = true", 'open = "true"', ["rule 1 open", "found 'true'"]),
    ("rules", 'id = "R102"', 'id = "R101"', ["rule 2 id", "'R101' stands twice"]),
    ("rules", "{count} 格", "{cuont} 格", ["together", "'cuont'", "'count' may be meant"]),
    ("rules", 'check = "dated"', 'check = "dated"\ntest = "x"', ["check", "'R108' has a test already"]),
    ("rules", "since = 2021", "since = 20210", ["since", "begins after its end"]),
    ("rules", 'sound = "没有负数"', 'sound = "没有{n}"', ["sound", "'n' is filled in by nothing"]),
    ("rules", "'\\+(\\d+)'", "'\\+\\d+'", ["typed 3 pattern", "no group"]),
    ("rules", "'\\+(\\d+)'", "'\\+(\\d+'", ["typed 3 pattern", "is no pattern"]),
    ("rules", '没有的请填 0。"\nwhy', '没有的请填 {x}。"\nwhy', ["rule 1 advice", "'x'"]),
    ("rules_text", "写的是 {stated}", "写的是 {statd}", ["message", "'statd'", "'stated' may be meant"]),
    ("rules_text", "请改为{notice}", "请改为{notic}", ["advice", "'notic'", "'notice' may be meant"]),
    ("rules_text", 'needs = "last"', 'needs = "lsat"', ["needs", "'lsat'", "'last' may be meant"]),
    ("rules_text", 'check = "text_parts"', 'check = "text_part"', ["check", "'text_parts' may be meant"]),
    ("claims", 'slot = "outcome"', 'slot = "outcom"', ["slot", "'outcom'", "'outcome' may be meant"]),
    ("claims", "uncounted = true", "uncountd = true", ["'uncountd'", "'uncounted' may be meant"]),
    (
        "claims",
        'pending = "not_done"',
        'pending = "notdone"',
        ["roles pending", "'notdone'", "'not_done' may be meant"],
    ),
    ("claims", 'id = "direct"', 'id = "dirct"', ["'dirct'", "'direct' may be meant"]),
    ("claims", 'what = "partial"', 'what = "partal"', ["what", "'partal'", "'partial' may be meant"]),
    ("claims", 'act = "carry"', 'act = "cary"', ["claim 1 act", "'cary'", "'carry' may be meant"]),
    ("claims", "sum(t3.granted.{who})", "sum(t3.grantd.{who})", ["any", "t3.grantd", "t3.granted"]),
    ("claims", 'outcome = "upheld"', 'outcome = "uphold"', ["outcome", "'uphold'", "'upheld' may be meant"]),
    ("claims", 'unless = ["carried_in"]', 'unless = ["carred_in"]', ["unless", "'carried_in' may be meant"]),
    ("claims", 'wholes = ["received"', 'wholes = ["recieved"', ["wholes", "'received' may be meant"]),
    ("claims", '"sum(t3.new.total)"', '"sum(t3.now.total)"', ["bases", "'t3.new.total' may be meant"]),
    ("claims", '"千元" = 1000', '"千圆" = 1000', ["reading money", "'千圆'", "'千元' may be meant"]),
    ("claims", "rate = '(?:办结", "rate = '((?:办结", ["reading rate", "missing )"]),
    ("claims", "money = 10000\n", 'money = "10000"\n', ["money", "found '10000'"]),
    ("claims", '"t4.review" = ', '"t4.reveiw" = ', ["labels", "'t4.reveiw'", "'t4.review' may be meant"]),
    ("text", '"十" = 10', '"十" = "10"', ["places", "found '10'"]),
    ("text", "prior = ", "priour = ", ["scan", "'priour'", "'prior' may be meant"]),
    ("text", "开请复复", "开请复", ["simplified", "is shorter"]),
    ("text", "tail = '左右", "tail = '(左右", ["figure tail", "missing )"]),
    ("remarks", 'check = "placeholder"', 'check = "placehodler"', ["'placeholder' may be meant"]),
    ("remarks", 'sections = ["s1"]', 'sections = ["s2"]', ["unwanted 2 sections", "'s2'"]),
    ("remarks", "lower = true", "lowr = true", ["'lowr'", "'lower' may be meant"]),
    (
        "remarks",
        'never = ["乡", "街道"',
        'never = ["乡", "街道办"',
        ["never", "'街道办'", "'街道' may"],
    ),
    ("remarks", 'kinds = ["街道"]', 'kinds = ["街到"]', ["organ kinds 3 kinds", "'街道' may be meant"]),
    (
        "remarks",
        'government = ["县级政府"',
        'government = ["县政府"',
        ["government", "'县级政府' may"],
    ),
    ("remarks", "share = 0.8", 'share = "0.8"', ["copied share", "found '0.8'"]),
    ("remarks", "{year}年度?", "{yeer}年度?", ["stale", "'{year}'"]),
    (
        "office",
        "nothing_to_clear = ",
        "nothing_to_claer = ",
        ["'nothing_to_claer'", "'nothing_to_clear'"],
    ),
    ("office", "AllowSorting = false", 'AllowSorting = "no"', ["protect AllowSorting", "found 'no'"]),
    ("office", 'adopt = "采纳建议"', "adopt = 1", ["action adopt", "found 1"]),
    ("addin", "times = 1", "time = 1", ["'time'", "'times' may be meant"]),
    ("addin", "[names.linux]", "[names.linnux]", ["'linnux'", "'linux' may be meant"]),
    ("addin", '[[vba.change."xlwings', '[[vba.change."xlwing', ["'xlwing_custom_addin.bas'", "may be meant"]),
    ("addin", '"False"', '"Flase"', ["vba settings ADD_WORKBOOK_TO_PYTHONPATH", "'False' may be meant"]),
    ("cli", 'example = "xlcheck dump', 'exmaple = "xlcheck dump', ["'exmaple'", "'example' may be meant"]),
    ("cli", 'warning = "提醒"', 'warnings = "提醒"', ["'warnings'", "'warning' may be meant"]),
    ("cli", 'stopped = "', "stopped = 1 # ", ["out stopped", "found 1"]),
    ("report", 'align = "both"', 'align = "bith"', ["style BodyText align", "'both' may be meant"]),
    ("report", "own_page = true", "own_pgae = true", ["tables t3", "'own_page' may be meant"]),
    ("report", '[["agreed"', '[["agred"', ["marks key", "'agreed' may be meant"]),
    ("report", "outline = 0", "outline = 0.5", ["style Heading1 outline", "found 0.5"]),
    ("report", "[style.AnnexShort]", "[style.AnexShort]", ["'AnexShort'", "'AnnexShort' may be meant"]),
    ("cases", 'edition = "2021"', 'edition = "2012"', ["case 1 edition", "'2012'", "'2021' may be meant"]),
    ("cases", '"R101 t2', '"R1O1 t2', ["case 3 expect", "'R1O1'", "may be meant"]),
    ("cases", "note = { dated", "note = { datd", ["note", "'datd'", "'dated' may be meant"]),
    ("cases", 'replace = ["s1"', 'replace = ["s9"', ["replace", "'s9'"]),
    ("cases", '"文件2件", "文件3件"', '"文件8件", "文件3件"', ["replace", "'文件8件' does not stand there"]),
    ("cases", "advice = ", "advise = ", ["'advise'", "'advice' may be meant"]),
    ("policy", "month = 1", "month = 13", ["due", "'13-31' is no day"]),
    ("policy", "day = 31", "dai = 31", ["'dai'", "'day' may be meant"]),
    ("policy", "[severity]", "[severty]", ["'severty'", "'severity' may be meant"]),
    ("diagnosis", "transposed  ", "transposd  ", ["'transposd'", "'transposed' may be meant"]),
    ("diagnosis", "steps = 6000", 'steps = "6000"', ["limits steps", "found '6000'"]),
    ("diagnosis", "cost = 12", "costs = 12", ["'costs'", "'cost' may be meant"]),
    ("diagnosis", "[equation.R303]", "[equation.R333]", ["equation R333", "'R333'", "may be meant"]),
    ("diagnosis", "ways = ", "way = ", ["'way'", "'ways' may be meant"]),
    ("county", 'resent = "重报"', 'resend = "重报"', ["status resend", "'resent' may be meant"]),
    ("county", '"镇" = "township"', '"镇" = "townshp"', ["counted_by_kind 镇", "'township' may be meant"]),
    ("policy", "day = 31", 'day = "31"', ["due day", "found '31'"]),
    ("county", "no_driver = ", "no_drive = ", ["no_drive", "'no_driver' may be meant"]),
    ("county", 'code = "代码"', 'cod = "代码"', ["roster columns cod", "'code' may be meant"]),
    ("summary", "verdict = [", "verdct = [", ["sheets units columns verdct", "'verdict' may be meant"]),
    ("summary", 'decisions = ["return"', 'decisions = ["retrun"', ["decisions 1", "'return' may be meant"]),
    ("summary", 'n = ["序号", 6]', 'n = ["序号"]', ["sheets units columns n", "missing"]),
    ("summary", "freeze = ", "freez = ", ["sheets units freez", "'freeze' may be meant"]),
    ("summary", "sum_row = 5", 'sum_row = "5"', ["sheets fields sum_row", "found '5'"]),
    ("serve", "guesses = 5", 'guesses = "5"', ["limits guesses", "found '5'"]),
    ("serve", "stale = ", "stael = ", ["sign_in stael", "'stale' may be meant"]),
    ("serve", "是“{cover}”", "是“{covre}”", ["refused other_unit", "'cover' may be meant"]),
    ("serve", 'explained = "已接受，说明', 'explaned = "已接受，说明', ["unit verdict", "may be meant"]),
    ("notices", 'align = "center"', 'align = "centre"', ["table column 1 align", "'center' may be meant"]),
    ("notices", "beside_most = 3", 'beside_most = "3"', ["finding beside_most", "found '3'"]),
    ("notices", 'error = "错误"', 'eror = "错误"', ["finding severity eror", "'error' may be meant"]),
    ("notices", "mend_warned = ", "mend_warnd = ", ["returned mend_warnd", "'mend_warned' may be meant"]),
    ("notices", "entry_most = [20, 8]", "entry_most = [20]", ["finding entry_most", "missing"]),
    ("dashboard", 'id = "kind"', 'id = "kinds"', ["column 2 id", "'kind' may be meant"]),
    ("dashboard", 'writing = "正文写法"', 'writng = "正文写法"', ["family writng", "'writing' may be meant"]),
    ("dashboard", 'text = ["#1a1f26", "#e8ebee"]', 'text = ["#1a1f26"]', ["colours text", "missing"]),
    ("dashboard", "nobody_missing = ", "nobody_mising = ", ["html", "'nobody_missing' may be meant"]),
    (
        "dashboard",
        'accept = "接受于 {at}"',
        'acept = "接受于 {at}"',
        ["unit verdict", "'accept' may be meant"],
    ),
    ("styles", 'fill = "band"', 'fill = "bnad"', ["style caption fill", "'bnad'", "'band' may be meant"]),
    ("styles", 'align = "center"', 'align = "centre"', ["align", "'centre'", "'center' may be meant"]),
    ("styles", 'border = "heavy"', 'border = "havy"', ["border", "'havy'", "'heavy' may be meant"]),
    ("styles", "entry_sum  = {", "entry_smu  = {", ["style", "'entry_smu'", "'entry_sum' may be meant"]),
    ("styles", "blamed   = {", "blamd   = {", ["mark", "'blamd'", "'blamed' may be meant"]),
    (
        "styles",
        'colour = "5F0F0A"',
        'colour = "5F0F0"',
        ["mark blamed colour", "'5F0F0' is no colour"],
    ),
    ("styles", 'chip = "warning"', 'chip = "wraning"', ["sign warning chip", "'warning' may be meant"]),
    ("styles", 'ink = "1F2D3D"', 'ink = "1F2D3"', ["colour ink", "'1F2D3' is no colour as RRGGBB"]),
    (
        "workbook",
        'role = "check_num"',
        'role = "check_nmu"',
        ["role", "'check_nmu'", "'check_num' may be meant"],
    ),
    ("workbook", 'same = "× 同因"', 'smae = "× 同因"', ["states", "'smae'", "'same' may be meant"]),
    ("workbook", 'cell = "C5"', 'cell = "C0"', ["cover unit cell", "'C0' is no cell's address"]),
    ("workbook", "last_header = 23", "lastheader = 23", ["kind plain", "'last_header' may be meant"]),
    ("workbook", "rows = [76]", 'rows = ["76"]', ["texts preface rows", "found '76'"]),
    (
        "workbook",
        "[sheets.hidden] ",
        "[sheets.hidden]\nname = 'x'",
        ["sheets hidden", "'x' is named in hidden"],
    ),
    (
        "workbook",
        '[sheets.cover]\nname = "封面"\n',
        "[sheets.cover]\n",
        ["sheets cover", "'cover' has no name"],
    ),
    ("hidden_sheet", 'waiting = "R"', 'waiting = "Q"', ["rule waiting", "'Q' stands twice"]),
    ("hidden_sheet", 'gap = "O"', 'gpa = "O"', ["case", "'gpa'", "'gap' may be meant"]),
    ("hidden_sheet", 'open = "B12"', 'open = "12B"', ["cell open", "'12B' is no cell's address"]),
    ("guide", 'kind = "entry"', 'kind = "enrty"', ["kind", "'enrty'", "'entry' may be meant"]),
    ("workbook", "[check.R302]", "[check.R3O2]", ["check R3O2", "'R3O2'", "may be meant"]),
    ("notices", 'private = ["R650"', 'private = ["R65O"', ["private", "'R65O'", "may be meant"]),
    ("rules", '"镇", "乡"', '"镇", "乡乡"', ["words", "'乡乡'", "may be meant"]),
    ("form_2021", 'id = "denied_6"', 'id = "denied_5"', ["'denied_5' stands twice"]),
    ("importing", "most_ways = 6", "most_way = 6", ["label", "'most_way'", "'most_ways' may be meant"]),
    ("importing", 'foreign = "', 'foregn = "', ["doubt", "'foregn'", "'foreign' may be meant"]),
    ("importing", "longest = 45", 'longest = "45"', ["heading longest", "found '45'"]),
    (
        "importing",
        'deleted = "{at} 没有搬',
        'deletd = "{at} 没有搬',
        ["left", "'deletd'", "'deleted' may be meant"],
    ),
    ("importing", 't2 = "[^.', 't2x = "[^.', ["heading words", "'t2x'", "'t2' may be meant"]),
    ("importing", 'unit = "件|', 'unit = "(件|', ["figure unit", "missing )"]),
    (
        "form_2021",
        'group = "results"',
        'group = "reslts"',
        ["t3", "'reslts'", "'results' may be meant"],
    ),
    ("form_2021", 'kind = "amount"', 'kind = "amonut"', ["kind", "'amonut'", "'amount' may be meant"]),
    ("form_2021", 'under = "t3"', 'under = "t33"', ["option 1 under", "'t33'", "'t3' may be meant"]),
    ("form_2021", "first_year = 2021", 'first_year = "2021"', ["first_year", "found '2021'"]),
    ("form_2019", 't2 = "第', 't22 = "第', ["begins t22", "'t22'", "'t2' may be meant"]),
    ("form_2019", 'beside = "t2.procurement.amount"', 'beside = "t2.procurment.amount"', ["option 1 beside"]),
    # colours and addresses
    (
        "workbook",
        'tab = "3F5266"',
        'tab = "3F526G"',
        ["cover tab", "'3F526G' is no colour as RRGGBB"],
    ),
    ("workbook", 'tab_errors = "B3261E"', 'tab_errors = "#B3261E"', ["tab_errors", "'#B3261E'"]),
    ("report", 'band = "DDE7F2"', 'band = "DDE7F"', ["colour band", "'DDE7F' is no colour as RRGGBB"]),
    ("report", 'warning = "FFF4D1"', 'warning = "yellow"', ["colour severity", "'yellow'"]),
    ("dashboard", '"#1a1f26", ', '"1a1f26", ', ["colours text 1", "'1a1f26' is no colour as #rrggbb"]),
    ("summary", 'tab = "0B4F9E"', 'tab = "0B4F9"', ["sheets units tab", "'0B4F9'"]),
    ("workbook", 'banner = "B1:E1"', 'banner = "B1:E"', ["banner", "'B1:E' is no address of cells"]),
    ("workbook", 'entry = "C:E"', 'entry = "C-E"', ["on_cover entry", "'C-E' is no column, nor two"]),
    ("summary", 'freeze = "C6"', 'freeze = "6C"', ["sheets units freeze", "'6C' is no cell's address"]),
    ("guide", 'how = "D"', 'how = "D1"', ["at how", "'D1' is no column"]),
    ("hidden_sheet", 'was = "AS"', 'was = "as"', ["log was", "'as' is no column"]),
    # what is filled in
    (
        "messages",
        "打不开“{file}”",
        "打不开“{fil}”",
        ["no_access", "'fil' is filled in by nothing, 'file'"],
    ),
    ("messages", "不是完好的 PDF。", "{file}不是完好的 PDF{。", ["bad_pdf", "is no sentence"]),
    ("messages", 'comma = "、"', 'comma = "{n}"', ["comma", "'{n}' is filled in by nothing"]),
    ("diagnosis", "把 {to} 写成了", "把 {too} 写成了", ["slip transposed say", "'to' may be meant"]),
    ("county", "里“{name}”出现", "里“{nmae}”出现", ["roster twice", "'name' may be meant"]),
    ("county", "{unit} 之后", "{unti} 之后", ["arrival sentence older", "'unit' may be meant"]),
    ("notices", "{date.year}年", "{date.yaer}年", ["words day", "'date.year' may be meant"]),
    ("notices", '"{year}年政府', '"{yaer}年政府', ["returned title 2", "'year' may be meant"]),
    ("dashboard", "共 {n} 家，{order}", "共 {n} 家，{ordre}", ["js found", "'order' may be meant"]),
    ("importing", "在“{words}”", "在“{wrods}”", ["repair moved", "'words' may be meant"]),
    ("report", "{0}年{1}月", "{0}年{4}月", ["words date", "'4' is filled in by nothing"]),
    ("guide", '"{notice}"', '"{notic}"', ["block 5 lines 2 2", "'notice' may be meant"]),
    (
        "addin",
        "{APPDATA}/Microsoft",
        "{APDATA}/Microsoft",
        ["base", "is no folder below one of HOME"],
    ),
    ("cli", "{file}：{unit} {year} 年度，没有", "{file}：{unti} {year} 年度，没有", ["'unit' may be meant"]),
    ("cli", '"还缺少：%s"', '"还缺少：%d"', ["'还缺少：%d' is not filled in as"]),
    ("cli", "%(argument_name)s：", "%(argument)s：", ["argparse", "is not filled in as"]),
    ("claims", "{who})", "{whom})", ["claim 1 any 1", "'who' may be meant"]),
    ("rules", "{notices}格式", "{noticess}格式", ["rule 1 legal", "'notices' may be meant"]),
    ("workbook", "填 {total}", "填 {totla}", ["check R301 bad", "'total' may be meant"]),
    ("rules", "＝{count:t3.new.", "＝{count:t3.nwe.", ["rule 33 title", "'t3.new.applicants' may be meant"]),
    ("guide", '"{table:t3}"', '"{tabel:t3}"', ["block 4 lines 2 1", "'tabel'", "'table' may be meant"]),
    ("guide", '"{table:t3}"', '"{table:t33}"', ["block 4 lines 2 1", "'t33' is in no form"]),
    ("workbook", "{span:t3.results}", "{span:t3.reslts}", ["check R302 label", "'t3.results' may be meant"]),
    ("claims", "{label:t3.denied|", "{label:t3.dneied|", ["labels denied", "'t3.denied' may be meant"]),
    ("diagnosis", "{count:t3.new", "{count:t3.nwe", ["equation R301 left other", "is in no form"]),
    # words of closed lists, and all of them
    ("importing", '"〔" = "("', '"〔" = "(("', ["letters same 〔", "'((' is no single letter"]),
    ("text", '"十" = 10', '"十十" = 10', ["places 十十", "is no single letter"]),
    ("cli", "[verb.demo]", "[verb.dmeo]", ["verb dmeo", "'demo' may be meant"]),
    ("cli", 'init = "生成', 'inti = "生成', ["arg inti", "'init' may be meant"]),
    ("summary", 'sections = ["s1", "s5"]', 'sections = ["s1", "s7"]', ["alike sections 2", "'s7'"]),
    # what one file names of another
    ("notices", 'run = "Band"', 'run = "Bnad"', ["column 4 run", "'Bnad'", "'Band' may be meant"]),
    ("notices", 'style = "t2"', 'style = "t22"', ["table style", "'t22'", "'t2' may be meant"]),
    ("dashboard", 'fresh = "t3.new.total"', 'fresh = "t3.nwe.total"', ["fresh", "'t3.new.total' may be"]),
    ("dashboard", '["t4.review.total"]', '["t4.reveiw.total"]', ["sum 4 fields", "'t4.review.total' may be"]),
    ("dashboard", 'id = "sent"', 'id = "name"', ["column 8 id", "'name' stands twice"]),
    ("report", "[tables.t4]", "[tables.t44]", ["tables t44", "'t4' may be meant"]),
    ("workbook", '"商业企业" =', '"商业公司" =', ["breaks 商业公司", "is not known"]),
    ("workbook", '"结果\\n维持"', '"结果\\n维特"', ["breaks 结果维持", "is not the label in other lines"]),
    ("workbook", "[texts.s5]", "[texts.s7]", ["texts s7", "'s7' is not known"]),
    ("county", '"县级政府", "本级"', '"县级政府", "本极"', ["examples 1", "'本极'", "'本级' may be meant"]),
    (
        "cases",
        '"t2.license.decisions" = 318',
        '"t2.licence.decisions" = 318',
        ["base 2021 values"],
    ),
    ("cases", 'edit = { "t3.granted', 'edit = { "t3.grantd', ["edit t3.grantd", "may be meant"]),
    # what stands once
    ("workbook", 'cell = "C6"', 'cell = "C5"', ["cover year cell", "'C5' stands twice"]),
    ("workbook", 'name = "文字"', 'name = "封面"', ["sheets text name", "'封面' stands twice"]),
    ("summary", 'name = "统计"', 'name = "收报情况"', ["sheets rules name", "'收报情况' stands twice"]),
    ("hidden_sheet", 'version = "B2"', 'version = "B1"', ["cell version", "'B1' stands twice"]),
    ("styles", 'sign = "！"', 'sign = "×"', ["sign warning sign", "'×' stands twice"]),
    ("form_2021", 't3 = "三、申请', 't3 = "二、主动公开" #', ["sheets t3", "'二、主动公开' stands twice"]),
    # what would only be met in use
    ("form_2021", 'choices = ["√"]', "choices = []", ["option 1 choices", "'no_requests' has no choices"]),
    ("cli", 'example = "xlcheck dump', 'example = "xlcheck dmup', ["is not one of 'xlcheck dump'"]),
    ("importing", 'numerals = ["一", ', 'numerals = ["一"] # ', ["heading numerals", "is not enough"]),
    ("importing", 'number = "(?:第{n}', 'number = "((?:第{n}', ["heading number", "is no pattern"]),
    ("importing", '"。" = "."', '"。" = ""', ["letters same 。", "'' is no single letter"]),
    ("notices", 'weekdays = "一', 'weekdays = "', ["words weekdays", "is no week of seven letters"]),
    ("guide", 'printed = "B2:D{last}"', 'printed = "B2-D{last}"', ["is no area down to {last}"]),
    ("summary", "head_row = 5", "head_row = 0", ["lists head_row", "'0' is no row"]),
    # figures
    ("remarks", "share = 0.8", "share = 8", ["copied share", "'8' is more than all"]),
    ("workbook", "widths = [3.6, 19", "widths = [3.6, -19", ["sheets cover widths 2", "'-19' is negative"]),
    ("report", "top = 37", "top = -37", ["page top", "'-37' is negative"]),
    ("form_2021", "first_year = 2021", "first_year = 20210", ["first_year", "'20210' is no year"]),
]


ABSENT = [  # a slip after which something is not there: told at its table, or at the head of its list
    ("workbook", 'same = "× 同因"', "", "states: 'same' is missing"),
    (
        "county",
        '"街道" = "town',
        '"街到" = "town',
        "roster counted_by_kind: '街道' is missing, '街到' may be meant",
    ),
    (
        "report",
        '"商业|企业"',
        '"商业|公司"',
        "breaks label: '商业公司' is not known, '商业企业' may be meant",
    ),
    (
        "dashboard",
        'copy = "复制催报名单"\ncon',
        'cpoy = "复制催报名单"\ncon',
        "js: 'copy' is used and not there",
    ),
    ("notices", "width = 60", "width = 600", "table column: '696' mm is not the width of the page, 156"),
    ("dashboard", "hair = ", "hiar = ", "colours: 'hair' is used and not there, 'hiar' may be meant"),
]


@pytest.mark.parametrize("name", SHAPED)
def test_a_file_is_of_its_shape(name):
    assert checked(data.HERE / f"{name}.toml", shape_of(name))


@pytest.mark.parametrize(("name", "old", "new", "meant"), PLANTED)
def test_a_slip_is_refused_with_its_line_and_what_was_meant(name, old, new, meant, tmp_path: Path):
    text = (data.HERE / f"{name}.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / f"{name}.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    line = text[: text.index(old)].count("\n") + 1
    with pytest.raises(DataError) as refusal:
        checked(tmp_path / f"{name}.toml", shape_of(name))
    said = str(refusal.value)
    assert re.search(rf"^{name}\.toml, line {line}\b", said, re.MULTILINE)
    assert [word for word in meant if word not in said] == []


def patterns(read):
    """Every pattern in what was read of a file."""
    if isinstance(read, re.Pattern):
        return [read]
    inner = read.values() if isinstance(read, dict) else read if isinstance(read, tuple) else ()
    return [pattern for one in inner for pattern in patterns(one)]


COMPILED = [
    re.compile("a|b", re.I | re.S),
    re.compile("(x)(?P<n>y)(?P<m>z)?|(?P=n)"),
    numerals(figure_writing()).scan,
]


@pytest.mark.parametrize("pattern", [*COMPILED, *patterns(claims()), *patterns(remarks())])
def test_a_pattern_is_kept_as_it_was_compiled(pattern):
    """Patterns are alike to Python where their code is."""
    make, parts = reduced(pattern)
    again = make(*parts)
    assert (again, again.groups, again.groupindex) == (pattern, pattern.groups, pattern.groupindex)


def test_code_of_another_python_is_refused():
    make, parts = reduced(re.compile("a+"))
    with pytest.raises(RuntimeError):
        make(*parts[:2], [99999], *parts[3:])


@pytest.mark.parametrize(("name", "old", "new", "sentence"), ABSENT)
def test_what_is_absent_is_told(name, old, new, sentence, tmp_path: Path):
    text = (data.HERE / f"{name}.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / f"{name}.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(DataError, match=re.escape(sentence)):
        checked(tmp_path / f"{name}.toml", shape_of(name))


FAULTS = [  # a slip inside a rule: what stands there, the slip, and what the refusal says
    ("sum(t3.{row}.applicants)", "sum(t3.{row}.aplicants)", ["rule R301", "applicants' may be meant"]),
    ('each = { row = "t3.rows" }', 'each = { row = "t33.rows" }', ["rule R301", "'t3' may be meant"]),
    ("填 {total}，本行", "填 {totel}，本行", ["rule R301", "'totel'", "'total' may be meant"]),
    ("之和是 {parts}。", "之和是 {parts}{count:t3.nwe}。", ["rule R301", "has no 't3.nwe'"]),
    ("填 {total}，本行{count:", "填 {total}，本行{cuont:", ["rule R301", "has no 'cuont'", "count"]),
]


def run(package: Path, *words: str):
    """Run a command of a copy of the package."""
    environ = dict(os.environ, PYTHONPATH=str(package.parent), XDG_CACHE_HOME=str(package.parent))
    command = [sys.executable, "-m", "xlcheck.cli", *words]
    return subprocess.run(command, cwd=package.parent, env=environ, capture_output=True, text=True)


@pytest.mark.parametrize(("old", "new", "meant"), FAULTS)
def test_a_slip_inside_a_rule_is_a_sentence_with_status_2(old, new, meant, tmp_path: Path):
    package = shutil.copytree(data.HERE.parent, tmp_path / "xlcheck", ignore=shutil.ignore_patterns("*.pyc"))
    file = package / "data" / "rules.toml"
    text = file.read_text(encoding="utf-8")
    at = text.index(old, text.index('id = "R301"'))
    file.write_text(text[:at] + new + text[at + len(old) :], encoding="utf-8")
    line = text[: text.index('id = "R301"')].count("\n") + 1
    done = run(package, "new", "-o", "表.xlsx")
    assert done.returncode == 2
    assert f"rules.toml, line {line}" in done.stderr
    assert [word for word in meant if word not in done.stderr] == []
    assert "Traceback" not in done.stderr


# What sentences would say of one edition's form alone: how many there are, and by which number.
OF_ONE_FORM = re.compile(
    "[二三四五六七八九十](?:类申请人|张表|个部分)|前[二三四五六七八九]格|第[一二三四五六七八九十]部分"
    "|（[一二三四五六七八九十]）|表[二三四五六七八九十]|[一二三四五六七]、[一二三四五六七]、"
)
SPOKEN = ("rules", "rules_text", "diagnosis", "guide", "summary", "dashboard", "messages", "county", "cli")


def sentences(read):
    """Every text of a file that is no comment, however deep."""
    parts = read.values() if isinstance(read, dict) else read if isinstance(read, list) else ()
    return [read] if isinstance(read, str) else [text for part in parts for text in sentences(part)]


@pytest.mark.parametrize("name", SPOKEN)
def test_no_sentence_counts_or_numbers_what_a_form_has(name):
    """It is filled in from the edition at hand: see core/form_words."""
    read = tomllib.loads((data.HERE / f"{name}.toml").read_text(encoding="utf-8"))
    assert [text for text in sentences(read) if OF_ONE_FORM.search(text)] == []


@pytest.mark.parametrize(
    "said", ["六类申请人之和", "三张表", "（一）至（六）", "表三没有申请", "一、五、六", "第六部分"]
)
def test_a_sentence_of_one_form_would_be_seen(said):
    assert OF_ONE_FORM.search(said)


def declared(kind):
    """The names that a shape says are filled into a sentence; of ``date.year`` the caller gives ``date``."""
    if get_origin(kind) is Annotated and all(isinstance(name, str) for name in kind.__metadata__):
        return [{name.partition(".")[0] for name in kind.__metadata__ if name != data.OF_FORM}]
    return [names for part in get_args(kind) for names in declared(part)]


def names_by_field():
    """What is filled into the sentences of each field's name, in any of the shapes."""
    named: dict[str, list[set[str]]] = {}
    for path in data.HERE.glob("[a-z]*.py"):
        for shape in vars(import_module(f"{data.__name__}.{path.stem}")).values():
            if hasattr(shape, "_fields"):
                for field, kind in get_type_hints(shape, include_extras=True).items():
                    named.setdefault(field, []).extend(declared(kind))
    return {field: names for field, names in named.items() if names}


def fillings(path: Path):
    """Where a sentence is filled in by name: the line, the sentence's field, and the names given."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        match node:
            case ast.Call(ast.Attribute(ast.Attribute() | ast.Subscript() as sentence, "format"), [], words):
                field = sentence.value if isinstance(sentence, ast.Subscript) else sentence
                if isinstance(field, ast.Attribute) and all(word.arg for word in words):
                    yield node.lineno, field.attr, {word.arg for word in words}


def test_whoever_fills_in_a_sentence_gives_what_its_shape_names():
    known, lacking, met = names_by_field(), [], 0
    for path in sorted(data.HERE.parent.rglob("*.py")):
        for line, field, given in fillings(path):
            met += field in known
            if field in known and not any(names <= given for names in known[field]):
                lacking.append((path.name, line, field, given, known[field]))
    assert (lacking, met > 250) == ([], True)


def test_an_id_that_a_form_takes_from_the_catalogue_is_refused_with_both_places(tmp_path: Path):
    package = shutil.copytree(data.HERE.parent, tmp_path / "xlcheck", ignore=shutil.ignore_patterns("*.pyc"))
    catalogue = (package / "data" / "rules.toml").read_text(encoding="utf-8")
    rule = re.search(r'\[\[rule\]\]\nid = "R301".*?(?=\n\[\[)', catalogue, re.DOTALL)
    form = package / "data" / "form_2021.toml"
    text = form.read_text(encoding="utf-8")
    form.write_text(f"{text}\n{rule[0]}\n", encoding="utf-8")
    lines = [part.count("\n") + 1 for part in (catalogue[: rule.start() + len("[[rule]]\n")], text + "\n\n")]
    both = f"rules.toml, line {lines[0]} and form_2021.toml, line {lines[1]}"
    for verb in ("build", "new"):
        refused = run(package, verb, "-o", "表.xlsx")
        assert (refused.returncode, both in refused.stderr) == (2, True), refused.stderr
