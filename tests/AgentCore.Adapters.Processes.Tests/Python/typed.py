"""Agents whose parameters and results are of all kinds of types."""
import collections
import dataclasses
import datetime
import decimal
import fractions
import pathlib
import typing


class Money:
    def __init__(self, amount: float = 0.0):
        self.amount = amount


@dataclasses.dataclass
class Person:
    name: str
    age: int = 0


class Settings(dict):
    pass


class Anything:
    def __init__(self, **fields):
        self.fields = fields


class Takes:
    def run(self, message: str, at: datetime.time = None, wait: datetime.timedelta = None, part: fractions.Fraction = None, price: Money = None,
            person: Person = None, people: typing.List[Person] = None, ordered: typing.OrderedDict[str, int] = None,
            grouped: typing.DefaultDict[str, typing.List[int]] = None, counted: typing.Counter[str] = None, queue: typing.Deque[str] = None,
            plain_queue: collections.deque = None, tags: set = None, blob: bytearray = None, settings: Settings = None, options: dict = None,
            anything: Anything = None, maybe: typing.Optional[Money] = None):
        given = {k: v for k, v in locals().items() if k not in ("self", "message") and v is not None}
        return "; ".join("%s %s" % (type(v).__name__, vars(v) if hasattr(v, "amount") or hasattr(v, "fields") else sorted(v) if isinstance(v, set) else v) for v in given.values())


class Partial(typing.TypedDict, total=False):
    question: str
    answer: str
    steps: int


class Whereabouts(typing.TypedDict, total=False):
    city: str
    days: int


class PartialState:
    def run(self, state: Partial):
        return repr(sorted(state.items()))


class PartialTrip:
    def run(self, trip: Whereabouts):
        return repr(sorted(trip.items()))


class GetsByName:
    def run(self, task):
        return "%s %s %s" % (task.get("title", "none"), task.get("format"), task.get("content"))


class Spoken(typing.Protocol):
    text: str


class Numbered(typing.Protocol):
    number: int


class TakesProtocol:
    def run(self, message: Spoken):
        return message.text


class TakesOtherProtocol:
    def run(self, message: Numbered):
        return message.number


class PositionalOnly:
    def __init__(self, key, /):
        self.key = key

    def run(self, message):
        return self.key + " " + message


class MakesUp:
    """Has an attribute of any name."""

    def run(self, message):
        return "ran " + message

    def __getattr__(self, name):
        return lambda *_, **__: "made up " + name


class ReturnsOneThatMakesUp:
    def run(self, message):
        return MakesUp()


class Says:
    def __init__(self, text):
        self._text = text

    def __str__(self):
        return self._text


class Returns:
    def run(self, message):
        return {
            "decimal": decimal.Decimal("12.50"), "path": pathlib.PurePosixPath("/tmp/x"), "date": datetime.date(2024, 1, 2), "says": Says("the answer"),
            "error": ValueError("went wrong"), "within": {"output": Says("the answer")},
        }[message]
