"""The arguments of a call: what a binding says, else what each parameter's name and type ask for. Standard library only, Python 3.8
or later."""
import inspect
import json

from agentcore_context import Context, Text
from agentcore_types import Gap, NOTHING, feed_of, from_json, parameters_of
from agentcore_values import coerce, value_for


def from_source(source, task):
    if source == "input":
        return task.input
    if source == "messages":
        return task.conversation()
    if source == "data":
        return task.as_dict()
    if source == "task":
        return {"input": task.input, "data": task.data, "messages": task.messages}
    if source == "context":
        return Context(task)
    if source == "none":
        return None
    if source.startswith("="):
        try:
            return json.loads(source[1:])
        except ValueError as e:
            raise Gap("the binding has %s, and what follows = is no JSON (%s); write a text as '=%s'" % (source, e, json.dumps(source[1:], ensure_ascii=False)))
    if source.startswith("data."):
        if source[5:] not in task.data:
            raise Gap("the binding takes %s, which the task's data doesn't have" % source)
        return task.data[source[5:]]
    raise Gap("the binding has %r; use input, messages, data, data.NAME, task, context, none or =JSON" % source)


def bind(function, task, given, agent_name=None):
    """The arguments of a call, or a Gap that names what is missing."""
    values, gaps, named, parameters = {}, [], {}, parameters_of(function)
    if task and not task.data:
        # A text may be an object that has the parameters: {"product": "tea", "amount": 3}.
        fields = from_json(task.input, None)
        if isinstance(fields, dict) and any(p.name in fields for p, _ in parameters):
            task.data = fields
    fed = feed_of(parameters)
    rest = None
    for parameter, hint in parameters:
        name = parameter.name
        if parameter.kind is parameter.VAR_POSITIONAL:
            rest = name
            continue
        if parameter.kind is parameter.VAR_KEYWORD:
            named = {k: v for k, v in task.data.items() if k not in values} if task else {}
            for extra in [k for k in given if k not in [p.name for p, _ in parameters]] if task else []:
                try:
                    named[extra] = from_source(given[extra], task)
                except Gap as gap:
                    gaps.append("%s (%s)" % (extra, gap))
            if task and not named and not values and rest is None:
                named = {"input": task.input}
            continue
        try:
            if name in given:
                value = coerce(from_source(given[name], task) if task else given[name], hint, task, 0)
                fed.given = fed.given or given[name] in ("input", "messages", "task")
            else:
                value = value_for(name, hint, parameter.default, task, fed, agent_name)
        except Gap as gap:
            gaps.append("%s (%s)" % (parameter, gap) if str(gap) else str(parameter))
            continue
        if value is not NOTHING:
            values[name] = value
    unknown = [n for n in given if n not in [p.name for p, _ in parameters]] if task else []
    if unknown and not any(p.kind is p.VAR_KEYWORD for p, _ in parameters):
        gaps.append("no %s, which the binding names: its parameters are %s" % (", ".join(unknown), ", ".join(p.name for p, _ in parameters) or "none"))
    if gaps:
        raise Gap("; ".join(gaps))
    more = [Text(task.input)] if rest is not None and task and not fed.given and not values else []
    return place(parameters, values, more, named)


def place(parameters, values, more, named):
    """Values as arguments by position, where they must be, and by name."""
    args, kwargs = [], dict(named)
    for parameter, _ in parameters:
        by_position = parameter.kind is parameter.POSITIONAL_ONLY or (more and parameter.kind is parameter.POSITIONAL_OR_KEYWORD)
        if parameter.name not in values:
            if by_position and parameter.default is not parameter.empty:
                args.append(parameter.default)
        elif by_position:
            args.append(values[parameter.name])
        else:
            kwargs[parameter.name] = values[parameter.name]
    return args + more, kwargs
