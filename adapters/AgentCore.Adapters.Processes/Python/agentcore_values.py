"""What a parameter gets from a task: by its name, its type, its default. Standard library only, Python 3.8 or later."""
import collections
import collections.abc
import enum
import inspect
import sys
import types
import typing

from agentcore_context import Context, Done, TaskDict, Text
from agentcore_names import CALLBACK_NAMES, DATA_NAMES, MESSAGES_NAMES, is_callback, is_context, is_input
from agentcore_results import shown, text_of
from agentcore_types import (
    DICTS, LISTS, NOTHING, OF_TEXT, Feed, Gap, asked_of, feed_of, from_json, hints_of, is_a, is_text_of, is_typed_dict, known, optional_keys,
    parameters_of, subclasses, unfit)


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
        if depth == 0 and typing.get_origin(hint) is collections.abc.Callable and not is_callback(name):
            raise Gap("it is called by the agent")
        return construct(hint, None, depth)
    if name in MESSAGES_NAMES:
        if required or task.messages or not (fed.given or fed.inputs):
            fed.given = True
            return coerce(task.conversation(), hint, task, depth) if known(hint) else task.conversation()
        return NOTHING
    if is_callback(name):
        # One of another name may be given more than a text: it is left at its default.
        return task.progress if required or default is None and name in CALLBACK_NAMES else NOTHING
    if is_context(name):
        return NOTHING if not required else context_for(name, hint, task, depth)
    if name in fed.inputs and (required or not fed.given):
        fed.given = True
        return coerce_input(hint, task, depth, name)
    if name in DATA_NAMES and (required or task.data):
        return coerce(task.as_dict(), hint, task, depth) if known(hint) else task.as_dict()
    if not required:
        if not (fed.given or fed.waits) and fed.alone and default in (None, "") and task.input and (not known(hint) or hint in (str, typing.Optional[str])):
            fed.given = True
            return coerce_input(hint, task, depth, name)
        return NOTHING
    if not (fed.given or fed.waits) and (depth == 0 or hint is str or not known(hint)):
        fed.given = True
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


def texts_or_messages(hint, task):
    inner = typing.get_args(hint)
    return [m["content"] for m in task.conversation()] if inner and inner[0] is str else task.conversation()


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
        if origin is tuple and inner and inner[-1] is not Ellipsis:
            return coerce_tuple(items, inner, task, depth)
        each = inner[0] if inner else typing.Any
        return (list if origin not in (tuple, set, frozenset, collections.deque) else origin)(coerce(i, each, task, depth + 1) for i in items)
    if origin in DICTS or inspect.isclass(origin or hint) and issubclass(origin or hint, dict):
        return coerce_dict(value, hint, task, depth)
    if origin is collections.abc.Callable:
        return value if callable(value) else task.progress
    if not inspect.isclass(origin or hint):
        return value
    return coerce_class(value, origin or hint, task, depth)


def coerce_tuple(items, inner, task, depth):
    """A tuple of so many values, each of its own type."""
    if len(items) != len(inner):
        raise Gap("%r has %d values, not %d" % (items, len(items), len(inner)))
    return tuple(coerce(i, each, task, depth + 1) for i, each in zip(items, inner))


def coerce_union(value, members, task, depth):
    if value is None and type(None) in members:
        return None
    members = [m for m in members if m is not type(None)]
    if len(members) == 1:
        return coerce(value, members[0], task, depth)
    exact = [m for m in members if m is type(value)]
    for member in exact + members:
        try:
            return coerce(value, member, task, depth)
        except Exception:
            continue
    raise Gap("%s fits none of %r" % (type(value).__name__, members))


def coerce_dict(value, hint, task, depth):
    cls = typing.get_origin(hint) or hint
    if not isinstance(value, dict):
        if not is_text_of(task, value):
            raise unfit(value, cls)
        value = task.as_dict()
    if is_typed_dict(hint):
        return typed_dict(value, hint, task, depth)
    inner = typing.get_args(hint)
    made = coerce_items(value, inner, task, depth) if len(inner) == 2 and any(known(i) for i in inner) else value
    if isinstance(made, cls):
        return made
    try:
        return collections.defaultdict(typing.get_origin(inner[1]) or inner[1], made) if cls is collections.defaultdict and inner else cls(made)
    except Exception as e:
        raise Gap("%s could not be made: %s" % (cls.__name__, shown(e)))


def typed_dict(value, hint, task, depth):
    """A dictionary of these keys. One that may be left out is made of the task's text at most, and only where no dictionary is given."""
    fields, optional = hints_of(hint), optional_keys(hint)
    given = not isinstance(value, TaskDict)
    fed = Feed([(name, name not in optional) for name in fields])
    result = {}
    for name, field in fields.items():
        if name in value:
            result[name] = value[name]
        elif name not in optional:
            result[name] = value_for(name, field, inspect.Parameter.empty, task, fed, None, depth + 1)
        elif not given:
            try:
                made = value_for(name, field, inspect.Parameter.empty if field is str or not known(field) else NOTHING, task, fed, None, depth + 1)
            except Gap:
                continue
            if made is not NOTHING:
                result[name] = made
    return result


def coerce_items(value, inner, task, depth):
    """A dictionary whose names and values have types. What the task itself puts beside its data, its text, is left out where it is none of them."""
    result = {}
    for name, item in value.items():
        try:
            result[coerce(name, inner[0], task, depth + 1)] = coerce(item, inner[1], task, depth + 1)
        except Gap as gap:
            if not isinstance(value, TaskDict) or name in task.data:
                raise Gap("%s: %s" % (name, gap))
    return TaskDict(result) if isinstance(value, TaskDict) and "input" in result else result


def coerce_class(value, cls, task, depth):
    if is_a(value, cls):
        return value
    if cls is str:
        return text_of(value)
    if cls in (int, float):
        try:
            made = cls(value)
        except (TypeError, ValueError, OverflowError):
            made = None
        # What a number has behind its point is not dropped unasked.
        if made is None or cls is int and isinstance(value, float) and made != value:
            raise Gap("%r is not a %s" % (shown(value, 80), cls.__name__))
        return made
    if cls is bool:
        if str(value).lower() in ("true", "yes", "1", "false", "no", "0"):
            return str(value).lower() in ("true", "yes", "1")
        raise Gap("%r is not a bool" % shown(value, 80))
    if cls in (bytes, bytearray):
        return cls(str(value).encode("utf-8"))
    if cls in (list, tuple, set, frozenset, collections.deque):
        return cls(value if isinstance(value, (list, tuple)) else [value])
    if issubclass(cls, enum.Enum):
        for member in cls:
            if value == member.value or str(value).lower() == member.name.lower():
                return member
        raise Gap("%r is not a %s" % (shown(value, 80), cls.__name__))
    if cls is collections.abc.Callable:
        return task.progress
    if cls in OF_TEXT:
        try:
            return OF_TEXT[cls](str(value))
        except Exception as e:
            raise Gap("%r is not a %s: %s" % (shown(value, 80), cls.__name__, shown(e)))
    if cls.__name__ == "ndarray" and cls.__module__ == "numpy":
        return sys.modules["numpy"].asarray(value)
    if isinstance(value, dict) or is_text_of(task, value):
        return from_class(cls, value if isinstance(value, dict) else {}, task, depth)
    return from_value(cls, value, task, depth)


def from_value(cls, value, task, depth):
    """An instance of a class that one value says all of."""
    required = [p.name for p, _ in parameters_of(cls) if p.default is p.empty and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)]
    if len(required) != 1 or isinstance(value, list):
        raise unfit(value, cls)
    return from_class(cls, {required[0]: value}, task, depth)


def from_class(cls, values, task, depth):
    """An instance of a class; of one that derives from it where it is abstract, a message of text before others."""
    if not inspect.isabstract(cls) and not getattr(cls, "_is_protocol", False):
        return from_fields(cls, values, task, depth)
    if task is not None and getattr(cls, "_is_protocol", False) and all(hasattr(Text, n) for n in asked_of(cls)):
        return Text(task.input)
    below = [c for c in subclasses(cls) if not inspect.isabstract(c)]
    below.sort(key=lambda c: (-sum(word in c.__name__ for word in ("Text", "User", "Human")), len(c.__name__)))
    for made in below[:20]:
        try:
            return from_fields(made, values, task, depth)
        except Gap:
            continue
    raise Gap("%s is abstract, and nothing that derives from it can be made" % cls.__name__)


def construct(hint, task, depth, otherwise=NOTHING):
    """A value for what has no counterpart in a task: built from its type's own defaults."""
    if known(hint) and depth <= 4:
        origin = typing.get_origin(hint) or hint
        if type(None) in typing.get_args(hint):
            return None
        if origin in (dict, list, set, tuple):
            return origin()
        if origin is collections.abc.Callable:
            return task.progress if task else (lambda *_, **__: Done())
        if inspect.isclass(origin) and origin not in (str, int, float, bool, bytes) and not issubclass(origin, enum.Enum):
            return from_fields(origin, {}, task, depth, feed_of(parameters_of(origin), given=True))
    if otherwise is not NOTHING:
        return "" if hint is str else otherwise
    raise Gap("")


def from_fields(cls, values, task, depth, fed=None):
    """An instance of a dataclass, a pydantic model or any class, its fields found as parameters are."""
    kwargs = {}
    parameters = parameters_of(cls)
    fed = fed or feed_of(parameters)
    if values and not parameters:
        raise Gap("%s takes none of %s" % (cls.__name__, ", ".join(map(str, values))))
    # What a message has beside its text is not asked for by every class of messages.
    if any(p.kind is p.VAR_KEYWORD for p, _ in parameters) and not {"role", "content"} <= set(values):
        kwargs.update((k, v) for k, v in values.items() if k not in [p.name for p, _ in parameters])
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
        raise Gap("%s could not be made: %s" % (cls.__name__, shown(e)))
