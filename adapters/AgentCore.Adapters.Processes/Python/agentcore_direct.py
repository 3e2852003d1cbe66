"""Calls an agent once, with no agent around it: what a wrapped one is compared with. Standard library only, Python 3.8 or later."""
import contextlib
import json
import os
import sys
import threading
import time

from agentcore_call import Caller, Task
from agentcore_errors import message_of, told
from agentcore_results import utf8_of
from agentcore_types import Gap, parameters_of

SAMPLES = {int: 1, float: 1.0, bool: True, list: [], dict: {}, tuple: [], set: []}

# What agents say that looked for a key, or have caught the cause themselves.
OUTSIDE = (
    "api key", "api_key", "apikey", "api-key", "environment variable", "not configured", "connection string", "credential", "connection refused",
    "connection failed", "no such file", "access token", "unauthorized")


def main():
    request = json.loads(sys.stdin.buffer.readline().decode("utf-8"))
    out = os.fdopen(os.dup(1), "wb", buffering=0)
    os.dup2(2, 1)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    sys.stdout = sys.stderr

    def tell(answer):
        view = memoryview(utf8_of(answer) + b"\n")
        while view:
            view = view[out.write(view):]
        os._exit(0)

    def limit(seconds, when, hint=""):
        timer = threading.Timer(seconds, lambda: tell({"timedOut": "it did not %s within %g s%s" % (when, seconds, hint)}))
        timer.daemon = True
        timer.start()
        return timer

    config, caller = request["configuration"], Caller()
    try:
        timer = limit(request["startSeconds"], "start", "; where its start method is the work itself, set 'lifecycle: false'")
        caller.start(config, request["agent"], request["maxOutputBytes"])
        timer.cancel()
        task = Task(caller, {"id": "1", "task": request["task"]})
        if request["sample"]:
            task.data.update(samples(caller, config["arguments"], task.data))
        timer = limit(request["taskSeconds"], "end")
        begun = time.perf_counter()
        answer = caller.call(task)
        answer["milliseconds"] = (time.perf_counter() - begun) * 1000
        answer["used"] = task.data
        timer.cancel()
        with contextlib.suppress(Exception):
            caller.stop()
    except BaseException as e:
        answer = {"error": "%s: %s" % told(e), "gap": isinstance(e, (Gap, ModuleNotFoundError)), "unloaded": not caller.is_loaded, "outside": is_outside(e)}
        if "task" in locals():
            answer["used"] = task.data
    tell(answer)


def is_outside(e):
    """Whether it fails for a module, a file, a variable, a key, a server that isn't here."""
    seen = []
    while e is not None and e not in seen:
        seen.append(e)
        if isinstance(e, (ImportError, OSError)) or isinstance(e, KeyError) and raised_in(e) == "os" or any(words in message_of(e).lower() for words in OUTSIDE):
            return True
        e = e.__cause__ or (None if e.__suppress_context__ else e.__context__)
    return False


def raised_in(e):
    trace = e.__traceback__
    while trace.tb_next:
        trace = trace.tb_next
    return trace.tb_frame.f_globals.get("__name__")


def samples(caller, arguments, data):
    """A plain value for each piece of data that a binding takes and the task doesn't have."""
    hints = {p.name: hint for p, hint in parameters_of(caller.candidates[0][1])}
    found = {}
    for name, source in arguments.items():
        if source.startswith("data.") and source[5:] not in data:
            found[source[5:]] = sample_of(hints.get(name))
    return found


def sample_of(hint):
    origin, inner = getattr(hint, "__origin__", hint), getattr(hint, "__args__", ())
    if origin is tuple and inner and Ellipsis not in inner:
        return [sample_of(i) for i in inner]
    return SAMPLES.get(origin, "sample")


if __name__ == "__main__":
    main()
