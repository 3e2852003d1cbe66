"""Calls an agent with a task: its lifecycle, its method, what comes back. Standard library only, Python 3.8 or later."""
import asyncio
import collections.abc
import contextlib
import gc
import inspect
import json
import types

from agentcore_bind import bind
from agentcore_context import Done, TaskDict
from agentcore_load import load, make, methods_of
from agentcore_names import LOAD, SAVE, START, STOP, spellings
from agentcore_results import plain, text_of
from agentcore_secrets import beginning, keep
from agentcore_streams import Collector
from agentcore_types import Gap


LAST = 512  # bytes that progress leaves for what ends a task: that there was too much of it


class Task:
    def __init__(self, caller, message):
        task = message["task"]
        self.id = message["id"]
        self.key = message.get("key", "")
        self.input = task.get("input", "")
        self.data = task.get("data") or {}
        self.messages = [dict(m) for m in task.get("messages") or []]
        self.state = message.get("state")
        self.replies = []
        self.caller = caller

    def conversation(self):
        return self.messages + ([{"role": "user", "content": self.input}] if self.input or not self.messages else [])

    def as_dict(self):
        values = TaskDict(input=self.input, role="user", content=self.input)
        if self.messages:
            values["messages"] = self.conversation()
        values.update(self.data)
        return values

    def progress(self, value="", *_, **__):
        self.caller.note(self.id, beginning(text_of(value), 4000))
        return Done()


class Caller:
    def __init__(self, bridge=None):
        self.bridge = bridge
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self.agent = self.state = self.first_state = None
        self.is_loaded = False

    def start(self, config, agent_name, most):
        """Makes the agent. It may give so many bytes in a task."""
        self.most = most
        keep(config["secrets"])
        target = config["target"]
        self.arguments = config["arguments"]
        found = load(target, config["searchPath"])
        self.is_loaded = True
        self.lifecycle = config["lifecycle"]
        self.new = lambda: make(target, found, config["constructorArguments"], agent_name)
        self.method = config.get("method")
        self.begin()
        name = getattr(self.agent, "__name__", None)
        # One may make up what it is asked for.
        self.name = name if isinstance(name, str) else type(self.agent).__name__
        if self.keeps_state:
            # One that has nothing to save before its first task is made anew instead.
            with contextlib.suppress(Exception):
                self.first_state = self.saved()

    def begin(self):
        self.agent = self.new()
        self.candidates = methods_of(self.agent, self.method)
        self.keeps_state = self.first(SAVE) is not None and self.first(LOAD, None) is not None
        self.is_new = True
        if self.lifecycle and not inspect.isroutine(self.agent):
            self.call_first(START)

    def stop(self):
        try:
            if self.lifecycle:
                self.call_first(STOP)
        finally:
            # Letting go of it writes the files that it has open. Where it refers to itself its objects are collected in a row, oldest first: a file is
            # closed before it has its text. A look through them while they are held puts what holds before what is held.
            gc.collect()
            self.agent = self.candidates = None
            gc.collect()

    def restore(self, state):
        """Gives the agent the state of a task's session; without one it is as it was before its first task."""
        if state is None and (self.is_new or not self.keeps_state):
            return
        state = self.first_state if state is None else state
        if state is None:
            self.stop()
            self.begin()
        else:
            self.call_first(LOAD, plain(state))

    def note(self, id, text):
        if self.bridge is not None:
            self.bridge.send({"type": "progress", "id": id, "text": text}, room=LAST)

    def arguments_for(self, task):
        """The method, and what it is called with."""
        gaps = []
        for name, method in self.candidates:
            try:
                return (method, *bind(method, task, self.arguments))
            except Gap as gap:
                gaps.append("%s needs %s" % (name, gap))
        raise Gap("no method can be called with this task: %s. Say what its parameters get under 'bind' (PythonOptions.Arguments), or put it into the task's data" % "; ".join(gaps))

    def call(self, task):
        """Does a task: its output and data. An agent that can take its state back leaves it in self.state."""
        asyncio.set_event_loop(self.loop)
        self.restore(task.state)
        self.is_new = False
        method, args, kwargs = self.arguments_for(task)
        arguments = [a for a in list(args) + list(kwargs.values()) if not isinstance(a, (str, int, float, types.MethodType))]
        before = [fingerprint(a) for a in arguments]
        output, data = self.result(method(*args, **kwargs), task)
        if output == "" and data is None and task.replies:
            output, data = "\n".join(text_of(r) for r in task.replies), plain(task.replies)
        if output == "" and data is None:
            for argument, old in zip(arguments, before):
                if old is not None and fingerprint(argument) != old:
                    output, data = text_of(argument), plain(argument)
                    break
        self.state = self.saved() if self.keeps_state else None
        return {"output": output, "data": data}

    def saved(self):
        saved = self.call_first(SAVE)
        return None if saved is None else plain(saved)

    def result(self, value, task):
        value = self.settle(value)
        collector = Collector(task, self.most)
        if hasattr(type(value), "__aiter__"):
            self.loop.run_until_complete(self.collect(value, collector))
            return collector.result()
        if inspect.isgenerator(value) or (isinstance(value, collections.abc.Iterator) and not isinstance(value, (str, bytes))):
            returned = collector.drain(value, self.settle)
            # What it returns is the answer, and what it told before was on the way there.
            return collector.result() if returned is None else self.result(returned, task)
        if isinstance(value, (str, type(None))):
            return value or "", None
        return text_of(value), plain(value)

    async def collect(self, stream, collector):
        async for item in stream:
            collector.add(item)

    def settle(self, value):
        if asyncio.isfuture(value) or inspect.isawaitable(value):
            async def wait():
                return await value
            return self.loop.run_until_complete(wait())
        if hasattr(type(value), "result") and hasattr(type(value), "add_done_callback"):
            return value.result()
        return value

    def call_first(self, names, *values):
        method = self.first(names, *values)
        return None if method is None else self.settle(method(*values))

    def first(self, names, *values):
        """The first of the methods that can be called with these values."""
        for name in names:
            for spelled in spellings(name):
                # What an object makes up for any name is no such method.
                if inspect.getattr_static(self.agent, spelled, None) is None or not callable(getattr(self.agent, spelled, None)):
                    continue
                method = getattr(self.agent, spelled)
                try:
                    inspect.signature(method).bind(*values)
                # One that is written in C may not tell what it takes.
                except (TypeError, ValueError):
                    continue
                return method
        return None


def fingerprint(value):
    try:
        return json.dumps(plain(value), sort_keys=True)
    except Exception:
        return None
