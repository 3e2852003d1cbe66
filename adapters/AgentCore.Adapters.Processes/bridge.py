"""Serves a Python agent over JSON lines: finds its class and method, gives the parameters what their names and types ask for,
and reads what comes back. Standard library only, Python 3.8 or later. docs/processes.md describes the protocol."""
import asyncio
import base64
import collections.abc
import contextlib
import dataclasses
import enum
import faulthandler
import importlib
import importlib.util
import inspect
import json
import os
import queue
import signal
import sys
import threading
import traceback
import types
import typing

EXECUTE = [
    "run", "chat", "handle_message", "on_messages", "invoke", "get_response", "execute", "step", "process", "process_message",
    "handle", "on_message", "respond", "reply", "generate_response", "generate_reply", "generate", "answer", "ask", "query",
    "complete", "predict", "act", "call", "handle_request", "process_request", "run_task", "execute_task", "process_task",
    "solve", "think", "forward", "stream", "run_stream", "on_messages_stream", "__call__",
]
START = ["start", "initialize", "initialise", "setup", "connect", "on_start", "activate"]
STOP = ["stop", "shutdown", "close", "cleanup", "disconnect", "on_stop", "deactivate"]
SAVE = ["save_state", "get_state"]
LOAD = ["load_state", "set_state", "restore_state"]
INPUT_NAMES = frozenset(
    "input message msg text prompt query question task user_input content request instruction instructions goal objective utterance "
    "user_message input_text user_prompt input_data inputs payload job event item topic problem command".split())
MESSAGES_NAMES = frozenset("messages history chat_history conversation message_history msgs".split())
DATA_NAMES = frozenset("data inputs payload params parameters variables kwargs input_data state".split())
CONTEXT_NAMES = frozenset("context ctx run_context cancellation_token token session runtime deps config".split())
TEXT_KEYS = [
    "output", "response", "answer", "result", "reply", "final_output", "output_text", "chat_message", "content", "text", "message",
    "summary", "value", "messages",
]
NOTHING = object()


class Gap(Exception):
    """A parameter that nothing was found for."""


class TooLarge(Exception):
    pass


# What goes to parameters without a type: a text that also answers as a message would.
class Text(str):
    role = "user"
    source = "user"
    sender = "user"
    name = "user"

    @property
    def content(self):
        return str(self)

    text = message = query = input = body = content

    def get(self, key, default=None):
        return getattr(self, key, default) if isinstance(key, str) else default

    def __getitem__(self, key):
        if not isinstance(key, str):
            return str.__getitem__(self, key)
        if key in INPUT_NAMES or key in ("role", "source", "sender", "name", "body"):
            return getattr(self, key, str(self))
        raise KeyError(key)


# What goes to dictionaries: the task's data, and its text under whichever usual name is asked for.
class TaskDict(dict):
    def __missing__(self, key):
        if key in INPUT_NAMES:
            return self["input"]
        raise KeyError(key)

    def get(self, key, default=None):
        return self[key] if key in self or (key in INPUT_NAMES and "input" in self) else default


class Context(types.SimpleNamespace):
    """Stands for a runtime context that no type describes."""

    def is_cancelled(self):
        return False

    def get(self, key, default=None):
        return self.__dict__.get(key, default)


class Task:
    def __init__(self, bridge, message):
        task = message["task"]
        self.id = message["id"]
        self.key = message.get("key", "")
        self.input = task.get("input", "")
        self.data = task.get("data") or {}
        self.messages = [dict(m) for m in task.get("messages") or []]
        self.state = message.get("state")
        self.bridge = bridge

    def conversation(self):
        return self.messages + ([{"role": "user", "content": self.input}] if self.input or not self.messages else [])

    def as_dict(self):
        values = TaskDict(input=self.input, role="user", content=self.input)
        if self.messages:
            values["messages"] = self.conversation()
        values.update(self.data)
        return values

    def progress(self, value="", *_, **__):
        self.bridge.send({"type": "progress", "id": self.id, "text": text_of(value)[:4000]})


# --- What a parameter gets --------------------------------------------------------------------------------------------------

def hints_of(function):
    try:
        return typing.get_type_hints(function)
    except Exception:
        return {}


def parameters_of(function):
    target = function.__init__ if inspect.isclass(function) else function
    hints = hints_of(target) if not inspect.isclass(function) else {**hints_of(function), **hints_of(function.__init__)}
    return [(p, hints.get(p.name, p.annotation)) for p in inspect.signature(function).parameters.values()]


def from_source(source, task):
    if source == "input":
        return task.input
    if source == "messages":
        return task.conversation()
    if source == "data":
        return task.as_dict()
    if source == "task":
        return {"input": task.input, "data": task.data, "messages": task.messages}
    if source == "context":
        return Context(input=task.input, data=task.data, messages=task.messages, id=task.id)
    if source == "none":
        return None
    if source.startswith("="):
        return json.loads(source[1:])
    if source.startswith("data."):
        if source[5:] not in task.data:
            raise Gap("the binding takes %s, which the task's data doesn't have" % source)
        return task.data[source[5:]]
    raise Gap("the binding has %r; use input, messages, data, data.NAME, task, context, none or =JSON" % source)


def bind(function, task, given, agent_name=None):
    """The arguments of a call, or a Gap that names what is missing."""
    args, kwargs, gaps, used, parameters = [], {}, [], set(), parameters_of(function)
    fed = feed(parameters)
    for parameter, hint in parameters:
        name = parameter.name
        if parameter.kind is parameter.VAR_POSITIONAL:
            continue
        if parameter.kind is parameter.VAR_KEYWORD:
            kwargs.update({k: v for k, v in task.data.items() if k not in used} if task else {})
            continue
        try:
            if name in given:
                value = coerce(from_source(given[name], task) if task else given[name], hint, task, 0)
            else:
                value = value_for(name, hint, parameter.default, task, fed, agent_name)
            if value is NOTHING:
                continue
        except Gap as gap:
            gaps.append("%s (%s)" % (parameter, gap) if str(gap) else str(parameter))
            continue
        used.add(name)
        if parameter.kind is parameter.POSITIONAL_ONLY:
            args.append(value)
        else:
            kwargs[name] = value
    if gaps:
        raise Gap("; ".join(gaps))
    return args, kwargs


def feed(parameters):
    """Whether the task's text was given to a parameter, and whether one waits for it by its name."""
    return [False, any(p.name in INPUT_NAMES or p.name in MESSAGES_NAMES for p, _ in parameters)]


def value_for(name, hint, default, task, fed, agent_name, depth=0):
    """The value of a parameter or field; NOTHING for its default."""
    required = default is inspect.Parameter.empty
    if task is not None and name in task.data:
        return coerce(task.data[name], hint, task, depth)
    if task is None:
        if not required:
            return NOTHING
        if name in ("name", "agent_name", "agent_id", "id") and agent_name:
            return agent_name
        return construct(hint, None, depth)
    if name in MESSAGES_NAMES:
        if required or task.messages:
            fed[0] = True
            return coerce(task.conversation(), hint, task, depth) if known(hint) else task.conversation()
        return NOTHING
    if name in ("on_event", "callback", "on_progress", "emit", "progress", "on_update", "reply_callback", "send"):
        return task.progress if required or default is None else NOTHING
    if name in CONTEXT_NAMES:
        return NOTHING if not required else construct(hint, task, depth, Context(input=task.input, data=task.data, messages=task.messages, id=task.id))
    if name in INPUT_NAMES and (required or not fed[0]):
        fed[0] = True
        return coerce_input(hint, task, depth, name)
    if name in DATA_NAMES and (required or task.data):
        return coerce(task.as_dict(), hint, task, depth) if known(hint) else task.as_dict()
    if not required:
        return NOTHING
    if fed == [False, False] and (depth == 0 or hint is str or not known(hint)):
        fed[0] = True
        return coerce_input(hint, task, depth, name)
    return construct(hint, task, depth)


def known(hint):
    return hint is not inspect.Parameter.empty and hint is not typing.Any and hint is not object and not isinstance(hint, (str, typing.TypeVar))


def coerce_input(hint, task, depth, name=""):
    if not known(hint):
        return task.as_dict() if name in ("payload", "inputs", "data", "input_data", "event", "job") else Text(task.input)
    origin = typing.get_origin(hint) or hint
    if origin in (dict, collections.abc.Mapping, collections.abc.MutableMapping) or is_typed_dict(hint):
        return coerce(task.as_dict(), hint, task, depth)
    if origin in (list, tuple, collections.abc.Sequence, collections.abc.Iterable, collections.abc.MutableSequence):
        return coerce(task.conversation(), hint, task, depth)
    return coerce(task.input, hint, task, depth)


def is_typed_dict(hint):
    return inspect.isclass(hint) and issubclass(hint, dict) and hasattr(hint, "__total__")


def coerce(value, hint, task, depth):
    """A value as a type asks for it."""
    if not known(hint) or depth > 4:
        return value
    origin, inner = typing.get_origin(hint), typing.get_args(hint)
    if origin is getattr(typing, "Annotated", NOTHING):
        return coerce(value, inner[0], task, depth)
    if origin is typing.Union or origin is getattr(types, "UnionType", NOTHING):
        return coerce_union(value, inner, task, depth)
    if origin is typing.Literal:
        if value in inner:
            return value
        raise Gap("%r is not one of %r" % (value, inner))
    if origin in (list, set, frozenset, collections.abc.Sequence, collections.abc.Iterable, collections.abc.MutableSequence, tuple):
        items = value if isinstance(value, (list, tuple, set)) else [value]
        each = inner[0] if inner and inner[0] is not Ellipsis else typing.Any
        return (list if origin not in (tuple, set, frozenset) else origin)(coerce(i, each, task, depth + 1) for i in items)
    if origin in (dict, collections.abc.Mapping, collections.abc.MutableMapping) or is_typed_dict(hint):
        return coerce_dict(value, hint, task, depth)
    if origin is collections.abc.Callable:
        return value if callable(value) else task.progress
    if not inspect.isclass(origin or hint):
        return value
    return coerce_class(value, origin or hint, task, depth)


def coerce_union(value, members, task, depth):
    if value is None and type(None) in members:
        return None
    members = [m for m in members if m is not type(None)]
    exact = [m for m in members if m is type(value)]
    for member in exact + members:
        try:
            return coerce(value, member, task, depth)
        except Exception:
            continue
    raise Gap("%s fits none of %r" % (type(value).__name__, members))


def coerce_dict(value, hint, task, depth):
    if not isinstance(value, dict):
        value = task.as_dict() if task else {"input": value}
    if not is_typed_dict(hint):
        return value
    result, fields = {}, hints_of(hint)
    fed = [False, any(name in INPUT_NAMES or name in MESSAGES_NAMES for name in fields)]
    for name, field in fields.items():
        result[name] = value[name] if name in value else value_for(name, field, inspect.Parameter.empty, task, fed, None, depth + 1)
    return result


def coerce_class(value, cls, task, depth):
    if isinstance(value, cls):
        return value
    if cls is str:
        return text_of(value)
    if cls in (int, float):
        try:
            return cls(value)
        except (TypeError, ValueError):
            raise Gap("%r is not a %s" % (str(value)[:80], cls.__name__))
    if cls is bool:
        if str(value).lower() in ("true", "yes", "1", "false", "no", "0"):
            return str(value).lower() in ("true", "yes", "1")
        raise Gap("%r is not a bool" % str(value)[:80])
    if cls is bytes:
        return str(value).encode("utf-8")
    if cls is list or cls is tuple:
        return cls(value if isinstance(value, (list, tuple)) else [value])
    if cls is dict:
        return coerce_dict(value, cls, task, depth)
    if issubclass(cls, enum.Enum):
        for member in cls:
            if value == member.value or str(value).lower() == member.name.lower():
                return member
        raise Gap("%r is not a %s" % (str(value)[:80], cls.__name__))
    if cls is collections.abc.Callable:
        return task.progress
    if isinstance(value, dict):
        return from_fields(cls, value, task, depth)
    return from_fields(cls, {}, task, depth)


def construct(hint, task, depth, otherwise=NOTHING):
    """A value for what has no counterpart in a task: built from its type's own defaults."""
    if known(hint) and depth <= 4:
        origin = typing.get_origin(hint) or hint
        if type(None) in typing.get_args(hint):
            return None
        if origin in (dict, list, set, tuple):
            return origin()
        if origin is collections.abc.Callable:
            return task.progress if task else (lambda *_, **__: None)
        if inspect.isclass(origin) and origin not in (str, int, float, bool, bytes) and not issubclass(origin, enum.Enum):
            return from_fields(origin, {}, task, depth, [True, True])
    if otherwise is not NOTHING:
        return "" if hint is str else otherwise
    raise Gap("")


def from_fields(cls, values, task, depth, fed=None):
    """An instance of a dataclass, a pydantic model or any class, its fields found as parameters are."""
    kwargs = {}
    try:
        parameters = parameters_of(cls)
    except (TypeError, ValueError):
        raise Gap("%s has no signature" % cls.__name__)
    fed = fed or feed(parameters)
    for parameter, hint in parameters:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if parameter.name in values:
            kwargs[parameter.name] = coerce(values[parameter.name], hint, task, depth + 1)
            continue
        default = parameter.default
        if values and task is not None and parameter.name in INPUT_NAMES and "content" in values:
            kwargs[parameter.name] = values["content"]
            continue
        if parameter.name in ("source", "role", "sender", "author", "type") and default is inspect.Parameter.empty:
            kwargs[parameter.name] = coerce(values.get("role", "user"), hint, task, depth + 1)
            continue
        if parameter.name in ("id", "message_id", "task_id", "run_id") and default is inspect.Parameter.empty:
            kwargs[parameter.name] = coerce(task.id if task else "1", hint, task, depth + 1)
            continue
        value = value_for(parameter.name, hint, default, task, fed, None, depth + 1)
        if value is not NOTHING:
            kwargs[parameter.name] = value
    try:
        return cls(**kwargs)
    except Exception as e:
        raise Gap("%s could not be made: %s" % (cls.__name__, e))


# --- What comes back --------------------------------------------------------------------------------------------------------

def plain(value, depth=0):
    """A value as JSON can hold it."""
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, float):
        return value if value == value and value not in (float("inf"), float("-inf")) else None
    if depth > 20:
        return repr(value)[:200]
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(bytes(value)).decode("ascii")
    if isinstance(value, enum.Enum):
        return plain(value.value, depth + 1)
    if isinstance(value, dict):
        return {str(k): plain(v, depth + 1) for k, v in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return plain(value._asdict(), depth + 1)
    if isinstance(value, (list, tuple, set, frozenset, collections.abc.KeysView, collections.abc.ValuesView)):
        return [plain(v, depth + 1) for v in value]
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name, None), depth + 1) for f in dataclasses.fields(value)}
    for dump in ("model_dump", "to_dict", "dict"):
        if callable(getattr(value, dump, None)) and not isinstance(value, type):
            try:
                return plain(getattr(value, dump)(), depth + 1)
            except Exception:
                continue
    if hasattr(value, "__dict__") and not callable(value):
        return {k: plain(v, depth + 1) for k, v in vars(value).items() if not k.startswith("_")}
    return str(value)


def text_of(value, depth=0):
    """A value in words."""
    if value is None:
        return ""
    if isinstance(value, str):
        return str(value)
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, (bool, int, float)):
        return json.dumps(plain(value))
    if isinstance(value, enum.Enum):
        return text_of(value.value, depth + 1)
    if depth < 6:
        if isinstance(value, dict):
            for key in TEXT_KEYS:
                if value.get(key) is not None:
                    return text_of(value[key], depth + 1)
        elif isinstance(value, (list, tuple)) and not hasattr(value, "_asdict"):
            if isinstance(value, tuple) and value:
                return text_of(value[0], depth + 1)
            if value and all(isinstance(v, str) for v in value):
                return "\n".join(value)
            if value and not isinstance(value[-1], (int, float)):
                return text_of(value[-1], depth + 1)
        else:
            for key in TEXT_KEYS:
                found = getattr(value, key, None)
                if found is not None and not callable(found):
                    return text_of(found, depth + 1)
    return json.dumps(plain(value), ensure_ascii=False)


def from_chunks(chunks):
    if all(isinstance(c, str) for c in chunks):
        return "".join(chunks), None
    if not chunks:
        return "", []
    deltas = [getattr(c, "delta", None) or (c.get("delta") if isinstance(c, dict) else None) for c in chunks]
    if all(isinstance(d, str) for d in deltas):
        return "".join(deltas), plain(chunks)
    return text_of(chunks[-1]), plain(chunks)


class Collector:
    """The items of a stream, bounded."""

    def __init__(self, task, most):
        self.task, self.left, self.items = task, most, []

    def add(self, item):
        self.left -= len(item) if isinstance(item, (str, bytes)) else 64
        if self.left < 0:
            raise TooLarge("the agent's stream is longer than ProcessLimits.MaxOutputBytes allows")
        self.items.append(item)
        self.task.progress(item)


# --- The bridge -------------------------------------------------------------------------------------------------------------

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
        self.loop = asyncio.new_event_loop()
        asyncio.set_event_loop(self.loop)
        self.most = 1 << 20
        self.agent = None

    def send(self, message):
        line = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"
        if len(line) > self.most:
            raise TooLarge("its message has {:,} bytes, more than the {:,} that ProcessLimits.MaxOutputBytes allows".format(len(line), self.most))
        with self.lock:
            view = memoryview(line)
            while view:
                view = view[self.out.write(view):]

    def read(self):
        """Runs on a thread of its own, so that health is told while the agent works and its parent's end is noticed."""
        for line in self.input:
            message = json.loads(line.decode("utf-8"))
            if message["type"] == "ping":
                self.send({"type": "pong", "id": message["id"]})
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
                self.guard(message["id"], lambda: self.do(Task(self, message)))
            elif message["type"] == "shutdown":
                with contextlib.suppress(BaseException):
                    if self.lifecycle:
                        self.call_first(STOP)
                sys.stderr.flush()
                os._exit(0)

    def guard(self, id, action):
        try:
            action()
            return True
        except BaseException as e:
            if isinstance(e, Gap):
                error = {"type": "BindingError", "message": str(e)}
            elif isinstance(e, TooLarge):
                error = {"type": "OutputLimit", "message": str(e)}
            elif isinstance(e, SystemExit):
                error = {"type": "SystemExit", "message": "the agent called sys.exit(%r)" % (e.code,)}
            else:
                error = {"type": type(e).__name__, "message": str(e)[:4000], "trace": trace_of(e)}
            self.send({"type": "error", "id": id, "error": error})
            return False
        finally:
            watch(0)

    def start(self, hello):
        config = hello["configuration"]
        self.most = int(hello["maxOutputBytes"])
        self.task_seconds = hello["taskSeconds"]
        self.arguments = config["arguments"]
        self.lifecycle = config["lifecycle"]
        watch(hello["startSeconds"] * 0.8)
        found = load(config["target"], config["searchPath"])
        name = hello.get("agent")
        if inspect.isclass(found):
            try:
                args, kwargs = bind(found, None, config["constructorArguments"], name)
            except Gap as gap:
                raise Gap("the constructor of %s needs %s; give it in PythonOptions.ConstructorArguments" % (config["target"], gap))
            unknown = set(config["constructorArguments"]) - set(kwargs)
            extra = {k: config["constructorArguments"][k] for k in unknown}
            found = found(*args, **kwargs, **extra)
        self.agent = found
        self.candidates = methods_of(found, config.get("method"))
        if self.lifecycle and not inspect.isfunction(found):
            self.call_first(START)
        self.send({"type": "hello", "version": 1, "name": getattr(found, "__name__", type(found).__name__), "methods": [n for n, _ in self.candidates]})

    def do(self, task):
        watch(self.task_seconds)
        asyncio.set_event_loop(self.loop)
        if task.state is not None:
            self.call_first(LOAD, task.state)
        gaps = []
        for name, method in self.candidates:
            try:
                args, kwargs = bind(method, task, self.arguments)
                break
            except Gap as gap:
                gaps.append("%s needs %s" % (name, gap))
        else:
            raise Gap("no method can be called with this task: %s. Say what its parameters get in PythonOptions.Arguments, or put it into the task's data" % "; ".join(gaps))

        arguments = [a for a in list(args) + list(kwargs.values()) if not isinstance(a, (str, int, float, types.MethodType))]
        before = [fingerprint(a) for a in arguments]
        output, data = self.result(method(*args, **kwargs), task)
        if output == "" and data is None:
            for argument, old in zip(arguments, before):
                if old is not None and fingerprint(argument) != old:
                    output, data = text_of(argument), plain(argument)
                    break
        answer = {"type": "result", "id": task.id, "output": output, "data": data}
        saved = self.call_first(SAVE) if any(hasattr(self.agent, n) for n in LOAD) else None
        if saved is not None:
            answer["state"] = plain(saved)
        self.send(answer)

    def result(self, value, task):
        value = self.settle(value)
        if hasattr(value, "__aiter__"):
            return from_chunks(self.loop.run_until_complete(self.collect(value, task)))
        if inspect.isgenerator(value) or (isinstance(value, collections.abc.Iterator) and not isinstance(value, (str, bytes))):
            collector = Collector(task, self.most)
            for item in value:
                collector.add(self.settle(item))
            return from_chunks(collector.items)
        if isinstance(value, (str, type(None))):
            return value or "", None
        return text_of(value), plain(value)

    async def collect(self, stream, task):
        collector = Collector(task, self.most)
        async for item in stream:
            collector.add(item)
        return collector.items

    def settle(self, value):
        if asyncio.isfuture(value) or inspect.isawaitable(value):
            async def wait():
                return await value
            return self.loop.run_until_complete(wait())
        if hasattr(value, "result") and hasattr(value, "add_done_callback"):
            return value.result()
        return value

    def call_first(self, names, *values):
        """Calls the first of the methods that can be called with these values."""
        for name in names:
            for spelled in (name, "a" + name, name + "_async"):
                method = getattr(self.agent, spelled, None)
                if not callable(method):
                    continue
                try:
                    inspect.signature(method).bind(*values)
                except TypeError:
                    continue
                return self.settle(method(*values))
        return None


def watch(seconds):
    """Shortly before the time is up, tells on standard error where the agent hangs."""
    faulthandler.cancel_dump_traceback_later()
    if seconds:
        faulthandler.dump_traceback_later(max(seconds * 0.9, 0.05), exit=False, file=sys.__stderr__)


def fingerprint(value):
    try:
        return json.dumps(plain(value), sort_keys=True)
    except Exception:
        return None


def trace_of(e):
    frames = [f for f in traceback.extract_tb(e.__traceback__) if f.filename != "agentcore_bridge"]
    return "".join(traceback.format_list(frames[-6:]))[-3000:].rstrip()


def load(target, search_path):
    place, _, path = target.rpartition(":")
    sys.path[:] = [os.path.abspath(p) for p in search_path] + [p for p in sys.path if p]
    if place.endswith(".py"):
        file = os.path.abspath(place)
        if not os.path.isfile(file):
            raise Gap("there is no file %s" % file)
        sys.path.insert(0, os.path.dirname(file))
        name = os.path.splitext(os.path.basename(file))[0]
        spec = importlib.util.spec_from_file_location(name, file)
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    else:
        module = importlib.import_module(place)
    found = module
    for part in path.split("."):
        if not hasattr(found, part):
            public = [n for n, v in vars(found).items() if not n.startswith("_") and (inspect.isclass(v) or inspect.isfunction(v)) and getattr(v, "__module__", "") == module.__name__]
            raise Gap("%s has no %s; it has %s" % (place, part, ", ".join(public[:20]) or "no class"))
        found = getattr(found, part)
    return found


def methods_of(agent, named):
    if named:
        method = getattr(agent, named, None)
        if not callable(method):
            raise Gap("PythonOptions.Method is %r, which %s doesn't have" % (named, type(agent).__name__))
        return [(named, method)]
    if inspect.isfunction(agent) or inspect.isbuiltin(agent):
        return [(agent.__name__, agent)]
    found = []
    for name in EXECUTE:
        for spelled in (name, "a" + name, "a_" + name, name + "_async", "async_" + name):
            method = getattr(agent, spelled, None)
            if callable(method) and not inspect.isclass(method) and (spelled, method) not in found:
                found.append((spelled, method))
    if not found:
        public = [n for n in dir(agent) if not n.startswith("_") and callable(getattr(agent, n, None))]
        raise Gap("%s has no method of a usual name; name one in PythonOptions.Method. It has: %s" % (type(agent).__name__, ", ".join(public[:20]) or "none"))
    return found


if __name__ == "__main__":
    faulthandler.enable(file=sys.__stderr__)
    bridge = Bridge()
    sys.stdout = sys.stderr
    bridge.serve()
