"""Serves a Python agent over JSON lines: finds its class and method, gives the parameters what their names and types ask for,
and reads what comes back. Standard library only, Python 3.8 or later. docs/processes.md describes the protocol."""
import atexit
import contextlib
import faulthandler
import json
import os
import queue
import signal
import sys
import threading
import traceback

from agentcore_call import Caller, Task
from agentcore_errors import told
from agentcore_results import TooLarge, utf8_of
from agentcore_secrets import beginning, end
from agentcore_types import Gap


class Bridge:
    def __init__(self):
        # The protocol gets descriptors of its own. What the agent prints, in Python or in C, goes to standard error, and what
        # it reads is empty.
        self.out = os.fdopen(os.dup(1), "wb", buffering=0)
        self.input = os.fdopen(os.dup(0), "rb")
        os.dup2(2, 1)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        self.lock = threading.Lock()
        self.work = queue.Queue()
        self.most = self.left = 1 << 20
        self.caller = Caller(self)

    def send(self, message, room=0):
        """Sends what counts as a task's output. Room is what must be left after it."""
        line = utf8_of(message) + b"\n"
        with self.lock:
            if len(line) > self.left - room:
                raise TooLarge(self.most)
            self.left -= len(line)
            self.write(line)

    def write(self, line):
        view = memoryview(line)
        while view:
            view = view[self.out.write(view):]

    def read(self):
        """Runs on a thread of its own, so that health is told while the agent works and its parent's end is noticed."""
        for line in self.input:
            message = json.loads(line.decode("utf-8"))
            if message["type"] == "ping":
                with self.lock:
                    self.write(utf8_of({"type": "pong", "id": message["id"]}) + b"\n")
            else:
                self.work.put(message)
            if message["type"] == "shutdown":
                return
        if hasattr(os, "killpg") and os.getpgid(0) == os.getpid():
            os.killpg(0, signal.SIGKILL)
        os._exit(1)

    def serve(self):
        threading.Thread(target=self.read, daemon=True).start()
        while True:
            message = self.work.get()
            if message["type"] == "hello":
                if not self.guard(None, lambda: self.start(message)):
                    os._exit(1)
            elif message["type"] == "task":
                self.guard(message["id"], lambda: self.do(Task(self.caller, message)))
            elif message["type"] == "shutdown":
                self.end_within(self.stop_seconds * 0.8)
                with contextlib.suppress(BaseException):
                    self.caller.stop()
                return

    def guard(self, id, action):
        try:
            action()
            return True
        except BaseException as e:
            name, message = told(e)
            error = {"type": name, "message": message}
            if not isinstance(e, (Gap, TooLarge, SystemExit)):
                error["trace"] = trace_of(e)
            try:
                self.send({"type": "error", "id": id, "error": error})
            except TooLarge:
                # Its beginning fits into what progress has left.
                self.send({"type": "error", "id": id, "error": {"type": name[:40], "message": beginning(message, 40)}})
            return False
        finally:
            watch(0)

    def end_within(self, seconds):
        """Has Python end by then, before its parent ends it. Where the agent or a thread of its own goes on for longer, what waits for the end
        is called without them."""
        def end():
            atexit._run_exitfuncs()
            os._exit(0)
        timer = threading.Timer(seconds, end)
        timer.daemon = True
        timer.start()
        atexit.register(timer.cancel)

    def start(self, hello):
        config = hello["configuration"]
        self.most = self.left = int(hello["maxOutputBytes"])
        self.task_seconds, self.stop_seconds = hello["taskSeconds"], config["stopSeconds"]
        watch(hello["startSeconds"] * 0.8)
        self.caller.start(config, hello.get("agent"), self.most)
        self.send({"type": "hello", "version": 1, "name": self.caller.name, "methods": [n for n, _ in self.caller.candidates]})

    def do(self, task):
        watch(self.task_seconds)
        self.left = self.most
        answer = {"type": "result", "id": task.id, **self.caller.call(task)}
        if self.caller.state is not None:
            answer["state"] = self.caller.state
        self.send(answer)


def watch(seconds):
    """Shortly before the time is up, tells on standard error where the agent hangs."""
    faulthandler.cancel_dump_traceback_later()
    if seconds:
        faulthandler.dump_traceback_later(max(min(seconds * 0.9, seconds - 0.5), seconds * 0.5), exit=False, file=sys.__stderr__)


def trace_of(e):
    frames = [f for f in traceback.extract_tb(e.__traceback__) if f.filename != "agentcore_bridge" and not f.filename.startswith("<frozen")]
    # The standard library's own frames say little of where the agent failed.
    library = os.path.dirname(os.__file__)
    own = [f for f in frames if not f.filename.startswith(library) or "site-packages" in f.filename]
    frames = own or frames
    return end("".join(traceback.format_list(frames[-6:])), 3000).rstrip()


def main():
    faulthandler.enable(file=sys.__stderr__)
    bridge = Bridge()
    sys.stdout = sys.stderr
    bridge.serve()


if __name__ == "__main__":
    main()
