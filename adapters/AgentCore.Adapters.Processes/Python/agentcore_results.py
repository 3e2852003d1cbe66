"""What comes back from an agent, as text and as JSON. Standard library only, Python 3.8 or later."""
import array
import base64
import collections
import collections.abc
import dataclasses
import enum
import json

from agentcore_secrets import beginning

TEXT_KEYS = [
    "output", "response", "answer", "result", "reply", "final_output", "output_text", "chat_message", "content", "text", "message",
    "summary", "value", "messages",
]
SEQUENCES = (collections.abc.Sequence, collections.abc.Set, collections.abc.ValuesView)
# Their items are there already, however many they are; other sequences may make theirs as they are asked for.
HELD = (list, tuple, set, frozenset, array.array, collections.deque, collections.UserList, collections.abc.MappingView)
MOST_MADE = 100000
BYTES = (bytes, bytearray, memoryview)


class TooLarge(Exception):
    """More than the limits allow."""

    def __init__(self, most):
        super().__init__(
            "it gives more than the {:,} bytes that ProcessLimits.MaxOutputBytes (maxOutputBytes) allows in a task; raise it if that much is right".format(most))


def utf8_of(message):
    """A message as JSON that every reader takes: halves of surrogate pairs are no characters, and become U+FFFD."""
    text = json.dumps(message, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").encode("utf-8")


def plain(value, depth=0, above=()):
    """A value as JSON can hold it. What contains itself, or lies deep in objects, is told by its name."""
    # A member may be a text or a number too, and says its own name then.
    if isinstance(value, enum.Enum):
        return plain(value.value, depth + 1, above)
    if value is None or isinstance(value, (bool, int)):
        return value
    if isinstance(value, (str, collections.UserString)):
        return str(value)
    if isinstance(value, float):
        return value if value == value and value not in (float("inf"), float("-inf")) else None
    if isinstance(value, BYTES):
        return base64.b64encode(bytes(value)).decode("ascii")
    if depth > 20 or id(value) in above:
        return shown(value)
    above += (id(value),)
    if isinstance(value, collections.abc.Mapping):
        return {str(k.value if isinstance(k, enum.Enum) else k): plain(v, depth + 1, above) for k, v in value.items()}
    if isinstance(value, tuple) and hasattr(value, "_asdict"):
        return plain(value._asdict(), depth + 1, above)
    if is_lazy(value):
        return shown(value)
    if isinstance(value, SEQUENCES):
        return [plain(v, depth + 1, above) for v in value]
    if type(value).__module__ == "numpy" and callable(getattr(value, "tolist", None)):
        return plain(value.tolist(), depth + 1, above)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {f.name: plain(getattr(value, f.name, None), depth + 1, above) for f in dataclasses.fields(value)}
    for dump in ("model_dump", "to_dict", "dict"):
        if callable(getattr(value, dump, None)) and not isinstance(value, type):
            try:
                return plain(getattr(value, dump)(), depth + 1, above)
            except Exception:
                continue
    # Objects of objects are a graph: four levels of it say enough.
    if hasattr(value, "__dict__") and not callable(value) and not isinstance(value, type) and depth < 4:
        shows = {k: plain(v, depth + 1, above) for k, v in vars(value).items() if not k.startswith("_")}
        return shown(value) if not shows and speaks(value) else shows
    return shown(value)


def speaks(value):
    """Whether a class has words of its own for its objects."""
    return type(value).__str__ is not object.__str__ or type(value).__repr__ is not object.__repr__


def is_lazy(value):
    """Whether a sequence makes its items as they are asked for, and may make more than any memory holds."""
    if isinstance(value, HELD) or not isinstance(value, SEQUENCES):
        return False
    return isinstance(value, range) or len(value) > MOST_MADE


def shown(value, most=2000, show=str):
    """What a value says of itself, whatever its own code does."""
    try:
        return beginning(show(value), most)
    except BaseException as e:
        return "<%s, which can't be shown: %s>" % (type(value).__name__, type(e).__name__)


def text_of(value, depth=0):
    """A value in words."""
    if value is None:
        return ""
    if isinstance(value, enum.Enum):
        return text_of(value.value, depth + 1)
    if isinstance(value, (str, collections.UserString)):
        return str(value)
    if isinstance(value, BYTES):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, (bool, int, float)):
        return json.dumps(plain(value))
    if depth < 6:
        if isinstance(value, collections.abc.Mapping):
            for key in TEXT_KEYS:
                if value.get(key) is not None:
                    return text_of(value[key], depth + 1)
        elif is_lazy(value):
            return shown(value)
        elif isinstance(value, collections.abc.Sequence) and not hasattr(value, "_asdict"):
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
    made = plain(value)
    return made if isinstance(made, str) else json.dumps(made, ensure_ascii=False)
