"""What stands for things that a task doesn't have: a text that answers as a message, a dictionary with the usual keys, a context
that collects what is sent through it. Standard library only, Python 3.8 or later."""
from agentcore_names import INPUT_NAMES

SENDS = ("send", "reply", "respond", "publish", "emit", "say", "post", "answer", "write", "broadcast", "yield", "report", "speak", "output")


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
        # What every text has, its title() or format(), is nothing that a message has.
        try:
            return self[key] if isinstance(key, str) else default
        except KeyError:
            return default

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


class Done:
    """What a call of a context or a callback returns: nothing, awaited or not."""

    def __await__(self):
        return iter(())

    def __bool__(self):
        return False


class Activity:
    """A message as chat frameworks hand it over."""

    type = "message"
    id = channel_id = "1"

    def __init__(self, task):
        self.text = task.input
        self.value = task.data or None
        self.attachments = []
        self.from_property = self.recipient = self.conversation = self.sender = Text("user")


class Context:
    """Stands for a runtime context. What is sent through it (send, reply, publish, yield_output, ...) is the run's output."""

    def __init__(self, task):
        self.__dict__.update(task.data)
        self.input = self.text = self.message = self.content = task.input
        self.data, self.messages, self.history, self.id = task.data, task.messages, task.conversation(), task.id
        self.activity, self._task = Activity(task), task

    def __getattr__(self, name):
        if not name.startswith(SENDS):
            raise AttributeError("the stand-in for this context has no %s; give the parameter what it needs under 'bind'" % name)

        def collect(*values, **named):
            for value in values + tuple(named.values()):
                if not callable(value):
                    self._task.replies.append(value)
                    self._task.progress(value)
                    break
            return Done()
        return collect

    def is_cancelled(self):
        return False

    def get(self, key, default=None):
        return self.__dict__.get(key, default)
