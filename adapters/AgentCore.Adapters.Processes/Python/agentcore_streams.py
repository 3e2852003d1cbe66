"""What an agent says piece by piece. Standard library only, Python 3.8 or later."""
import collections.abc
import re

from agentcore_results import BYTES, TooLarge, plain, text_of, utf8_of

# Classes and types of pieces that are parts of one text: MessageChunk, TextDelta, AgentResponseUpdate, {"type": "token"}.
PARTS = re.compile("^Streaming|([Cc]hunk|[Dd]elta|[Tt]oken|ResponseUpdate)$")
ABSENT = object()


class Collector:
    """The items of a stream, bounded by what they take in an answer."""

    def __init__(self, task, most):
        self.task, self.most, self.left, self.items = task, most, most, []

    def add(self, item):
        self.left -= 1 + len(item if isinstance(item, (str, *BYTES)) else utf8_of(plain(item)))
        if self.left < 0:
            raise TooLarge(self.most)
        # The end of a model's stream has no text.
        if item is not None:
            self.items.append(item)
            self.task.progress(item)

    def drain(self, items, settle):
        """Takes all there are. A generator may return something beside."""
        while True:
            try:
                item = next(items)
            except StopIteration as end:
                return end.value
            self.add(settle(item))

    def result(self):
        """Output and data: the pieces together where they are parts of one text, else the last that says something."""
        items = self.items
        if all(isinstance(i, str) for i in items):
            return "".join(items), None
        if all(isinstance(i, BYTES) for i in items):
            return text_of(b"".join(items)), plain(b"".join(items))
        parts = parts_of(items)
        if parts:
            return "".join(parts), plain(items)
        return next((t for t in map(text_of, reversed(items)) if t), ""), plain(items)


def parts_of(items):
    """The texts that pieces of one kind are parts of a text by; none where each says something of its own."""
    deltas = [field_of(i, "delta") for i in items]
    # Where none is a text, the field is only there, and what is said stands beside it.
    if all(isinstance(d, (str, type(None))) for d in deltas) and any(isinstance(d, str) for d in deltas):
        return [d or "" for d in deltas]
    texts = [next((f for f in (field_of(i, "content"), field_of(i, "text")) if isinstance(f, str)), None) for i in items]
    if None in texts or len({type(i) for i in items}) > 1:
        return []
    # What is said as a whole doesn't end with nothing.
    return texts if not texts[-1] or all(PARTS.search(kind_of(i)) for i in items) else []


def field_of(item, name):
    return item.get(name, ABSENT) if isinstance(item, collections.abc.Mapping) else getattr(item, name, ABSENT)


def kind_of(item):
    return str(item.get("type", "")) if isinstance(item, collections.abc.Mapping) else type(item).__name__
