Attribute VB_Name = "Buttons"
Option Explicit
' One line a button. ASCII only: every word for people stands in ribbon.xml or comes from Python.

Public Sub OnCheck(control As IRibbonControl)
    RunPython "import xlcheck.office.button; xlcheck.office.button.check()"
End Sub

Public Sub OnNext(control As IRibbonControl)
    RunPython "import xlcheck.office.button; xlcheck.office.button.next_one()"
End Sub

Public Sub OnAdopt(control As IRibbonControl)
    RunPython "import xlcheck.office.button; xlcheck.office.button.adopt()"
End Sub

Public Sub OnFillTotals(control As IRibbonControl)
    RunPython "import xlcheck.office.button; xlcheck.office.button.fill_totals()"
End Sub

Public Sub OnClear(control As IRibbonControl)
    RunPython "import xlcheck.office.button; xlcheck.office.button.clear()"
End Sub

Public Sub OnDraft(control As IRibbonControl)
    RunPython "import xlcheck.office.button; xlcheck.office.button.draft()"
End Sub

Public Sub OnReport(control As IRibbonControl)
    RunPython "import xlcheck.office.button; xlcheck.office.button.report()"
End Sub
