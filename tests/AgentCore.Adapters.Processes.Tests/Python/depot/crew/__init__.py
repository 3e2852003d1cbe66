def __getattr__(name):
    if name == "CrewAgent":
        from .base import CrewAgent
        return CrewAgent
    raise AttributeError(name)
