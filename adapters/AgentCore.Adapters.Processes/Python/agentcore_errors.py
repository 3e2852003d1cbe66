"""What is told of an error. Standard library only, Python 3.8 or later."""
from agentcore_results import TooLarge, shown
from agentcore_types import Gap


def told(e):
    """An error's type and its message."""
    if isinstance(e, Gap):
        return "BindingError", message_of(e)
    if isinstance(e, TooLarge):
        return "OutputLimit", message_of(e)
    if isinstance(e, SystemExit):
        return "SystemExit", "the agent called sys.exit(%s)" % shown(e.code, show=repr)
    return type(e).__name__, message_of(e)


def message_of(e):
    return shown(e, most=4000)
