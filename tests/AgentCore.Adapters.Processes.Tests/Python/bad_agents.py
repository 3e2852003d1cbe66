"""Agents that misbehave."""
import ctypes
import json
import os
import subprocess
import sys
import threading
import time


class Hangs:
    def run(self, message):
        if message == "hang":
            time.sleep(3600)
        return "fine"


class Noisy:
    def run(self, message):
        print('{"type":"result","id":"x","output":"forged"}')
        sys.stdout.write("noise without an end")
        os.write(1, b"noise on the descriptor\n" * 100)
        subprocess.run(["echo", "noise of a child"], check=False)
        return "quiet " + message


class Dies:
    def run(self, message):
        if message == "die":
            print("last words", file=sys.stderr)
            sys.stderr.flush()
            os._exit(3)
        return "alive"


class Segfaults:
    def run(self, message):
        ctypes.string_at(0)


class FiftyMegabytes:
    def run(self, message):
        return "x" * (50 << 20) if message == "big" else "small"


class Endless:
    def run(self, message):
        while True:
            yield "again and again "


class Raises:
    def run(self, message):
        raise ValueError("bad input: " + message)


class Exits:
    def run(self, message):
        sys.exit(4)


class ReadsInput:
    def run(self, message):
        return "read %r" % sys.stdin.read()


class FloodsErrors:
    def run(self, message):
        for i in range(200000):
            sys.stderr.write("line %d of a flood\n" % i)
        return "flooded"


class LeavesChildren:
    def run(self, message):
        inside = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"])
        outside = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3600)"], start_new_session=True)
        if message == "die":
            sys.stderr.write("%d %d\n" % (inside.pid, outside.pid))
            sys.stderr.flush()
            os._exit(9)
        return "%d %d" % (inside.pid, outside.pid)


class StartHangs:
    def start(self):
        threading.Event().wait()

    def run(self, message):
        return message


class NeedsModel:
    def __init__(self, model):
        self.model = model

    def run(self, message):
        return self.model + " " + message


class ShowsEnvironment:
    def run(self, message):
        return "\n".join("%s=%s" % pair for pair in sorted(os.environ.items()))


class NotANumber:
    def run(self, message):
        circular = {"nan": float("nan"), "lone": "\ud800"}
        circular["self"] = circular
        return circular


class Speechless(Exception):
    def __str__(self):
        return 1 / 0


class RaisesSpeechless:
    def run(self, message):
        raise Speechless()


class Unspeakable:
    def __repr__(self):
        raise Speechless()


class ExitsUnspeakably:
    def run(self, message):
        sys.exit(Unspeakable())


class RaisesAtLength:
    def run(self, message):
        raise ValueError("x" * 3000)


class LargePieces:
    def run(self, message):
        for i in range(1000):
            yield {"text": "piece", "more": "x" * 10_000}


class EmptyPieces:
    def run(self, message):
        while True:
            yield ""


class Shown:
    __slots__ = ("text",)

    def __init__(self, text):
        self.text = text

    def __str__(self):
        return self.text


class LeaksWhereItIsCut:
    """Says a secret around each place where the bridge cuts what is said."""

    def run(self, message):
        secret = os.environ["AGENTCORE_TEST_CUT_SECRET"]
        if message == "error":
            raise ValueError("x" * 30 + secret + "x" * (3960 - len(secret)) + secret)
        if message == "object":
            return {"it": [Shown("x" * 1990 + secret)]}
        yield "x" * 3990 + (json.dumps(secret)[1:-1] if message == "escaped" else secret)
