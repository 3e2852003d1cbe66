"""The tables by which methods and parameters are found. Standard library only, Python 3.8 or later."""
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
# An agent's means, not its purpose: run_tool, execute_code, handle_error.
RUNS = frozenset("run execute call invoke perform do use".split())
MEANS = frozenset("tool tools function functions action actions code sql shell command commands script bash cell hook hooks handler".split())
MISHAPS = frozenset("error errors exception exceptions hook hooks callback callbacks timeout interrupt interruption disconnect tool tools".split())
# What is named so is the way in, whoever declared it.
ENTRIES = frozenset("run execute invoke kickoff chat".split())
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
OBSERVED = frozenset("observation obs ob percept perception".split())
# What a method is given that keeps it for later, and whom it sends something to.
KEPT = frozenset("handler callback func fn function cb listener hook coroutine".split())
ADDRESSES = frozenset("to channel channel_id chat_id conversation_id recipient recipient_id target target_id receiver receiver_id room room_id peer user_id".split())
SENDS = frozenset("send reply post notify broadcast deliver publish push".split())
# Objects that a class is given and that no task holds.
SERVICE_NAMES = frozenset("model llm client model_client db database memory tools".split())

# Libraries whose base classes have methods by the dozen that are no agent's own.
FOREIGN = frozenset(getattr(sys, "stdlib_module_names", ("abc", "typing", "enum", "threading", "asyncio", "dataclasses"))) | frozenset(
    "builtins pydantic torch tensorflow keras numpy gym gymnasium typing_extensions sqlalchemy django".split())

Parameter = collections.namedtuple("Parameter", "name kind required hint")  # kind: "plain", "args" or "kwargs"; hint: its text
# calls: the names of what it calls; declared: a base has a method of that name too.
Method = collections.namedtuple("Method", "name parameters decorators depth is_async foreign calls declared", defaults=(frozenset(), False))

INPUT_ENDS = frozenset("message msg prompt query question text input task request instruction utterance statement".split())
NO_INPUTS = frozenset("on system error log default parent sub max min output last previous is has response assistant".split())


def is_input(name):
    """Whether a parameter is named like what a task says: message, user_prompt, with_message; not system_prompt."""
    if name in INPUT_NAMES:
        return True
    words = name.strip("_").split("_")
    return len(words) > 1 and words[-1] in INPUT_ENDS and words[0] not in NO_INPUTS


def inputs_among(parameters):
    """Those that take what a task says, of (name, required): by their names, else by how these end; where there is neither, nor a
    conversation, what an agent sees is what it is told."""
    exact = [n for n, _ in parameters if n in INPUT_NAMES]
    talks = any(n in MESSAGES_NAMES for n, _ in parameters)
    near = exact or [n for n, required in parameters if is_input(n) and (required or not talks)]
    return frozenset(near or ([] if talks else [n for n, _ in parameters if n in OBSERVED][:1]))


def is_context(name):
    return name in CONTEXT_NAMES or name.endswith(("_context", "_ctx"))


def is_callback(name):
    return name in CALLBACK_NAMES or name.startswith("on_") or name.endswith(("_callback", "_handler", "_hook"))


def words_of(name):
    """The words of a name in lower case: http, agent, 2 of HTTPAgent2. Letters of any language are letters; marks on them are left out, as no
    name of a file or an agent has them."""
    kinds = "".join("A" if c.isupper() else "1" if c.isdigit() else " " if c.isascii() and not c.isalpha() else "a" for c in name)
    words = [name[m.start():m.end()].lower() for m in re.finditer("A+(?!a)|A?a+|1+", kinds)]
    return [w for w in ("".join(c for c in w if c.isalnum()) for w in words) if w]


def spellings(name):
    """A name's synchronous and asynchronous forms."""
    return (name, "a" + name, "a_" + name, name + "_async", "async_" + name, name + "_sync") if name != "__call__" else (name,)


ORDER = {}
for _place, _name in enumerate(EXECUTE):
    for _form, _spelled in enumerate(spellings(_name)):
        ORDER.setdefault(_spelled, (_place, _form))


def usual_of(name):
    """The usual name that one is a form of: run of arun and run_async, get_action of getAction; empty for others."""
    spelled = name if name in ORDER else "_".join(words_of(name)) if name[:1].islower() else ""
    return EXECUTE[ORDER[spelled][0]] if spelled in ORDER else ""
