from typing import Callable, Optional, overload

from crew import CrewAgent
from .base import Ledger, OpenAgent, Parcel


class LoaderAgent(CrewAgent):
    def _work(self, task):
        return "load " + task


class PackerAgent:
    @overload
    def run(self, messages: str, *, stream: bool = False) -> str: ...

    @overload
    def run(self, messages: list, *, stream: bool = True) -> str: ...

    def run(self, messages=None, *, stream=False):
        return "pack %s" % messages[-1]["content"]


class RouterAgent:
    def route_parcel(self, parcel: Parcel):
        return parcel.to

    @staticmethod
    def clean_text(text):
        return text.strip()


class PricingAgent:
    def price(self, product: str, amount: int):
        return "%d %s" % (amount, product)

    def train(self):
        return "trained"


class BookkeeperAgent:
    def __init__(self, ledger: Ledger, currency: str):
        self.ledger = ledger

    async def run(self, prompt: str) -> str:
        return prompt


class GuideBot:
    def run(self):
        return "walking"

    def forward(self, distance: float):
        return distance


class HandlerAgent:
    async def on_turn(self, turn_context):
        await turn_context.send_activity("heard " + turn_context.activity.text)


class CallbackAgent:
    def ask(self, question: str, on_event: Callable[[str], None], tone: Optional[str] = None):
        on_event("asked")
        return question


class ClockBot:
    def __init__(self):
        self.beats = 0

    def start(self):
        self.beats = 10

    def tick(self):
        self.beats += 1
        return self.beats

    def stop(self):
        pass


class CardAgent:
    name = "a card"


class TorchAgent:
    def heat(self, room):
        return room

    def light(self, room):
        return room


class RestAgent:
    def reply(self, *args, **kwargs):
        return "got %s" % args


class Crew:
    class InnerAgent:
        def run(self, with_message=None):
            return "inner %s" % with_message


class AgentFactory:
    def create(self):
        return LoaderAgent()


class AgentError(Exception):
    pass


def weather_agent(state):
    return {"output": "sunny " + state["input"]}


def run_agent(agent, task):
    return agent.run(task)


def planner_agent(client):
    return LoaderAgent()


class DeciderAgent(OpenAgent):
    def decide(self, facts):
        return facts


class PacAgent:
    def evaluate(self, gameState, player):
        return 0

    def maxValue(self, gameState, player):
        return 1

    def getAction(self, gameState):
        return "north of " + gameState


class ForeignAgent(__import__("collections").UserDict):
    def answer(self, question):
        return question
