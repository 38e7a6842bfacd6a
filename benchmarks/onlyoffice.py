"""Open workbooks in ONLYOFFICE's Document Builder, type into them, and save them again.

PYTHON benchmarks/onlyoffice.py < jobs.json    PYTHON has the package document-builder, of 10.0 or later

Runs beside engines.py in a Python of its own and needs nothing of ours. A job is [source, entries, target];
an entry [sheet, cell, value] is typed as a person would type it. RecalculateAllFormulas is never called: it
counts the old results of COUNTIF once more.
"""

import json
import sys

import docbuilder

TYPE = "Api.GetSheet({}).GetRange({}).SetValue({});"


def main() -> int:
    builder, failed = docbuilder.CDocBuilder(), 0
    for source, entries, target in json.load(sys.stdin):
        script = "".join(TYPE.format(*map(json.dumps, entry)) for entry in entries)
        done = builder.OpenFile(source) == 0
        done = done and builder.ExecuteCommand(script) and builder.SaveFile("xlsx", target) == 0
        builder.CloseFile()
        if not done:
            failed += 1
            print(f"not done: {source}", file=sys.stderr)
    return bool(failed)


if __name__ == "__main__":
    sys.exit(main())
