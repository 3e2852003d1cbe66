"""What a parameter gets from a task: by its name, its type, its default. Standard library only, Python 3.8 or later."""
import collections.abc
import datetime
import decimal
import enum
import inspect
import json
import pathlib
import sys
import types
import typing
import uuid

from agentcore_context import Context, TaskDict, Text
from agentcore_names import CALLBACK_NAMES, DATA_NAMES, MESSAGES_NAMES, is_context, is_input
from agentcore_results import text_of

NOTHING = object()
DICTS = (dict, collections.abc.Mapping, collections.abc.MutableMapping)
LISTS = (list, tuple, set, frozenset, collections.abc.Sequence, collections.abc.Iterable, collections.abc.MutableSequence)
OF_TEXT = {  # classes of the standard library that are made from a text
    pathlib.Path: pathlib.Path, pathlib.PurePath: pathlib.PurePath, uuid.UUID: uuid.UUID, decimal.Decimal: decimal.Decimal,
    datetime.datetime: lambda t: datetime.datetime.fromisoformat(t), datetime.date: lambda t: datetime.date.fromisoformat(t),
}


class Gap(Exception):
    """A parameter that nothing was found for."""


def hints_of(function):
    try:
        return typing.get_type_hints(function)
    except Exception:
        return {}


def parameters_of(function):
    target = function.__init__ if inspect.isclass(function) else function
    hints = hints_of(target) if not inspect.isclass(function) else {**hints_of(function), **hints_of(function.__init__)}
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        # Built in, or with a signature that lies: it is called with nothing.
        return []
    return [(p, hints.get(p.name, p.annotation)) for p in parameters]


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
        return Context(task)
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
    values, gaps, named, parameters = {}, [], {}, parameters_of(function)
    if task and not task.data:
        # A text may be an object that has the parameters: {"product": "tea", "amount": 3}.
        fields = from_json(task.input, None)
        if isinstance(fields, dict) and any(p.name in fields for p, _ in parameters):
            task.data = fields
    fed = feed(parameters)
    rest = None
    for parameter, hint in parameters:
        name = parameter.name
        if parameter.kind is parameter.VAR_POSITIONAL:
            rest = name
            continue
        if parameter.kind is parameter.VAR_KEYWORD:
            named = {k: v for k, v in task.data.items() if k not in values} if task else {}
            named.update({k: from_source(v, task) for k, v in given.items() if k not in [p.name for p, _ in parameters]} if task else {})
            if task and not named and not values and rest is None:
                named = {"input": task.input}
            continue
        try:
            if name in given:
                value = coerce(from_source(given[name], task) if task else given[name], hint, task, 0)
                fed[0] = fed[0] or given[name] in ("input", "messages", "task")
            else:
                value = value_for(name, hint, parameter.default, task, fed, agent_name)
        except Gap as gap:
            gaps.append("%s (%s)" % (parameter, gap) if str(gap) else str(parameter))
            continue
        if value is not NOTHING:
            values[name] = value
    unknown = [n for n in given if n not in [p.name for p, _ in parameters]] if task else []
    if unknown and not any(p.kind is p.VAR_KEYWORD for p, _ in parameters):
        gaps.append("no %s, which the binding names: its parameters are %s" % (", ".join(unknown), ", ".join(p.name for p, _ in parameters) or "none"))
    if gaps:
        raise Gap("; ".join(gaps))
    more = [Text(task.input)] if rest is not None and task and not fed[0] and not values else []
    return place(parameters, values, more, named)


def place(parameters, values, more, named):
    """Values as arguments by position, where they must be, and by name."""
    args, kwargs = [], dict(named)
    for parameter, _ in parameters:
        by_position = parameter.kind is parameter.POSITIONAL_ONLY or (more and parameter.kind is parameter.POSITIONAL_OR_KEYWORD)
        if parameter.name not in values:
            if by_position and parameter.default is not parameter.empty:
                args.append(parameter.default)
        elif by_position:
            args.append(values[parameter.name])
        else:
            kwargs[parameter.name] = values[parameter.name]
    return args + more, kwargs


def feed(parameters):
    """Whether the task's text was given to a parameter, whether one waits for it by its name, and whether one that isn't the
    conversation does."""
    names = [p.name for p, _ in parameters]
    alone = sum(p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) and not is_context(n) for (p, _), n in zip(parameters, names)) == 1
    inputs = any(is_input(n) for n in names)
    return [False, inputs or any(n in MESSAGES_NAMES for n in names), inputs, alone]


def value_for(name, hint, default, task, fed, agent_name, depth=0):
    """The value of a parameter or field; NOTHING for its default."""
    required = default is inspect.Parameter.empty
    if task is not None and name in task.data:
        return coerce(task.data[name], hint, task, depth)
    if task is None:
        if not required:
            return NOTHING
        if name in ("name", "agent_name", "agent_id", "id", "unique_id") and agent_name and hint in (str, inspect.Parameter.empty, typing.Any):
            return agent_name
        return construct(hint, None, depth)
    if name in MESSAGES_NAMES:
        if required or task.messages or not (fed[0] or fed[2]):
            fed[0] = True
            return coerce(task.conversation(), hint, task, depth) if known(hint) else task.conversation()
        return NOTHING
    if name in CALLBACK_NAMES:
        return task.progress if required or default is None else NOTHING
    if is_context(name):
        return NOTHING if not required else context_for(name, hint, task, depth)
    if is_input(name) and (required or not fed[0]):
        fed[0] = True
        return coerce_input(hint, task, depth, name)
    if name in DATA_NAMES and (required or task.data):
        return coerce(task.as_dict(), hint, task, depth) if known(hint) else task.as_dict()
    if not required:
        if not (fed[0] or fed[1]) and fed[3] and default in (None, "") and task.input and (not known(hint) or hint in (str, typing.Optional[str])):
            fed[0] = True
            return coerce_input(hint, task, depth, name)
        return NOTHING
    if not (fed[0] or fed[1]) and (depth == 0 or hint is str or not known(hint)):
        fed[0] = True
        return coerce_input(hint, task, depth, name)
    return construct(hint, task, depth)


def context_for(name, hint, task, depth):
    """A context of the type that is asked for where it can be made, else what stands for one."""
    if hint is str:
        return ""
    try:
        return construct(hint, task, depth, Context(task))
    except Gap:
        return Context(task)


def known(hint):
    return hint is not inspect.Parameter.empty and hint is not typing.Any and hint is not object and not isinstance(hint, (str, typing.TypeVar))


def coerce_input(hint, task, depth, name=""):
    if not known(hint):
        if name in ("payload", "inputs", "data", "input_data", "event", "job"):
            return task.as_dict()
        # A text that is a JSON object or list is one, but where text is asked for by name.
        return Text(task.input) if is_input(name) else from_json(task.input, Text(task.input))
    origin = typing.get_origin(hint) or hint
    value = from_json(task.input, task.input) if origin is not str else task.input
    if origin in DICTS or is_typed_dict(hint):
        return coerce(value if isinstance(value, dict) else task.as_dict(), hint, task, depth)
    if origin in LISTS:
        return coerce(value if isinstance(value, list) else texts_or_messages(hint, task), hint, task, depth)
    return coerce(value, hint, task, depth)


def from_json(text, otherwise):
    if text[:1] in "[{" and text[-1:] in "]}" and text:
        try:
            return json.loads(text)
        except ValueError:
            pass
    return otherwise


def texts_or_messages(hint, task):
    inner = typing.get_args(hint)
    return [m["content"] for m in task.conversation()] if inner and inner[0] is str else task.conversation()


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
    if origin in LISTS:
        items = value if isinstance(value, (list, tuple, set)) else [value]
        each = inner[0] if inner and inner[0] is not Ellipsis else typing.Any
        return (list if origin not in (tuple, set, frozenset) else origin)(coerce(i, each, task, depth + 1) for i in items)
    if origin in DICTS or is_typed_dict(hint):
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
    inputs = any(is_input(name) for name in fields)
    fed = [False, inputs or any(name in MESSAGES_NAMES for name in fields), inputs, False]
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
    if cls in OF_TEXT:
        try:
            return OF_TEXT[cls](str(value))
        except Exception as e:
            raise Gap("%r is not a %s: %s" % (str(value)[:80], cls.__name__, e))
    if cls.__name__ == "ndarray" and cls.__module__ == "numpy":
        return sys.modules["numpy"].asarray(value)
    return from_class(cls, value if isinstance(value, dict) else {}, task, depth)


def from_class(cls, values, task, depth):
    """An instance of a class; of one that derives from it where it is abstract, a message of text before others."""
    if not inspect.isabstract(cls) and not getattr(cls, "_is_protocol", False):
        return from_fields(cls, values, task, depth)
    below = [c for c in subclasses(cls) if not inspect.isabstract(c)]
    below.sort(key=lambda c: (-sum(word in c.__name__ for word in ("Text", "User", "Human")), len(c.__name__)))
    for made in below[:20]:
        try:
            return from_fields(made, values, task, depth)
        except Gap:
            continue
    raise Gap("%s is abstract, and nothing that derives from it can be made" % cls.__name__)


def subclasses(cls):
    found = []
    for child in type.__subclasses__(cls):
        found += [child] + subclasses(child)
    return found


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
            return from_fields(origin, {}, task, depth, [True, True, True, False])
    if otherwise is not NOTHING:
        return "" if hint is str else otherwise
    raise Gap("")


def from_fields(cls, values, task, depth, fed=None):
    """An instance of a dataclass, a pydantic model or any class, its fields found as parameters are."""
    kwargs = {}
    parameters = parameters_of(cls)
    fed = fed or feed(parameters)
    for parameter, hint in parameters:
        if parameter.kind in (parameter.VAR_POSITIONAL, parameter.VAR_KEYWORD):
            continue
        if parameter.name in values:
            kwargs[parameter.name] = coerce(values[parameter.name], hint, task, depth + 1)
            continue
        default = parameter.default
        if values and task is not None and is_input(parameter.name) and "content" in values:
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
