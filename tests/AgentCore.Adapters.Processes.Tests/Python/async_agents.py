"""Asynchronous agents of the shapes that are met in the wild."""
import asyncio
import dataclasses
import typing


class AChat:
    async def achat(self, message: str) -> str:
        await asyncio.sleep(0)
        return "async " + message


class AsyncGenerator:
    async def run_stream(self, task: str):
        for part in ("a", "b", task):
            await asyncio.sleep(0)
            yield part


@dataclasses.dataclass
class Message:
    content: str
    sender: str = "user"


@dataclasses.dataclass
class MessageContext:
    topic: str = "default"
    is_rpc: bool = False


class HandleMessageContext:
    async def handle_message(self, message: Message, ctx: MessageContext) -> Message:
        return Message("%s on %s" % (message.content, ctx.topic), "agent")


class AwaitsItsCallback:
    def __init__(self, on_change: typing.Callable[[str], typing.Awaitable[None]]):
        self.on_change = on_change

    async def run(self, message: str, on_event, stop: typing.Callable[[], bool]) -> str:
        await self.on_change("started")
        await on_event("half way")
        return "stopped" if stop() else "awaited " + message


class BothForms:
    def invoke(self, request: str) -> str:
        raise RuntimeError("the binding names ainvoke")

    async def ainvoke(self, request: str) -> typing.Dict[str, str]:
        return {"output": "ainvoked " + request}


class AsyncLifecycle:
    async def start(self):
        self.ready = asyncio.Event()
        self.ready.set()

    async def run(self, message: str) -> str:
        await self.ready.wait()
        return "ready " + message


class ReturnsCoroutine:
    def execute(self, task: str):
        return self._execute(task)

    async def _execute(self, task):
        return "coroutine " + task


class RunsItsOwnLoop:
    def run(self, message: str) -> str:
        return asyncio.run(self._run(message))

    async def _run(self, message):
        await asyncio.sleep(0)
        return "own loop " + message


class Gathers:
    async def step(self, items: typing.List[str]) -> typing.List[str]:
        return await asyncio.gather(*[self._one(i) for i in items])

    async def _one(self, item):
        await asyncio.sleep(0)
        return item + "?"


class RemembersAsync:
    def __init__(self):
        self.seen = []

    async def chat(self, message: str) -> str:
        self.seen.append(message)
        return " ".join(self.seen)

    async def asave_state(self) -> dict:
        return {"seen": self.seen}

    async def aload_state(self, state: dict) -> None:
        self.seen = list(state["seen"])
