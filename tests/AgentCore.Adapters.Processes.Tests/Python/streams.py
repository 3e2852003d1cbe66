"""Agents that answer piece by piece."""
import dataclasses


class EndsWithNone:
    """As the deltas of a model's stream: the last has no content."""

    def run(self, message):
        yield from ("Hello ", "world", None)


class EndsWithNoneAsync:
    async def run(self, message):
        for piece in ("", "Hello ", "world", None):
            yield piece


class Bytes:
    def run(self, message):
        whole = "Gr\u00fc\u00dfe".encode("utf-8")
        yield from (whole[:3], whole[3:])


@dataclasses.dataclass
class MessageChunk:
    content: str


@dataclasses.dataclass
class Message:
    content: str


class Contents:
    def run(self, message):
        yield from (MessageChunk("Hello "), MessageChunk("world"), MessageChunk(""))


class Tokens:
    def run(self, message):
        yield from ({"type": "token", "text": "a"}, {"type": "token", "text": "b"})


class Deltas:
    def run(self, message):
        yield from ({"delta": "a"}, {"delta": "b"}, {"delta": None})


class DeltasOfNone:
    """As of models that say their whole text so far, and have the field beside."""

    def run(self, message):
        yield from ({"delta": None, "text": "Hello"}, {"delta": None, "text": "Hello world"})


class DeltaOfNone:
    def run(self, message):
        yield {"delta": None, "content": "answer"}


class TokensWithDeltasOfNone:
    def run(self, message):
        yield from ({"type": "token", "delta": None, "text": "a"}, {"type": "token", "delta": None, "text": "b"})


class Messages:
    def run(self, message):
        yield from (Message("thought"), Message("answer"))


class EmptyEnd:
    def run(self, message):
        yield from ({"answer": "answer"}, "")


class Returns:
    def run(self, message):
        yield "thinking"
        return "42"


class ReturnsAnObject:
    def run(self, message):
        yield "thinking"
        return {"answer": "42", "cost": 1}


class OnlyNone:
    def run(self, message):
        yield
