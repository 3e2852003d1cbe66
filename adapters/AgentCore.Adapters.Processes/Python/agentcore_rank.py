"""How methods rank: which one executes an agent. The bridge asks with live objects, the scan with source text; both get the same answer.
Standard library only, Python 3.8 or later."""
import collections

from agentcore_names import (
    ADDRESSES, ADMIN, CALLBACK_NAMES, DOMAIN, ENTRIES, EXECUTE, GOTTEN, HANDLER, KEPT, MEANS, MESSAGES_NAMES, MESSAGE_WORDS,
    MISHAPS, OBSERVED, ORDER, RUNS, SENDS, START, STOP, TICK, TRAINING, VERBS, WEAK, is_context, is_input, usual_of,
    words_of)

Choice = collections.namedtuple("Choice", "method tier why sure")

# The tiers, the strongest first.
STANDARD, LIKE_STANDARD, STANDARD_ALONE, WEAKLY, NAMESAKE, OF_DOMAIN, TEMPLATE, BEGINS, UNNAMED, ALONE, TRAINS = range(11)


def takes(method):
    """Whether it takes a task in: a parameter that must be given, one that is named like an input, or any number of them."""
    return any(
        p.required or is_input(p.name) or p.name in MESSAGES_NAMES or p.name in OBSERVED or p.kind == "args"
        for p in method.parameters if not is_context(p.name) or p.required)


def asks(method):
    """Whether a parameter is named like what a task says."""
    return any(is_input(p.name) or p.name in MESSAGES_NAMES for p in method.parameters)


def asks_first(method):
    """Whether the first thing that it must be given is a task's text; on_command(name) registers rather."""
    given = next((p.name for p in method.parameters if p.required), "")
    return (is_input(given) or given in MESSAGES_NAMES) and not method.name.startswith("on_")


def is_aside(method):
    """Whether a method of a usual name is no agent's own way in: of the class rather than of an object, or one that runs a means."""
    given = [p.name for p in method.parameters if p.required]
    return "classmethod" in method.decorators or "staticmethod" in method.decorators or bool(given) and not asks(method) and bool(MEANS & set(words_of(given[0])))


def choose(methods, class_name=""):
    """The methods that may execute an agent, the best first, each with the reason; empty where there is none."""
    found = []
    for position, method in enumerate(methods):
        ranked = rank(method, class_name)
        if ranked is not None:
            tier, order, why = ranked
            found.append(((tier, order, method.depth, position), Choice(method, tier, why, True)))
    found.sort(key=lambda pair: pair[0])
    choices = own_first([c for _, c in found])
    first = choices[0].tier if choices else None
    if first is not None and first >= WEAKLY and lives_apart(methods):
        choices = [c for c in choices if c.tier <= OF_DOMAIN and asks_first(c.method)]
        first = choices[0].tier if choices else None
    rivals = [c for c in choices if c.tier == first and c.method.depth == choices[0].method.depth and (first != OF_DOMAIN or takes(c.method))]
    if first in (UNNAMED, ALONE) or first == OF_DOMAIN and len({words_of(r.method.name)[0] for r in rivals}) > 3:
        named = [c for c in rivals if asks(c.method)]
        if len(named) == 1:
            choices.remove(named[0])
            choices.insert(0, named[0]._replace(why="%s is the only method that takes %s" % (named[0].method.name, "an input")))
        elif len(rivals) > 1:
            choices = [c._replace(sure=False, why="no method has a usual name: %s" % ", ".join(r.method.name for r in rivals[:8])) for c in choices]
    return choices


def own_first(choices):
    """A class's own way in before one that it inherits: one that it adds, one that its base declares and that calls the inherited
    one, or, where the inherited one asks for nothing but a context, one that is named like the class."""
    first = choices[0] if choices else None
    if not first or not first.method.depth or first.tier > STANDARD:
        return choices
    bare = not asks(first.method) and any(is_context(p.name) for p in first.method.parameters)
    for c in choices:
        if c.method.depth < first.method.depth and c.tier <= OF_DOMAIN:
            outer = c.method.declared and takes(c.method) and first.method.name in c.method.calls and c.method.name not in first.method.calls
            added = not c.method.declared and asks(c.method) and (
                c.tier == STANDARD and usual_of(c.method.name) in ENTRIES or bare and c.tier == LIKE_STANDARD and c.why.endswith("its class"))
            if outer or added:
                return [c] + [other for other in choices if other is not c]
    return choices


def lives_apart(methods):
    """Whether it is started, and reached through what is registered with it or what it sends: a bot of a chat service."""
    have = [m.name for m in methods]
    return any(n in have for n in START) and any(registers(m) or sends(m) for m in methods)


def registers(method):
    """on_message(handler): it keeps what is to be called later."""
    given = [p for p in method.parameters if p.required]
    return method.name.startswith(("on_", "listen", "subscribe", "message_handler")) and bool(given) and all(
        p.name in KEPT or "Callable" in p.hint and p.name not in CALLBACK_NAMES for p in given)


def sends(method):
    """send_message(channel_id, text): it goes out, not in."""
    first = next((p.name for p in method.parameters if p.kind == "plain"), "")
    word = (words_of(method.name) or [""])[0]
    return first in ADDRESSES and word in SENDS and (word == "send" or first != "user_id")


def rank(method, class_name):
    name, given = method.name, takes(method)
    if method.foreign and name != "__call__" or registers(method) or sends(method):
        return None
    usual = usual_of(name)
    if usual:
        place = ORDER[name] if name in ORDER else ORDER["_".join(words_of(name))]
        why = "%s is a usual name" % name
        if not given:
            # What a base leaves to its classes is how they are run, whatever else takes something.
            return (LIKE_STANDARD, (-2,) + place, why) if method.declared and usual in ENTRIES else (STANDARD_ALONE, place, why)
        return (WEAKLY if usual in WEAK else STANDARD), (1 if is_aside(method) else 0,) + place, why
    if any(HANDLER.search(d) for d in method.decorators):
        # It is for messages of its own type; what hands them out by type comes after it.
        return STANDARD, (0,) + ORDER["handle_message"], "@%s marks it" % next(d for d in method.decorators if HANDLER.search(d))
    if name.startswith("__"):
        return None
    if name.startswith("_"):
        bare = name.lstrip("_")
        return (TEMPLATE, ORDER[bare], "%s is what its base calls" % name) if bare in ORDER else None
    # A static method of another name is a helper.
    if any(d in ("classmethod", "staticmethod") or "validator" in d or d.endswith("setter") for d in method.decorators):
        return None
    return rank_by_words(method, words_of(name), given, class_name)


def rank_by_words(method, words, given, class_name):
    """The rank of a method of no usual name."""
    name = method.name
    if not words:
        return None
    while len(words) > 1 and words[-1] in ("async", "impl", "sync", "core", "internal"):
        words.pop()
    inner = words[1:] if words[0] in ("on", "do", "try", "async", "handle") and len(words) > 1 else words
    word = inner[0]
    if word[:1] == "a" and word[1:] in VERBS and word not in VERBS:
        word = word[1:]
    asked = asks(method)
    if word in RUNS and MEANS & set(words[1:]) or words[0] == "handle" and MISHAPS & set(words[1:]):
        return OF_DOMAIN, (950, 0), "%s is the nearest to a usual name" % name
    if words[0] == "handle" and given:
        return LIKE_STANDARD, (30, 0), "%s handles what comes in" % name
    if words[0] == "on" and given and (inner[0] in MESSAGE_WORDS or words[-1] in ("message", "request", "query") or inner[0] in VERBS):
        return WEAKLY, (0, len(EXECUTE), 0), "%s handles what comes in" % name
    if given and len(inner) == 1 and word not in ADMIN and (asked or word not in TRAINING) and stem(class_name, inner):
        return LIKE_STANDARD, (-1, 0), "%s is named like its class" % name
    if word in VERBS and given:
        return LIKE_STANDARD, (sorted(VERBS).index(word) if word not in EXECUTE else EXECUTE.index(word), 0), "%s begins with a usual verb" % name
    if len(words) == 2 and words[-1] == "response" and given and words[0] not in ADMIN - {"get"}:
        return LIKE_STANDARD, (40, 0), "%s gives a response" % name
    if word in TRAINING:
        return TRAINS, (0 if given else 1, 0), "%s is its only method" % name
    if stem(class_name, inner) and given and (word not in ADMIN or asked and word in ("create", "make", "build")):
        return NAMESAKE, (0 if asked else 1, 0), "%s is named like its class" % name
    if word in ("get", "make", "next", "best") and GOTTEN & set(inner[1:]):
        return OF_DOMAIN, (5 if given else 500, 0), "%s gets a result" % name
    if word in DOMAIN and word not in ADMIN:
        return OF_DOMAIN, (DOMAIN.index(word) + (0 if given else 500), len(inner)), "%s names what it does" % name
    if (words[0] in ("start", "begin", "launch") or name in TICK) and given:
        return BEGINS, (0, 0), "%s takes a task" % name
    if words[0] in ADMIN or word in ADMIN or name in START or name in STOP:
        return None
    if word in VERBS:
        return OF_DOMAIN, (900, 0), "%s begins with a usual verb" % name
    return (UNNAMED if given else ALONE), (0, 0), "%s is its only method" % name


def stem(class_name, words):
    """Whether a method is called as its class is: TranslatorAgent.translate."""
    names = [w for w in words_of(class_name) if w not in ("agent", "bot", "assistant", "base", "my", "simple") and len(w) >= 4]
    return any(n[:5] == w[:5] or (len(w) >= 4 and n.startswith(w)) for n in names for w in words if len(w) >= 4)
