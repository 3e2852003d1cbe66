"""Finds agent classes and functions in Python source and says what it takes to wrap each. Nothing of the scanned code is imported
or run. Standard library only, Python 3.8 or later."""
import ast
import fnmatch
import json
import os
import re
import sys

import agentcore_names as names
import agentcore_rank as rank
from agentcore_results import utf8_of
from agentcore_source import Sources, name_of, place_of, statements
from agentcore_plan import Planner
from agentcore_syntax import functions_of, is_stub

SUFFIXES = ("Agent", "Bot", "Assistant", "Copilot")
BASES = SUFFIXES + ("AgentBase", "BotBase", "BotAI", "ActivityHandler", "TeamsActivityHandler")
# Named beside agents, but no agents: messages, settings, factories, tests.
OTHERS = (
    "Options Settings Config Configuration Factory Builder Exception Error Context Message Event Args Result Response Request Provider "
    "Registry Manager Service Store Repository State Info Metadata Type Types Tests Test Helper Utils Constants Definition Converter "
    "Validator Middleware Handler Status Session Update Schema Mixin Protocol Tool Tools Adapter Callback Serializer Form View").split()
NO_AGENTS = re.compile(
    r"(^|\.)(Exception|BaseException|\w*Error|Enum|StrEnum|IntEnum|Flag|Protocol|TypedDict|NamedTuple|TestCase|IsolatedAsyncioTestCase)$")
FACTORY = frozenset("create make get build init setup load register test new is has add spawn find list delete update set remove use to with".split())
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
SKIPPED = frozenset("node_modules site-packages __pycache__ build dist obj bin".split())


def main():
    request = json.loads(sys.stdin.buffer.readline().decode("utf-8"))
    sys.stdout.buffer.write(utf8_of(scan(request["paths"], request.get("types") or [], request.get("bases") or [])))


def scan(paths, types=(), bases=()):
    folders = [p if os.path.isdir(p) else os.path.dirname(os.path.abspath(p)) for p in paths]
    sources = Sources(folders)
    agents, seen, files = [], 0, files_of(paths)
    for path in files:
        if not is_text(path):
            sources.problems.append("%s: its name is no text in UTF-8; rename it" % path)
            continue
        module = sources.file(path)
        if module is None:
            continue
        try:
            for outer, node in classes_of(module):
                seen += 1
                found = agent_of(sources, module, outer, node, types, bases)
                if found:
                    agents.append(found)
            for node in module.functions.values():
                found = function_of(sources, module, node, types)
                if found:
                    agents.append(found)
        except (RecursionError, MemoryError):
            sources.problems.append("%s is nested too deep to be read" % path)
    return {"files": len(files), "classes": seen, "agents": agents, "problems": sources.problems}


def files_of(paths):
    found = []
    for path in paths:
        if os.path.isfile(path):
            found.append(os.path.abspath(path))
            continue
        for folder, inner, files in os.walk(path):
            inner[:] = sorted(i for i in inner if not i.startswith(".") and i not in SKIPPED and not os.path.isfile(os.path.join(folder, i, "pyvenv.cfg")))
            found += [
                os.path.abspath(os.path.join(folder, f)) for f in sorted(files)
                # A pipe would be waited for.
                if f.endswith(".py") and not f.startswith("test_") and not f.endswith("_test.py") and f not in ("conftest.py", "setup.py") and os.path.isfile(os.path.join(folder, f))]
    return found


def is_text(path):
    try:
        return bool(path.encode("utf-8"))
    except UnicodeEncodeError:
        return False


def classes_of(module):
    pending = [("", n) for n in module.classes.values()]
    while pending:
        outer, node = pending.pop(0)
        yield outer, node
        pending += [(outer + node.name + ".", n) for n in statements(node.body) if n.__class__.__name__ == "ClassDef"]


def agent_of(sources, module, outer, node, types, bases):
    lineage, foreign = sources.lineage(module, node)
    why = why_agent(module, node, lineage, foreign, types, bases)
    if why is None:
        return None
    planner = Planner(sources, module, node, lineage, foreign)
    if planner.is_abstract() and not types:
        return None
    return describe(sources, module, outer + node.name, node, why, planner)


def why_agent(module, node, lineage, foreign, types, bases):
    name = node.name
    if types:
        return "named by the user" if any(fnmatch.fnmatchcase(name, t) or fnmatch.fnmatchcase(module.name + "." + name, t) for t in types) else None
    if name.startswith("_") or any(NO_AGENTS.search(f) for f in foreign + [name_of(b) for b in node.bases]):
        return None
    if name.endswith(SUFFIXES):
        return "its name ends in %s" % next(s for s in SUFFIXES if name.endswith(s))
    if name.endswith(tuple(OTHERS)) and not any(isinstance(n, FUNCTIONS) and names.usual_of(n.name) in names.ENTRIES for n in node.body):
        return None
    above = [n.name for depth, _, n in lineage if depth] + [f.split(".")[-1] for f in foreign]
    parent = next((a for a in above if a.endswith(BASES) or a in bases), None)
    return "it derives from %s" % parent if parent else None


def describe(sources, module, name, node, why, planner):
    methods = planner.methods()
    choices = rank.choose(methods, node.name)
    # What derived classes are to write says that this one is their base.
    if any(planner.stub(c.method) for c in choices if c is choices[0] or c.tier == rank.STANDARD_ALONE and choices[0].tier > rank.STANDARD):
        choices = []
    life = [m.name for m in methods if m.name in names.START + names.STOP + names.TICK and not m.foreign and not any(p.required for p in m.parameters)]
    if choices and not (planner.outside() and choices[0].tier > rank.LIKE_STANDARD):
        choice = choices[0]
        arguments = planner.arguments(choice.method)
        grade = grade_of(choice, arguments)
        reason = choice.why
        if not choice.sure:
            arguments.insert(0, {"name": "method", "from": "missing", "note": "%s; name one under 'method'" % choice.why})
    elif planner.outside() and not any(planner.stub(m) for m in methods):
        arguments, grade = [], "C"
        reason = "methods may come from %s, whose source isn't here; the method is found when it runs" % ", ".join(planner.outside()[:3])
        choice = None
    elif life:
        choice, arguments, grade, reason = None, [], "D", "%s and nothing to ask" % ", ".join(life)
    else:
        stubs = [m.name for m in methods if planner.stub(m)]
        choice, arguments, grade = None, [], "E"
        reason = "%s is left to derived classes" % ", ".join(stubs[:5]) if stubs else "it has no method that executes"
    base = next((name_of(b) for b in node.bases if name_of(b) != "object"), None)
    shown = choice.method.name + planner.signature(choice.method) if choice and choice.sure else None
    return entry(sources, module, name, why, grade, reason, shown, arguments, planner.construct(), base, [m.name + planner.signature(m) for m in methods if (m.name == "__call__" or not m.name.startswith("_")) and not m.foreign])


def function_of(sources, module, node, types):
    """A function that is an agent: weather_agent(state)."""
    words = names.words_of(node.name)
    if types:
        if not any(fnmatch.fnmatchcase(node.name, t) for t in types):
            return None
    elif not is_agent_function(node, words):
        return None
    planner = Planner(sources, module, None, [], [])
    method = functions_of(node, module, 0, False, False)
    choice = rank.Choice(method, rank.STANDARD, "it is a function named like an agent", True)
    arguments = planner.arguments(method)
    return entry(sources, module, node.name, "its name ends in " + words[-1], grade_of(choice, arguments), choice.why, node.name + planner.signature(method), arguments, [], None, [])


def is_agent_function(node, words):
    """weather_agent(state), but not run_agent(), make_agent(...), ask_agent(agent)."""
    first = next(iter(node.args.args), None)
    return (
        len(words) > 1 and words[-1] in ("agent", "bot") and node.name.islower() and not node.name.startswith("_") and first is not None
        and not any(a.arg == "agent" for a in node.args.args) and len(node.args.defaults) < len(node.args.args) + names.is_input(first.arg)
        and (names.is_input(first.arg) or first.arg in names.DATA_NAMES or first.arg in names.MESSAGES_NAMES or names.is_context(first.arg)
             or len(node.args.args) == 1 + len(node.args.defaults))
        and first.arg not in names.SERVICE_NAMES and not (node.returns and name_of(node.returns).endswith("Agent"))
        and words[0] not in FACTORY and words[0] not in names.VERBS and words[0] not in names.ADMIN and words[0] not in names.DOMAIN
        and not words[0].endswith("ing") and not {"with", "to", "then", "for", "and"} & set(words) and not is_stub(node))


def grade_of(choice, arguments):
    sources = [a["from"] for a in arguments if a["from"] != "default"]
    if not choice.sure or any(s in ("missing", "context", "callback") or s.startswith("data.") for s in sources):
        return "C"
    usual = choice.tier in (rank.STANDARD, rank.LIKE_STANDARD) and rank.takes(choice.method) and not choice.why.endswith("its class")
    return "A" if usual and len(sources) <= 1 else "B"


def entry(sources, module, path, found_by, grade, why, method, arguments, construct, base, methods):
    root, dotted = place_of(module.path)
    words = [w for w in names.words_of(path.split(".")[-1])]
    if len(words) > 1 and words[-1] == "agent":
        words.pop()
    return {
        "name": "-".join(words) or "agent",
        "type": module.name + "." + path,
        "target": "%s:%s" % (dotted or os.path.relpath(module.path, root).replace(os.sep, "/"), path),
        "file": module.path, "base": base, "class": grade, "why": why, "foundBy": found_by, "method": method,
        "arguments": arguments, "construct": construct, "methods": methods,
        "root": root, "searchPath": [root] + sources.roots(module), "environment": environment_of(root, sources.folders),
    }


def environment_of(root, folders):
    """The virtual environment that lies in a folder above an agent, if one does."""
    folder = root
    for _ in range(4):
        for name in (".venv", "venv"):
            if os.path.isfile(os.path.join(folder, name, "pyvenv.cfg")):
                return os.path.join(folder, name)
        folder = os.path.dirname(folder)
    return None


if __name__ == "__main__":
    main()
