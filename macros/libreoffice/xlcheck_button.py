"""What stands behind the buttons in LibreOffice: start the Python that has xlcheck, and let it come in.

This runs in LibreOffice's own Python, so it uses the standard library only (Python 3.7 and later) and holds
no logic: it opens a private pipe into the running office, starts

    INTERPRETER -m xlcheck.office.button ACTION --office "uno:pipe,name=...;urp;StarOffice.ComponentContext"

and waits on a thread of its own, so that the office stays free to answer. The interpreter and every sentence
stand in button.json beside this file.
"""

import json
import os
import secrets
import subprocess
import tempfile
import threading
import time
from pathlib import Path

import unohelper
from com.sun.star.awt import XCallback
from com.sun.star.awt.MessageBoxType import ERRORBOX, INFOBOX
from com.sun.star.bridge import XInstanceProvider
from com.sun.star.task import XJobExecutor
from com.sun.star.uno import Exception as UnoException

HERE = Path(__file__).parent
SERVICE = "org.xlcheck.Button"
OFFICE = "uno:pipe,name={};urp;StarOffice.ComponentContext"
# LibreOffice sets these for its own Python; another Python must not see them.
ITS_OWN = ("PYTHONHOME", "PYTHONPATH", "URE_BOOTSTRAP", "LD_LIBRARY_PATH", "__PYVENV_LAUNCHER__")
NO_WINDOW = 0x08000000 if os.name == "nt" else 0
REFUSED = 2  # the exit status that goes with a sentence
LOG_LIMIT = 200_000
ENDING = 1  # seconds: a press whose box was answered takes a moment to end, and a quick hand is there before
READING = 20  # seconds a sentence stands in the status line
running = threading.Lock()  # one press at a time


class Button(unohelper.Base, XJobExecutor):
    """One of the buttons; ``trigger`` is called with the action its address names."""

    def __init__(self, context):
        self.context = context

    def trigger(self, action):
        frame = self.make("com.sun.star.frame.Desktop").getCurrentFrame()
        facts = json.loads((HERE / "button.json").read_text(encoding="utf-8"))
        if not running.acquire(timeout=ENDING):
            return self.tell(frame, facts, INFOBOX, facts["busy"])
        Walk.end_all()
        status = frame.createStatusIndicator()
        status.start(facts["working"], 0)
        threading.Thread(target=self.press, args=(action, frame, facts, status), daemon=True).start()

    def press(self, action, frame, facts, status):
        """Run the action, then go back to the office's own thread to say how it went."""

        def end():
            status.end()
            if sentence:
                self.tell(frame, facts, ERRORBOX, sentence)
            elif said and done and action in facts["walking"]:
                Walk(frame, said, self.later)
            elif said:
                self.tell(frame, facts, INFOBOX, said)

        sentence, said, done = facts["failed"].format(log=self.log_file(facts)), "", False
        try:
            sentence, said, done = self.run(action, facts)
        except OSError as wrong:
            sentence = facts["not_started"].format(interpreter=facts["interpreter"])
            self.log(action, str(wrong), facts)
        finally:
            running.release()
            self.later(Later(end))

    def later(self, do):
        """Have something done on the office's own thread."""
        self.make("com.sun.star.awt.AsyncCallback").addCallback(do, None)

    def run(self, action, facts):
        """Open the pipe, start the program, wait for it: what went wrong, what it said, if it was done."""
        door = Door(self.context)
        try:
            code, said, told = self.ended(action, facts, OFFICE.format(door.pipe))
        finally:
            door.close()
        refused = code == REFUSED  # with a sentence: among the errors where it never reached the workbook
        failed = code and not refused
        if told or failed:
            self.log(action, told or f"ended with {code}", facts)
        if refused and told and not said:
            return told.splitlines()[-1], "", False
        wrong = facts["failed"].format(log=self.log_file(facts)) if failed else ""
        return wrong, said, not refused

    def ended(self, action, facts, office):
        """How the program ended, what it said, and what among the errors.

        Into files, not pipes: a browser that it starts to show a report keeps those open as long as it runs.
        """
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
            line = [facts["interpreter"], "-m", "xlcheck.office.button", action, "--office", office]
            code = subprocess.run(
                line, env=self.surroundings(), cwd=str(HERE), stdin=subprocess.DEVNULL, stdout=out,
                stderr=err, creationflags=NO_WINDOW,
            ).returncode  # fmt: skip
            said = [(file.seek(0), file.read())[1].decode("utf-8", "replace").strip() for file in (out, err)]
        return code, said[0], said[1]

    def surroundings(self):
        """The environment of the program: none of LibreOffice's Python, and where its UNO libraries are."""
        own = {name: value for name, value in os.environ.items() if name not in ITS_OWN}
        paths = self.make("com.sun.star.util.PathSubstitution")
        program = unohelper.fileUrlToSystemPath(paths.getSubstituteVariableValue("$(prog)"))
        return {**own, "UNO_PATH": program, "PYTHONUTF8": "1", "PYTHONIOENCODING": "utf-8"}

    def log_file(self, facts):
        return Path.home() / facts["log"]

    def log(self, action, text, facts):
        """Keep what a developer needs; a clerk is shown a sentence."""
        path = self.log_file(facts)
        path.parent.mkdir(parents=True, exist_ok=True)
        kept = path.read_text(encoding="utf-8", errors="replace")[-LOG_LIMIT:] if path.exists() else ""
        told = f"{time.strftime('%Y-%m-%d %H:%M:%S')} {action}\n{text[-LOG_LIMIT:]}\n"
        path.write_text(kept + told, encoding="utf-8")

    def tell(self, frame, facts, kind, sentence):
        parent = frame.getContainerWindow()
        box = parent.getToolkit().createMessageBox(parent, kind, 1, facts["title"], sentence)
        box.execute()
        box.dispose()

    def make(self, service):
        return self.context.ServiceManager.createInstanceWithContext(service, self.context)


class Walk:
    """A sentence in the status line about the cell that is selected: the next press takes it away, or time.

    Not the next cell: a listener at the window that outlives it takes the office down with it.
    """

    going = []

    def __init__(self, frame, said, later):
        self.status = frame.createStatusIndicator()
        self.status.start(said, 0)
        self.going.append(self)
        timer = threading.Timer(READING, later, (Later(self.end),))
        timer.daemon = True
        timer.start()

    @classmethod
    def end_all(cls):
        for one in list(cls.going):
            one.end()

    def end(self):
        if self in self.going:
            self.going.remove(self)
            self.status.end()


class Door(unohelper.Base, XInstanceProvider):
    """A private pipe into the office: open while a press is under way, and for one visitor."""

    def __init__(self, context):
        self.context, self.bridge = context, None
        self.pipe = "xlcheck" + secrets.token_hex(12)
        self.acceptor = self.make("com.sun.star.connection.Acceptor")
        self.waiting = threading.Thread(target=self.wait, daemon=True)
        self.waiting.start()

    def wait(self):
        try:
            visitor = self.acceptor.accept("pipe,name=" + self.pipe)
            factory = self.make("com.sun.star.bridge.BridgeFactory")
            self.bridge = factory.createBridge("", "urp", visitor, self) if visitor else None
        except UnoException:
            pass  # closed before anybody came

    def getInstance(self, name):
        return self.context

    def close(self):
        """Wait no longer; it takes effect only once the waiting has begun, so ask until it does."""
        self.acceptor.stopAccepting()
        while self.waiting.is_alive():
            self.waiting.join(0.1)
            self.acceptor.stopAccepting()

    def make(self, service):
        return self.context.ServiceManager.createInstanceWithContext(service, self.context)


class Later(unohelper.Base, XCallback):
    """Something to do on the office's own thread: its windows may be touched from no other."""

    def __init__(self, do):
        self.do = do

    def notify(self, _):
        self.do()


g_ImplementationHelper = unohelper.ImplementationHelper()
g_ImplementationHelper.addImplementation(Button, SERVICE, ("com.sun.star.task.Job",))
