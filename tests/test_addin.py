"""The add-ins: built from text to the byte, and run in LibreOffice."""

import re
import zipfile
from pathlib import Path
from xml.etree import ElementTree

import office
import pytest
import vba

from xlcheck.data.addin import addin as addin_facts
from xlcheck.data.office import office as office_facts
from xlcheck.editions import Refused
from xlcheck.office import button
from xlcheck.office.addin import install, sources
from xlcheck.office.addin.compression import compress
from xlcheck.office.addin.macrobook import applescript, macro_book, modules, settings
from xlcheck.office.addin.vba import module

CALLED = re.compile(
    r"Public Sub (\w+)\(control As IRibbonControl\)\s+RunPython \"import (\S+); \2\.(\w+)\(\)\"\s+End Sub"
)
STUB = """Attribute VB_Name = "Stub"
Public Called As String
Public Function RunPython(command As String)
    Called = command
End Function
Public Function Press(name As String) As String
    Called = ""
{cases}
    Press = Called
End Function
"""
CONTENTS = {
    "nothing": b"",
    "one byte": b"a",
    "one run": b"a" * 5000,
    "a chunk": bytes(range(32, 127)) * 43 + b"!" * 11,
    "a chunk and one": b"abc" * 1365 + b"de",
    "program": sources.xlwings("xlwings_custom_addin.bas").encode(),
}


def callbacks():
    """Each macro and the function it calls, as buttons.bas writes them."""
    return {name: function for name, _, function in CALLED.findall(sources.macro("buttons.bas"))}


def ribbon():
    """Each button of the ribbon: its label and its macro."""
    tree = ElementTree.fromstring(sources.macro("ribbon.xml"))
    return [
        (e.get("label"), e.get("onAction").split(".")[1]) for e in tree.iter() if e.tag.endswith("button")
    ]


def menus():
    """Each menu item and each toolbar button of the extension: its label and its action."""
    text = sources.macro("libreoffice/Addons.xcu")
    return re.findall(r"Button\?(\w+)</value></prop>\s+<prop oor:name=\"Title\"[^>]*><value>([^<]+)", text)


# ---------------------------------------------------------------- what is built
def test_every_button_calls_a_function_that_is_there_under_one_label():
    in_excel = {callbacks()[macro]: label for label, macro in ribbon()}
    assert in_excel.keys() == button.ACTIONS.keys()
    assert sorted(menus()) == sorted(2 * list(in_excel.items()))


def test_buttons_are_one_line_each_and_ascii():
    text = sources.macro("buttons.bas")
    assert text.isascii()
    assert len(callbacks()) == text.count("End Sub")


@pytest.mark.parametrize("name", CONTENTS)
def test_what_is_compressed_reads_back(name):
    olevba = pytest.importorskip("oletools.olevba")
    packed = compress(CONTENTS[name])
    assert (
        bytes(olevba.decompress_stream(bytearray(packed))) == CONTENTS[name]
        if CONTENTS[name]
        else packed == b"\1"
    )


@pytest.mark.parametrize("kind", [".xlam", ".xlsm"])
def test_olevba_dumps_the_very_sources(tmp_path, kind):
    dumped = _dumped(tmp_path / f"built{kind}", macro_book(kind))
    # olevba leaves out the attributes at the top of a module, which the editor does not show either
    ours = {one.name: one.text for one in modules()}
    assert {name: _shown(text) for name, text in dumped.items() if name in ours} == {
        name: _shown(text) for name, text in ours.items()
    }
    assert _shown(dumped["Buttons"]) == _shown(sources.macro("buttons.bas"))
    assert {*dumped} - {*ours} <= {"ThisWorkbook", "Sheet1", "Sheet2"}


def _dumped(path, built):
    """The text of each module as it stands in a built file, read back by another program."""
    olevba = pytest.importorskip("oletools.olevba")
    path.write_bytes(built)
    parser = olevba.VBA_Parser(str(path))
    dumped = {name.rpartition(".")[0]: text for _, _, name, text in parser.extract_macros()}
    parser.close()
    return dumped


def _shown(text):
    return [line for line in text.splitlines() if not line.startswith("Attribute VB_")]


def test_two_builds_are_the_same_bytes(tmp_path):
    for folder in ("one", "two"):
        assert install.run_addin("build", tmp_path / folder, lambda _: None) == 0
    one, two = ({p.name: p.read_bytes() for p in (tmp_path / f).iterdir()} for f in ("one", "two"))
    assert one == two
    assert {Path(name).suffix for name in one} == {".xlam", ".xlsm", ".oxt"}


@pytest.mark.parametrize("kind", [".xlam", ".xlsm"])
def test_each_part_has_a_type_and_each_relation_a_part(tmp_path, kind):
    (tmp_path / "built").write_bytes(macro_book(kind))
    with zipfile.ZipFile(tmp_path / "built") as archive:
        names = set(archive.namelist())
        types = ElementTree.fromstring(archive.read("[Content_Types].xml"))
        ends = {e.get("Extension") for e in types}
        relations = [
            (Path(name).parent.parent / e.get("Target")).as_posix()
            for name in names
            if name.endswith(".rels")
            for e in ElementTree.fromstring(archive.read(name))
        ]
    assert {e.get("PartName").lstrip("/") for e in types if e.get("PartName")} < names
    assert all(name.rpartition(".")[2] in ends for name in names)
    assert sorted(relations) == sorted(
        n for n in names if n != "[Content_Types].xml" and not n.endswith(".rels")
    )


def test_a_workbook_cannot_say_what_the_button_runs():
    """No settings from the workbook or its folder, and no embedded code."""
    text = next(one.text for one in modules() if one.name == "xlwings")
    assert "SheetExists(ActiveWorkbook, PROJECT_NAME" not in text
    assert "If GetFullName(ActiveWorkbook)" not in text
    assert '= ".py"' not in text


@pytest.mark.parametrize("mac", [False, True], ids=["windows", "mac"])
@pytest.mark.parametrize("kind", [".xlam", ".xlsm"])
def test_no_name_or_path_of_a_workbook_reaches_what_starts_programs(tmp_path, kind, mac):
    """cmd.exe would run what is written in the name %CMDCMDLINE%&calc&.xlsx, and so would a Mac's shell."""
    dumped = _dumped(tmp_path / f"built{kind}", macro_book(kind))
    assert vba.reached("\n".join(dumped.values()), mac=mac) == set()
    assert "WorkbookName &" not in applescript()


@pytest.mark.parametrize(
    ("mac", "starts"),
    [
        (False, {"WScript.Run", "XLPyDLLActivateAuto"}),
        (True, {"WScript.Run", "AppleScriptTask", "MacScript", "XLPyDLLActivateAuto"}),
    ],
)
def test_in_xlwings_own_text_they_are_found_on_their_way(mac, starts):
    found = vba.reached(sources.xlwings("xlwings_custom_addin.bas"), mac=mac)
    assert {name for one in found for name in vba.STARTS.findall(one)} == starts


@pytest.mark.parametrize("kind", [".xlam", ".xlsm"])
def test_a_python_without_a_path_runs_isolated_and_away_from_the_workbook(tmp_path, kind):
    text = _dumped(tmp_path / f"built{kind}", macro_book(kind))["xlwings"]
    run = re.findall(r"^ *RunCommand = CondaCmd & ([^\r\n]*)", text, re.M)
    assert [one.partition(' & " -B')[0] for one in run] == [
        'PythonInterpreter & IIf(PythonDir = "", " -I", "")'
    ]
    assert re.search(r'Else\s+DriveCommand = "cd /D ""%SystemRoot%"" & "\s+End If', text)
    assert re.findall(r"WScript\.Run\(([^&]*)", text) == ['Environ("ComSpec") ']
    assert 'does not contain "/" then set Interpreter to Interpreter & " -I"' in applescript()


def test_without_a_workbook_there_is_a_sentence_before_anything_is_asked_of_it(tmp_path):
    text = _dumped(tmp_path / "built.xlam", macro_book(".xlam"))["xlwings"]
    body = text[text.index("Public Function RunPython") :]
    guard = re.search(
        r"If ActiveWorkbook Is Nothing Then\s+MsgBox GetConfig\(\"NO_BOOK\"\)[^\r\n]*\s+Exit Function", body
    )
    assert guard is not None
    assert not re.search(r"ActiveWorkbook|GetConfig", body[: guard.start()])
    (tmp_path / "a.xlam").write_bytes(macro_book(".xlam"))
    assert settings(tmp_path / "a.xlam")["NO_BOOK"] == office_facts().say.no_book


def test_xlwings_own_english_does_not_reach_the_clerk():
    """Each box that a press can lead to takes its words from our sheet, and a traceback goes to a file."""
    text = next(one.text for one in modules() if one.name == "xlwings")
    boxes = re.findall(r"^[^'\r\n]*(?:MsgBox|WScript\.Popup) +([^\r\n]*)", text, re.M)
    elsewhere = ("LICENSE_KEY", "Conda", "not yet supported")  # what we use nothing of
    assert {one for one in boxes if not any(word in one for word in elsewhere)} == {
        'GetConfig("NO_BOOK"), vbInformation, GetConfig("TITLE")',
        'GetConfig("NO_SCRIPT"), vbCritical',
        'GetConfig("NO_INTERPRETER"), vbCritical',
        'Content, vbCritical, GetConfig("TITLE")',
        'Content, AUTO_DISMISS, GetConfig("TITLE"), OK_BUTTON_ERROR',
    }
    assert "Content = ReadFile" not in text


def test_another_xlwings_is_refused(monkeypatch):
    monkeypatch.setattr(
        "xlcheck.office.addin.macrobook.xlwings",
        lambda name: sources.xlwings(name).replace("myaddin", "x"),
    )
    with pytest.raises(Refused, match="myaddin"):
        macro_book(".xlam")


def test_the_interpreter_and_the_versions_can_be_read_back(tmp_path):
    (tmp_path / "a.xlam").write_bytes(macro_book(".xlam", r"C:\Users\张三 & 李四\python.exe"))
    found = settings(tmp_path / "a.xlam")
    assert found["INTERPRETER_WIN"] == r"C:\Users\张三 & 李四\python.exe"
    assert found["ADD_WORKBOOK_TO_PYTHONPATH"] == "False"
    assert {"XLCHECK_VERSION", "XLWINGS_VERSION"} < found.keys()


# ---------------------------------------------------------------- LibreOffice runs it
@pytest.mark.parametrize("kind", [".xlam", ".xlsm"])
def test_each_ribbon_callback_calls_its_function(desktop, tmp_path, kind):
    lines = [f'    If name = "{macro}" Then {macro} Nothing' for macro in callbacks()]
    stub = module(Path("Stub.bas"), STUB.format(cases="\n".join(lines)))
    path = tmp_path / f"stubbed{kind}"
    path.write_bytes(macro_book(kind, only=[module(Path("buttons.bas"), sources.macro("buttons.bas")), stub]))
    how = {"FilterName": "Calc MS Excel 2007 VBA XML", "MacroExecutionMode": 4, "Hidden": True}
    book = desktop.loadComponentFromURL(
        path.as_uri(), "_blank", 0, tuple(office._property(*p) for p in how.items())
    )
    project = addin_facts().vba.project
    where = f"vnd.sun.star.script:{project}.Stub.Press?language=Basic&location=document"
    press = book.ScriptProvider.getScript(where)
    called = {macro: press.invoke((macro,), (), ())[0] for macro in callbacks()}
    book.close(True)
    name = "xlcheck.office.button"
    assert called == {macro: f"import {name}; {name}.{function}()" for macro, function in callbacks().items()}
