"""Synchronous agents of the shapes that are met in the wild."""
import collections
import collections.abc
import dataclasses
import enum
import socket
import types
import typing


class RunText:
    def run(self, task: str) -> str:
        return "ran " + task


class ChatUntyped:
    def chat(self, message):
        return "chat " + message.upper()


class HandleMessageDict:
    def handle_message(self, message: dict) -> dict:
        return {"content": "handled " + message["content"], "tokens": 3}


@dataclasses.dataclass
class ChatMessage:
    role: str
    content: str


class OnMessages:
    def on_messages(self, messages: typing.List[ChatMessage]) -> ChatMessage:
        return ChatMessage("assistant", "%d messages, last %s" % (len(messages), messages[-1].content))


class InvokeState:
    def invoke(self, state, config=None):
        state["answer"] = "invoked " + state["question"]
        return state


@dataclasses.dataclass
class Answer:
    text: str
    confidence: float


class GetResponseDataclass:
    def get_response(self, query: str) -> Answer:
        return Answer("response to " + query, 0.5)


class ExecuteByName:
    def execute(self, city: str, days: int = 1) -> str:
        return "%s for %d days" % (city, days)


class StepNothing:
    def __init__(self):
        self.steps = 0

    def step(self):
        self.steps += 1
        return {"steps": self.steps}


class GeneratorAgent:
    def run(self, prompt):
        for word in ("one ", "two ", prompt):
            yield word


class MutatesArgument:
    def process(self, payload: dict) -> None:
        payload["result"] = "mutated " + payload["input"]


class ContentObject:
    class Reply:
        def __init__(self, content):
            self.content = content
            self._hidden = object()

    def respond(self, message):
        return self.Reply("object " + message.content)


class Reported(typing.NamedTuple):
    output: str
    score: int


class NamedTupleAgent:
    def ask(self, question: str) -> Reported:
        return Reported("named " + question, 7)


class Mood(enum.Enum):
    CALM = "calm"
    LOUD = "loud"


class EnumAgent:
    def run(self, message: str, mood: Mood = Mood.CALM) -> str:
        return "%s %s" % (mood.name, message)


class RuntimeContext:
    def __init__(self, user: str = "nobody"):
        self.user = user


class NeedsContext:
    def handle_message(self, message: str, ctx: RuntimeContext) -> str:
        return "%s said %s" % (ctx.user, message)


class CallableAgent:
    def __call__(self, text: str) -> str:
        return "called " + text


class KeywordAgent:
    def run(self, message, **kwargs):
        return message + " " + ",".join(sorted(kwargs))


class NumberAgent:
    def predict(self, data: typing.List[float]) -> float:
        return sum(data)


class Lifecycle:
    def __init__(self, name, suffix="!"):
        self.name, self.suffix, self.started = name, suffix, False

    def start(self):
        self.started = True

    def run(self, message):
        return "%s started=%s %s%s" % (self.name, self.started, message, self.suffix)

    def stop(self):
        with open("stopped.txt", "w") as file:
            file.write("yes")


class Remembers:
    def __init__(self):
        self.seen = []

    def chat(self, message: str) -> str:
        self.seen.append(message)
        if message == "fail":
            raise ValueError(message)
        return " ".join(self.seen)

    def save_state(self) -> dict:
        return {"seen": self.seen}

    def load_state(self, state: dict) -> None:
        self.seen = list(state["seen"])


class RemembersInPlace(Remembers):
    def load_state(self, state: dict) -> None:
        self.seen = state["seen"]


class SavesNothingFirst(Remembers):
    def save_state(self):
        return {"seen": self.seen} if self.seen else None


class CannotSaveFirst(Remembers):
    def save_state(self):
        return {"seen": self.seen, "last": self.seen[-1]}


class SavesToFiles(Remembers):
    """Where its state goes somebody must say."""

    def save_state(self, path):
        raise NotImplementedError


class SavesToFilesToo(SavesToFiles):
    def get_state(self):
        return {"seen": self.seen}


class LoadsWithAKey(Remembers):
    def load_state(self, key, state):
        raise NotImplementedError


class Connection(socket.socket):
    """Its connect is written in C, and what that takes isn't known."""

    def chat(self, message: str) -> str:
        return "not connected, " + message


class Base:
    def run(self, message: str) -> str:
        return "[" + self._do(message) + "]"

    def _do(self, message):
        raise NotImplementedError


class TemplateMethod(Base):
    def _do(self, message):
        return "template " + message


class OddName:
    def route_parcel(self, destination: str, weight: float) -> str:
        return "%s by %s" % (destination, "truck" if weight > 10 else "bike")


class CallbackAgent:
    def run(self, message: str, callback) -> str:
        callback("half way")
        return "done " + message


class TextMessage:
    """Shaped as pydantic models are: keyword fields, model_dump."""

    def __init__(self, *, content: str, source: str, metadata: typing.Optional[dict] = None):
        self.content, self.source, self.metadata = content, source, metadata

    def model_dump(self):
        return {"content": self.content, "source": self.source}


class PydanticLike:
    def on_messages(self, messages: typing.Sequence[TextMessage], cancellation_token) -> TextMessage:
        assert not cancellation_token.is_cancelled()
        return TextMessage(content="%s from %s" % (messages[0].content, messages[0].source), source="agent")


class OrderedResult:
    def run(self, inputs):
        return collections.OrderedDict(result="ordered " + inputs["query"])


def function_agent(prompt: str) -> str:
    return "function " + prompt


class Ambiguous:
    def warm(self, room):
        return "warm " + room

    def cool(self, room):
        return "cool " + room


class TypedValues:
    def run(self, task: str, pair: typing.Tuple[str, int] = ("", 0), count: int = 0, prices: typing.Optional[typing.Dict[str, float]] = None,
            grid: typing.Optional[typing.Dict[int, typing.List[int]]] = None):
        return repr((pair, count, prices, grid))


class TypedData:
    def run(self, data: typing.Dict[str, int]):
        return repr(sorted(data.items()))


class KeywordsAgent:
    def run(self, **settings):
        return repr(settings)


class HalfCharacter:
    def run(self, task):
        return {"half": "\ud800", "whole": "\ud83d\ude00"}


class Tone(str, enum.Enum):
    WARM = "warm"


class Rank(enum.IntEnum):
    FIRST = 1


class Rights(enum.Flag):
    READ = 1
    WRITE = 2


@dataclasses.dataclass
class Judged:
    tone: Tone
    rank: Rank


class EnumsWithin:
    def run(self, task):
        return {Tone.WARM: [Judged(Tone.WARM, Rank.FIRST), Rights.READ | Rights.WRITE]}


class EnumLast:
    def run(self, task):
        return ["cold", {"answer": Tone.WARM}]


class Shelf(collections.abc.Mapping):
    """A mapping that is no dictionary."""

    def __init__(self, items):
        self._items = items

    def __getitem__(self, key):
        return self._items[key]

    def __iter__(self):
        return iter(self._items)

    def __len__(self):
        return len(self._items)


class Collections:
    def run(self, task):
        return Shelf({
            "user": collections.UserDict(a=1), "proxy": types.MappingProxyType({"b": 2}), "deque": collections.deque([3], maxlen=5),
            "list": collections.UserList([4]), "range": range(2), "chars": collections.UserString("text"), "view": memoryview(b"raw"),
            "items": {"c": 5}.items(),
        })


class Billion(collections.abc.Sequence):
    def __len__(self):
        return 10 ** 9

    def __getitem__(self, index):
        return "one of many"

    def __str__(self):
        return "a billion"


class LazySequences:
    def run(self, task):
        return Shelf({"numbers": range(10 ** 30), "words": Billion()})


class AnswersARange:
    def run(self, task):
        return range(10 ** 30)


class AnswersALazySequence:
    def run(self, task):
        return Billion()


class AnswerInAMapping:
    def run(self, task):
        return collections.UserDict(answer=collections.deque(["one", "two"]))
