"""Agents that leave work for the end of their process."""
import atexit
import logging.handlers
import threading


def at_end():
    with open("end.txt", "w") as file:
        file.write("at the end")


class EndsAtOnce:
    def run(self, message):
        self.open = open("open.txt", "w")
        self.open.write("written")
        log = logging.getLogger("ends")
        log.addHandler(logging.handlers.MemoryHandler(100, target=logging.FileHandler("log.txt")))
        log.warning("logged")
        atexit.register(at_end)
        return "done"


class EndsThoughItHoldsItself(EndsAtOnce):
    def __init__(self):
        self.handlers = {"run": self.run}


class EndsWhileAThreadRuns(EndsThoughItHoldsItself):
    def run(self, message):
        threading.Thread(target=threading.Event().wait).start()
        return super().run(message)


class EndsWhileItStops(EndsAtOnce):
    def stop(self):
        threading.Event().wait()
