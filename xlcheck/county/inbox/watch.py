"""Wait for what comes into an inbox, and collect it."""

from collections.abc import Callable
from contextlib import suppress
from time import sleep

from xlcheck.county.inbox.files import inbox_files
from xlcheck.data.county import county
from xlcheck.editions import Refused

PAUSE = 2  # seconds between two looks at an inbox


def watch_inbox(inbox: str, collect: Callable[[], int], tell: Callable[[str], None]) -> int:
    """Collect, and again whenever the inbox has changed and lies still, until somebody says stop.

    What lies there is asked before each run: what comes while it goes on is seen by the next look. What
    cannot be done is told once and tried again. Gives back the first run's status.
    """
    known = before = list(inbox_files(inbox))
    status, told = collect(), ""
    tell(county().say.watching.format(inbox=inbox))
    with suppress(KeyboardInterrupt):
        while True:
            sleep(PAUSE)
            try:
                there = list(inbox_files(inbox))
                if there == before and there != known:  # a file that is still being written is waited for
                    collect()
                    known, told = there, ""
                before = there
            except Refused as why:
                if str(why) != told:
                    tell(str(why))
                told = str(why)
    tell(county().say.watched)
    return status
