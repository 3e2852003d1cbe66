"""Imports a target, makes its object, and finds the methods that may do a task. Standard library only, Python 3.8 or later."""
import importlib
import importlib.machinery
import importlib.util
import inspect
import os
import sys

import __main__
import agentcore_names as names
import agentcore_rank as rank
from agentcore_bind import bind
from agentcore_types import Gap, parameters_of


def load(target, search_path):
    """The class, function or object that a target names."""
    place, _, path = target.rpartition(":")
    look_in([os.path.abspath(p) for p in search_path])
    try:
        module = module_of_file(place) if place.endswith(".py") else module_of_name(place)
    except ModuleNotFoundError as e:
        e.msg = "%s (imported by %s); install it for %s, or name a virtual environment that has it under 'virtualEnvironment'" % (e.msg, place, sys.executable)
        raise
    found = module
    for part in path.split("."):
        if not hasattr(found, part):
            public = [n for n, v in vars(found).items() if not n.startswith("_") and (inspect.isclass(v) or inspect.isfunction(v)) and getattr(v, "__module__", "") == module.__name__]
            raise Gap("%s has no %s; it has %s. Write one of them behind the colon of the target" % (place, part, ", ".join(public[:20]) or "no class"))
        found = getattr(found, part)
    return found


def look_in(folders):
    """Has modules looked for in these folders first. One that is named like a module of the library is found there too, as where Python starts
    with the agent, though the bridge has that one loaded for itself."""
    sys.path[:0] = folders
    for name in {n.partition(".")[0] for n in set(sys.modules) - __main__.at_start if not n.startswith("agentcore_")}:
        found = importlib.machinery.PathFinder.find_spec(name, folders)
        if found is not None and found.loader is not None:
            for loaded in [n for n in sys.modules if n == name or n.startswith(name + ".")]:
                del sys.modules[loaded]


def module_of_file(place):
    file = os.path.abspath(place)
    if not os.path.isfile(file):
        raise Gap("there is no file %s; a target's path starts from the working directory" % file)
    look_in([os.path.dirname(file)])
    name = os.path.splitext(os.path.basename(file))[0]
    spec = importlib.util.spec_from_file_location(name, file)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def module_of_name(place):
    try:
        return importlib.import_module(place)
    except ModuleNotFoundError as e:
        missing = e.name or ""
        if missing == place or place.startswith(missing + "."):
            raise Gap("No module named %r in %s; name the folder that holds it under 'searchPath', or correct the target" % (missing, ", ".join(p for p in sys.path[:3]))) from e
        raise


def make(target, found, given, agent_name):
    """The object to call: a class is constructed, anything else is taken as it is."""
    if not inspect.isclass(found):
        return found
    try:
        args, kwargs = bind(found, None, given, agent_name)
    except Gap as gap:
        raise Gap("the constructor of %s needs %s. Give it by name under 'construct' (PythonOptions.ConstructorArguments)" % (target, gap)) from None
    extra = {k: v for k, v in given.items() if k not in [p.name for p, _ in parameters_of(found)]}
    return found(*args, **kwargs, **extra)


def methods_of(agent, named):
    """The methods to try, the best first, by name."""
    if named:
        method = getattr(agent, named, None)
        if not callable(method):
            raise Gap("the method %r is not there. %s has: %s. Write one of them under 'method'" % (named, type(agent).__name__, ", ".join(public_of(agent)[:20]) or "none"))
        return [(named, method)]
    if inspect.isroutine(agent):
        return [(agent.__name__, agent)]
    described = describe(agent)
    choices = rank.choose(described, type(agent).__name__)
    if choices and choices[0].sure:
        # Others of the same strength are tried where the first can't be called with a task.
        return [(c.method.name, getattr(agent, c.method.name)) for c in choices if c.tier == choices[0].tier][:None if choices[0].tier <= rank.STANDARD_ALONE else 1]
    if not choices:
        have = [m.name for m in described]
        beat = [n for n in names.TICK if n in have and callable(getattr(agent, n, None))]
        if beat:
            return [(beat[0], getattr(agent, beat[0]))]
        if any(n in have for n in names.START):
            return [("start", lambda: "started")]
    raise Gap("%s has no method of a usual name; name one under 'method' (PythonOptions.Method). It has: %s" % (type(agent).__name__, ", ".join(public_of(agent)[:20]) or "none"))


def public_of(agent):
    have = [m.name for m in describe(agent)]
    return [n for n in have if not n.startswith("_")]


def describe(agent):
    """An object's methods as the table of names reads them, its own class's first."""
    found, seen = [], set()
    for name, value in getattr(agent, "__dict__", {}).items():
        if name in names.ORDER and callable(value) and not inspect.isclass(value):
            seen.add(name)
            found.append(method_of(name, value, [], 0, False))
    for depth, cls in enumerate(type(agent).__mro__[:-1]):
        foreign = cls.__module__.split(".")[0] in names.FOREIGN
        for name, raw in list(vars(cls).items()):
            if name in seen and not foreign:
                found[:] = [m._replace(declared=True) if m.name == name and m.depth < depth else m for m in found]
            if name in seen or isinstance(raw, property) or inspect.isclass(raw) or (name.startswith("__") and name != "__call__"):
                continue
            seen.add(name)
            inner = getattr(raw, "__func__", raw)
            if not (callable(inner) or hasattr(raw, "__get__")):
                continue
            marks = ["classmethod"] if isinstance(raw, classmethod) else ["staticmethod"] if isinstance(raw, staticmethod) else []
            marks += ["message_handler" for a in getattr(inner, "__dict__", {}) if a.endswith("handler")][:1]
            try:
                bound = getattr(agent, name)
            except Exception:
                continue
            if callable(bound):
                found.append(method_of(name, bound, marks, depth, foreign))
    return found


def method_of(name, bound, marks, depth, foreign):
    try:
        parameters = [parameter_of(p) for p in inspect.signature(bound).parameters.values()]
    except (TypeError, ValueError):
        parameters = [names.Parameter("args", "args", False, "")]
    code = getattr(inspect.unwrap(getattr(bound, "__func__", bound)), "__code__", None)
    calls = frozenset(code.co_names) if code else frozenset()
    return names.Method(name, parameters, marks, depth, inspect.iscoroutinefunction(bound), foreign, calls)


def parameter_of(p):
    kind = {p.VAR_POSITIONAL: "args", p.VAR_KEYWORD: "kwargs"}.get(p.kind, "plain")
    return names.Parameter(p.name, kind, p.default is p.empty and kind == "plain", "" if p.annotation is p.empty else str(p.annotation))
