"""What a type is, and what a parameter asks for: the readings that the values are made by. Standard library only, Python 3.8 or later."""
import collections
import collections.abc
import datetime
import decimal
import fractions
import inspect
import json
import pathlib
import re
import typing
import uuid

from agentcore_names import MESSAGES_NAMES, inputs_among, is_context
from agentcore_results import shown

NOTHING = object()
DICTS = (dict, collections.abc.Mapping, collections.abc.MutableMapping)
LISTS = (list, tuple, set, frozenset, collections.abc.Sequence, collections.abc.Iterable, collections.abc.MutableSequence, collections.deque)


def span_of(text):
    """A time span: so many seconds, or 12:30 and 1.12:30:15 with its days."""
    parts = re.fullmatch(r"(-)?(?:(\d+)\.)?(\d+):(\d\d)(?::(\d\d(?:\.\d+)?))?", text)
    if parts is None:
        return datetime.timedelta(seconds=float(text))
    sign, days, hours, minutes, seconds = parts.groups(0)
    span = datetime.timedelta(days=int(days), hours=int(hours), minutes=int(minutes), seconds=float(seconds))
    return -span if sign else span


OF_TEXT = {  # classes of the standard library that are made from a text
    pathlib.Path: pathlib.Path, pathlib.PurePath: pathlib.PurePath, uuid.UUID: uuid.UUID, decimal.Decimal: decimal.Decimal,
    fractions.Fraction: fractions.Fraction, datetime.timedelta: span_of, datetime.time: lambda t: datetime.time.fromisoformat(t),
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


class Feed:
    """Whether the task's text was given to a parameter, and which ones wait for it by their names."""

    def __init__(self, fields, given=False, alone=False):
        self.given, self.alone = given, alone
        self.inputs = inputs_among(fields)
        self.waits = given or bool(self.inputs) or any(n in MESSAGES_NAMES for n, _ in fields)


def feed_of(parameters, given=False):
    plain = [p for p, _ in parameters if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD) and not is_context(p.name)]
    return Feed([(p.name, p.default is p.empty) for p, _ in parameters], given, not given and len(plain) == 1)


def known(hint):
    return hint is not inspect.Parameter.empty and hint is not typing.Any and hint is not object and not isinstance(hint, (str, typing.TypeVar))


def from_json(text, otherwise):
    if text[:1] in "[{" and text[-1:] in "]}" and text:
        try:
            return json.loads(text)
        except ValueError:
            pass
    return otherwise


def is_typed_dict(hint):
    return inspect.isclass(hint) and issubclass(hint, dict) and hasattr(hint, "__total__")


def is_text_of(task, value):
    """Whether a value is what a task says, as a text or read as JSON, and no piece of its data."""
    return task is not None and (value is task.input or value == from_json(task.input, NOTHING))


def unfit(value, cls):
    names = ", ".join(p.name for p, _ in parameters_of(cls) if p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)) if not issubclass(cls, dict) else ""
    return Gap("%r is not a %s; give an object%s" % (shown(value, 80), cls.__name__, " with " + names if names else ""))


def optional_keys(hint):
    """The keys that a typed dictionary need not have."""
    keys = hints_of(hint)
    return set(keys) - getattr(hint, "__required_keys__", frozenset(keys if hint.__total__ else ()))


def asked_of(protocol):
    """The names that a protocol asks for."""
    declared = [n for c in protocol.__mro__ if getattr(c, "_is_protocol", False) for n in vars(c)]
    return {n for n in [*hints_of(protocol), *declared] if not n.startswith("_")}


def is_a(value, cls):
    try:
        return isinstance(value, cls)
    except TypeError:
        # A protocol that says nothing of objects.
        return False


def subclasses(cls):
    found = []
    for child in type.__subclasses__(cls):
        found += [child] + subclasses(child)
    return found
