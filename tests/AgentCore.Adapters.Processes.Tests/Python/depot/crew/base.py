import abc
from dataclasses import dataclass, field
from typing import Protocol


class Ledger(abc.ABC):
    @abc.abstractmethod
    def write(self, line):
        ...


@dataclass
class Parcel:
    to: str
    weight: float = 1.0
    tags: list = field(default_factory=list)


class Worker(Protocol):
    def run(self, task: str) -> str:
        ...


class CrewAgent(Worker):
    """Its run is what everybody calls; derived classes write _work."""

    def run(self, task):
        return "<" + self._work(task) + ">"

    def _work(self, task):
        raise NotImplementedError


class OpenAgent:
    def decide(self, facts):
        raise NotImplementedError
