"""Agents whose way in shows only beside their bases, or beside what else they have."""
from typing import Callable, Protocol

from .base import Ledger


class Shift:
    def __init__(self, ledger: Ledger):
        self.ledger = ledger

    async def run(self):
        raise NotImplementedError

    async def ask_question(self, question):
        return question


class ShiftAgent(Shift):
    """Its base leaves run to it; what its base asks along the way is a helper."""

    def __init__(self, *args, hours=8, **kwargs):
        super().__init__(*args, **kwargs)

    async def run(self):
        return "worked"

    def process_response(self, blocks):
        return blocks


class NightHandler(ShiftAgent):
    async def run(self):
        return "worked at night"


class ShiftNoticeHandler(ShiftAgent):
    pass


class DeskAgent:
    """What it takes in goes to process; the rest is how it talks to a model."""

    @classmethod
    def get_response(cls, message: list, namespace: str):
        return message

    async def process(self, context):
        await context.reply("processed " + context.input)


class AuditAgent(DeskAgent):
    def audit(self, request: str, day="today"):
        return "audited " + request


class ThinkerAgent:
    def __init__(self, ledger: Ledger):
        self.ledger = ledger

    def generate(self, messages: list, stop=None):
        return "said " + messages[-1]["content"]

    def parse(self, text):
        raise NotImplementedError


class OutlineAgent(ThinkerAgent):
    def __init__(self):
        super().__init__(None)

    def parse(self, topic: str, example_input: str = ""):
        return self.generate([{"role": "user", "content": topic}])


class ParcelBot:
    """Messages reach it through what is registered with it."""

    def start(self):
        self.handlers = []

    def stop(self):
        self.handlers = None

    def on_message(self, handler: Callable[[str], str]):
        self.handlers.append(handler)

    def on_command(self, command: str):
        return lambda handler: self.on_message(handler)

    async def send_message(self, channel_id: str, content: str):
        return content

    def publish_menu(self, entries):
        return entries


class LookoutAgent(ParcelBot):
    """One that is asked, too."""

    def search(self, query: str):
        return "saw " + query


class DriverAgent:
    def step(self, reward, observation):
        return "turn at %s" % observation


class RiderAgent:
    def step(self, reward=None, observation=None):
        return "ride to %s" % observation


class ForemanAgent:
    def __call__(self, *message, session=0):
        return "%s, at once" % message

    def forward(self, *message, session=0):
        return "never alone"


class FinderAgent:
    def execute_tool(self, tool_name):
        return tool_name

    def search_simple(self, query: str):
        return "some " + query

    def search(self, query: str):
        return "all " + query

    def search_async(self, query: str):
        return "soon " + query

    def sort_shelves(self, by):
        return by


class SmithAgent:
    def execute(self, code: str, language="python"):
        return "ran " + code

    def generate(self, prompt: str):
        return "code for " + prompt


class ClerkAgent:
    def invoke(self, messages=None, *, on_new_message=None, additional_user_message=None):
        return "%s %s" % (messages[-1]["content"], on_new_message)


class HiredAgent:
    def __init__(self, work: Callable[[str], str], on_event: Callable[[str], None]):
        self.work = work

    def run(self, task):
        return self.work(task)


class SketchAgent(Protocol):
    def run(self, task: str) -> str:
        return task
