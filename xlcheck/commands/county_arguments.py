"""What may be said of a county's work; read in only for who says it."""

from datetime import date
from pathlib import Path

from xlcheck.commands import collect_verb, comparison_verbs, county_verbs, serve_verb
from xlcheck.commands.arguments import FLAG, FOLDER, NUMBER, PATH, POLICY, YEAR, Argument, Verb
from xlcheck.data.cli import HelpName, VerbName

LEDGER_ACTIONS = ("backup", "check", "move")
DAY, WORDS = {"type": county_verbs.day}, {"default": ""}
LEDGER = Argument("--ledger", "ledger", {"default": "county.db"})
YEAR_OF = Argument("--year", "year_of", YEAR)
BY = Argument("--by", "by", WORDS)
TODAY = Argument("--today", "today", {**DAY, "default": date.today()})
JOBS = Argument("--jobs", "jobs", {**NUMBER, "default": 0}), Argument("--dask", "dask")
FLAGS: tuple[HelpName, ...] = ("faulty", "clean", "all")
AMONG: dict[str, HelpName] = {"kind": "kind_of", "region": "region_of", "status": "status"}
MANY = (  # which units a decision is on
    *(Argument(f"--{name}", name, FLAG) for name in FLAGS),
    *(Argument(f"--{name}", words, WORDS) for name, words in AMONG.items()),
)
# fmt: off
COUNTY: dict[VerbName, Verb] = {
    "collect": Verb(collect_verb.collect, (
        Argument("inbox", "inbox", {"nargs": "?"}), Argument("--init", "init", FLAG),
        Argument("--roster", "roster", PATH), LEDGER, FOLDER, Argument("--year", "year_due", YEAR),
        Argument("--county", "county", WORDS), Argument("--due", "due", DAY), POLICY, TODAY,
        Argument("--county-filing", "county_filing", PATH),
        BY, Argument("--watch", "watch", FLAG), *JOBS)),
    "serve": Verb(serve_verb.serve_units, (
        Argument("--roster", "roster", {**PATH, "required": True}), LEDGER,
        Argument("--inbox", "inbox_own", {**PATH, "required": True}),
        Argument("-o --out", "codes_dir", {**PATH, "default": Path()}),
        Argument("--host", "host", {"default": "127.0.0.1"}),
        Argument("--port", "port", {**NUMBER, "default": 8480}), Argument("--page", "page", PATH),
        Argument("--renew", "renew", {"nargs": "+", "default": []}),
        Argument("--certificate", "certificate", PATH), Argument("--key", "key", PATH),
        Argument("--year", "year_due", YEAR), Argument("--county", "county", WORDS),
        Argument("--due", "due", DAY), POLICY, JOBS[0])),
    "decide": Verb(county_verbs.decide, (
        Argument("verdict", "verdict", {"nargs": "?"}), Argument("units", "units", {"nargs": "*"}),
        Argument("--rule", "rule_said", WORDS), Argument("--reason", "reason", WORDS),
        Argument("--note", "note", WORDS), *MANY,
        Argument("--from", "summary", {**PATH, "dest": "source"}),
        LEDGER, YEAR_OF, POLICY, TODAY, BY, Argument("-o --out", "draw", PATH))),
    "history": Verb(county_verbs.history, (
        Argument("units", "units_asked", {"nargs": "+"}), LEDGER, YEAR_OF, TODAY)),
    "ledger":  Verb(county_verbs.keep_ledger, (
        Argument("action", "ledger_action", {"choices": LEDGER_ACTIONS}), LEDGER,
        Argument("-o --out", "ledger_to", PATH))),
    "notices": Verb(county_verbs.send_notices, (
        FOLDER, LEDGER, YEAR_OF, POLICY, TODAY, BY, Argument("--deadline", "deadline", DAY),
        Argument("--office", "office", WORDS))),
    "published": Verb(comparison_verbs.look_at_published, (
        Argument("pages", "pages", {"nargs": "+"}), Argument("--roster", "roster", PATH), LEDGER,
        Argument("-o --out", "published_out", PATH), YEAR_OF, Argument("--due", "published_due", DAY),
        POLICY, TODAY, BY, Argument("--json", "json_pages", FLAG), *JOBS)),
    "sums": Verb(comparison_verbs.look_at_sums, (
        Argument("file", "county_book", PATH), LEDGER, YEAR_OF, Argument("--region", "region", WORDS),
        TODAY, Argument("--json", "json_cells", FLAG))),
}
# fmt: on
