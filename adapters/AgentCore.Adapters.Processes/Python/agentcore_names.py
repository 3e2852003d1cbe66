"""The tables by which methods and parameters are found, and how methods rank. The bridge asks with live objects, the scan with
source text; both get the same answer. Standard library only, Python 3.8 or later."""
import collections
import re
import sys

# What the field calls an execution, the strongest first.
EXECUTE = (
    "run chat kickoff llm_response handle_message on_messages invoke get_response execute step process process_message handle on_message "
    "respond reply generate_response generate_reply generate answer ask query complete act call handle_request process_request run_task "
    "execute_task process_task get_action select_action choose_action get_move select_move choose_move take_action make_move eval_step "
    "on_step on_message_activity solve think predict forward perform prompt converse talk interact infer inference work say on_turn "
    "send_message get_reply get_answer process_input handle_input run_agent run_conversation send program do stream run_stream "
    "on_messages_stream __call__").split()
START = ["start", "initialize", "initialise", "setup", "connect", "on_start", "activate"]
STOP = ["stop", "shutdown", "close", "cleanup", "disconnect", "on_stop", "deactivate"]
SAVE = ["save_state", "get_state"]
LOAD = ["load_state", "set_state", "restore_state"]
TICK = ["tick", "update", "on_tick", "do_work", "loop", "advance", "beat", "on_update"]

# Names that an execution may have, and much else too.
WEAK = frozenset("forward do send say work perform interact infer talk send_message call solve think stream program eval_step".split())
VERBS = frozenset(
    "run execute invoke process handle ask chat respond reply complete generate answer act perform prompt query converse call "
    "step do talk interact infer work kickoff say stream response".split())
DOMAIN = (
    "route plan draft decide solve think predict choose select pick evaluate analyze analyse summarize summarise classify translate "
    "write review search find research compute calculate extract score recommend suggest detect diagnose investigate fix resolve "
    "play move bid bet trade negotiate vote propose forecast estimate verify check inspect audit explain compose "
    "edit refine critique reflect rank rate match dispatch coordinate orchestrate delegate monitor track fetch retrieve collect "
    "gather observe perceive explore reason simulate transform refactor debug test build create make produce render "
    "describe report schedule assign triage moderate approve reject judge compare rewrite correct crawl scrape browse navigate "
    "lookup book order buy sell pay notify alert greet welcome help assist guide teach tutor coach interview deploy scan attack "
    "defend target discard draw fold steer drive forage turn begin go apply consult brainstorm outline code parse convert ingest "
    "index publish deliver transfer forward receive consume read accept react trigger prepare enrich aggregate combine merge split "
    "chunk embed validate format normalize clean filter sort measure sense try submit launch advise simplify expand map reduce tell "
    "speak listen transcribe synthesize assess determine identify recognize label tag annotate cluster deduce conclude prove "
    "improve implement loop".split())
GOTTEN = frozenset(
    "response reply answer completion result results move action decision suggestion suggestions recommendation recommendations "
    "prediction plan turn bid play forecast choice output summary advice text orders commands best next policy".split())
TRAINING = frozenset("train learn fit optimize optimise update evaluate eval calibrate".split())
ADMIN = frozenset(
    "get set add remove register unregister subscribe unsubscribe configure with use is has can should to from equals clone copy reset "
    "clear save load log print dump raise dispose close open attach detach enable disable initialize init initialise setup start stop "
    "shutdown pause resume cancel abort connect disconnect bind unbind enter exit activate deactivate restore serialize deserialize "
    "delete insert append push pop enqueue dequeue increment decrement ensure throw assert hash toggle show hide display list contains "
    "destroy as new end tick update terminate finalize define declare warmup wait join leave lock unlock flush count visit refresh "
    "invalidate rename mark record store main export import peek increase decrease name description override validate inject "
    "on before after default model dict json schema did available create build merge as".split())
MESSAGE_WORDS = frozenset("message messages msg request task chat prompt input query command activity turn text event".split())
HANDLER = re.compile(r"(^|[._])(message_handler|handler|on_message|rpc|event|on_query|on_rest_post|listen|respond_to|botcmd|arg_botcmd)$")

INPUT_NAMES = frozenset(
    "input message msg text prompt query question task user_input content request instruction instructions goal objective utterance "
    "user_message input_text user_prompt input_data inputs payload job event item topic problem command user_query input_message "
    "new_message statement sentence task_description input_str user_request".split())
MESSAGES_NAMES = frozenset("messages history chat_history conversation message_history msgs conversation_history".split())
DATA_NAMES = frozenset("data inputs payload params parameters variables kwargs input_data state".split())
CONTEXT_NAMES = frozenset(
    "context ctx run_context cancellation_token token session runtime deps config turn_context invocation_context".split())
CALLBACK_NAMES = frozenset("on_event callback on_progress emit progress on_update reply_callback send".split())
# Objects that a class is given and that no task holds.
SERVICE_NAMES = frozenset("model llm client model_client db database memory tools".split())

# Libraries whose base classes have methods by the dozen that are no agent's own.
FOREIGN = frozenset(getattr(sys, "stdlib_module_names", ("abc", "typing", "enum", "threading", "asyncio", "dataclasses"))) | frozenset(
    "builtins pydantic torch tensorflow keras numpy gym gymnasium typing_extensions sqlalchemy django".split())

Parameter = collections.namedtuple("Parameter", "name kind required hint")  # kind: "plain", "args" or "kwargs"; hint: its text
Method = collections.namedtuple("Method", "name parameters decorators depth is_async foreign")
Choice = collections.namedtuple("Choice", "method tier why sure")

# The tiers, the strongest first.
STANDARD, LIKE_STANDARD, STANDARD_ALONE, WEAKLY, NAMESAKE, OF_DOMAIN, TEMPLATE, BEGINS, UNNAMED, ALONE, TRAINS = range(11)


INPUT_ENDS = frozenset("message msg prompt query question text input task request instruction utterance".split())
NO_INPUTS = frozenset("system error log default parent sub max min output last previous is has response assistant".split())


def is_input(name):
    """Whether a parameter is named like what a task says: message, user_prompt, with_message; not system_prompt."""
    if name in INPUT_NAMES:
        return True
    words = name.strip("_").split("_")
    return len(words) > 1 and words[-1] in INPUT_ENDS and words[0] not in NO_INPUTS


def is_context(name):
    return name in CONTEXT_NAMES or name.endswith(("_context", "_ctx"))


def words_of(name):
    return [w.lower() for w in re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+", name)]


def spellings(name):
    """A name's synchronous and asynchronous forms."""
    return (name, "a" + name, "a_" + name, name + "_async", "async_" + name, name + "_sync") if name != "__call__" else (name,)


ORDER = {}
for _place, _name in enumerate(EXECUTE):
    for _form, _spelled in enumerate(spellings(_name)):
        ORDER.setdefault(_spelled, (_place, _form))


def takes(method):
    """Whether it takes a task in: a parameter that must be given, one that is named like an input, or any number of them."""
    return any(
        p.required or is_input(p.name) or p.name in MESSAGES_NAMES or p.kind == "args"
        for p in method.parameters if not is_context(p.name) or p.required)


def choose(methods, class_name=""):
    """The methods that may execute an agent, the best first, each with the reason; empty where there is none."""
    found = []
    for position, method in enumerate(methods):
        ranked = rank(method, class_name)
        if ranked is not None:
            tier, order, why = ranked
            found.append(((tier, order, method.depth, position), Choice(method, tier, why, True)))
    found.sort(key=lambda pair: pair[0])
    choices = [c for _, c in found]
    first = choices[0].tier if choices else None
    rivals = [c for c in choices if c.tier == first and c.method.depth == choices[0].method.depth and (first != OF_DOMAIN or takes(c.method))]
    if first in (UNNAMED, ALONE) or first == OF_DOMAIN and len(rivals) > 3:
        named = [c for c in rivals if any(is_input(p.name) or p.name in MESSAGES_NAMES for p in c.method.parameters)]
        if len(named) == 1:
            choices.remove(named[0])
            choices.insert(0, named[0]._replace(why="%s is the only method that takes %s" % (named[0].method.name, "an input")))
        elif len(rivals) > 1:
            choices = [c._replace(sure=False, why="no method has a usual name: %s" % ", ".join(r.method.name for r in rivals[:8])) for c in choices]
    return choices


def rank(method, class_name):
    name, given = method.name, takes(method)
    if method.foreign and name != "__call__":
        return None
    # getAction is get_action.
    usual = name if name in ORDER else "_".join(words_of(name)) if name[:1].islower() else ""
    if usual in ORDER:
        tier = STANDARD_ALONE if not given else WEAKLY if EXECUTE[ORDER[usual][0]] in WEAK else STANDARD
        return tier, ORDER[usual], "%s is a usual name" % name
    if any(HANDLER.search(d) for d in method.decorators):
        # It is for messages of its own type; what hands them out by type comes after it.
        return STANDARD, ORDER["handle_message"], "@%s marks it" % next(d for d in method.decorators if HANDLER.search(d))
    hidden = name.startswith("_")
    if name.startswith("__"):
        return None
    if hidden:
        bare = name.lstrip("_")
        if bare in ORDER:
            return TEMPLATE, ORDER[bare], "%s is what its base calls" % name
        return None
    # A static method of another name is a helper.
    if "classmethod" in method.decorators or "staticmethod" in method.decorators or any("validator" in d or d.endswith("setter") for d in method.decorators):
        return None
    words = words_of(name)
    if not words:
        return None
    while len(words) > 1 and words[-1] in ("async", "impl", "sync", "core", "internal"):
        words.pop()
    inner = words[1:] if words[0] in ("on", "do", "try", "async", "handle") and len(words) > 1 else words
    word = inner[0]
    if word[:1] == "a" and word[1:] in VERBS and word not in VERBS:
        word = word[1:]
    if words[0] == "handle" and given:
        return LIKE_STANDARD, (30, 0), "%s handles what comes in" % name
    if words[0] == "on" and given and (inner[0] in MESSAGE_WORDS or words[-1] in ("message", "request", "query") or inner[0] in VERBS):
        return WEAKLY, (len(EXECUTE), 0), "%s handles what comes in" % name
    if given and len(inner) == 1 and word not in ADMIN and word not in TRAINING and stem(class_name, inner):
        return LIKE_STANDARD, (-1, 0), "%s is named like its class" % name
    if word in VERBS and given:
        return LIKE_STANDARD, (sorted(VERBS).index(word) if word not in EXECUTE else EXECUTE.index(word), 0), "%s begins with a usual verb" % name
    if len(words) == 2 and words[-1] == "response" and given and words[0] not in ADMIN - {"get"}:
        return LIKE_STANDARD, (40, 0), "%s gives a response" % name
    if word in TRAINING:
        return TRAINS, (0 if given else 1, 0), "%s is its only method" % name
    if stem(class_name, inner) and given and word not in ADMIN:
        return NAMESAKE, (0, 0), "%s is named like its class" % name
    if word in ("get", "make", "next", "best") and GOTTEN & set(inner[1:]):
        return OF_DOMAIN, (5 if given else 500, 0), "%s gets a result" % name
    if word in DOMAIN and word not in ADMIN:
        return OF_DOMAIN, (DOMAIN.index(word) + (0 if given else 500), 0), "%s names what it does" % name
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
