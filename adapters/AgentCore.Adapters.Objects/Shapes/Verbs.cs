using System.Globalization;
using System.Text;

namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>How strongly a method's name says that it executes the agent.</summary>
internal enum VerbRank
{
    /// <summary>Adds, registers, configures, reports: not an execution.</summary>
    None,

    /// <summary>A name that says nothing either way.</summary>
    Unknown,

    /// <summary>A verb of some trade: route, plan, draft, decide.</summary>
    Domain,

    /// <summary>What the field calls an execution: run, execute, invoke, chat.</summary>
    Standard,
}

/// <summary>A method name taken apart.</summary>
/// <param name="Word">The leading verb in lower case.</param>
/// <param name="Rest">What follows it, in lower case without separators.</param>
/// <param name="Rank">How strongly the name says "execute".</param>
internal readonly record struct Verb(string Word, string Rest, VerbRank Rank)
{
    public static readonly Verb Empty = new("", "", VerbRank.None);
}

/// <summary>The verb tables. Names may be PascalCase or snake_case, with Async, Core or Impl behind and On, Handle or Do in front.</summary>
internal static class Verbs
{
    private static readonly string[] Standard =
    [
        "run", "execute", "invoke", "process", "handle", "ask", "chat", "respond", "reply", "complete", "generate", "answer", "act",
        "perform", "prompt", "query", "send", "converse", "call", "step", "do", "talk", "interact", "infer", "work", "kickoff", "say",
    ];

    private static readonly string[] Domain =
    [
        "route", "plan", "draft", "decide", "solve", "think", "predict", "choose", "select", "pick", "evaluate", "analyze", "analyse",
        "summarize", "summarise", "classify", "translate", "write", "review", "search", "find", "research", "compute", "calculate",
        "extract", "score", "recommend", "suggest", "detect", "diagnose", "investigate", "fix", "resolve", "play", "move", "bid", "bet",
        "trade", "negotiate", "vote", "propose", "forecast", "estimate", "optimize", "optimise", "verify", "check", "inspect", "audit",
        "explain", "compose", "edit", "refine", "critique", "reflect", "rank", "rate", "match", "dispatch", "coordinate", "orchestrate",
        "delegate", "monitor", "track", "fetch", "retrieve", "collect", "gather", "observe", "perceive", "learn", "train", "explore",
        "reason", "simulate", "transform", "refactor", "debug", "test", "build", "create", "make", "produce", "render", "describe",
        "report", "schedule", "assign", "triage", "moderate", "approve", "reject", "judge", "compare", "rewrite", "correct", "complete",
        "crawl", "scrape", "browse", "navigate", "lookup", "book", "order", "buy", "sell", "pay", "notify", "alert", "greet", "welcome",
        "help", "assist", "guide", "teach", "tutor", "coach", "interview", "deploy", "scan", "crack", "attack", "defend", "target",
        "discard", "draw", "fold", "steer", "drive", "forage", "turn", "begin", "go", "apply", "consult", "brainstorm", "outline", "code",
        "parse", "convert", "ingest", "index", "import", "export", "publish", "deliver", "transfer", "forward", "receive", "consume",
        "read", "accept", "react", "trigger", "prepare", "enrich", "aggregate", "combine", "merge", "split", "chunk", "embed", "count",
        "validate", "format", "normalize", "clean", "filter", "sort", "measure", "sense", "try", "submit", "launch", "advise", "simplify",
        "expand", "search", "map", "reduce", "tell", "speak", "listen", "transcribe", "synthesize", "assess", "determine", "identify",
        "shoot", "guess", "calc", "eval", "hunt", "chase", "flee", "wander", "patrol", "seek", "fight", "harvest", "drop", "roll", "aim",
        "exchange", "swap", "walk", "action", "recognize", "sentence", "label", "tag", "annotate", "cluster", "deduce", "conclude", "prove", "improve", "implement", "decompose", "interpret", "enhance",
    ];

    // "get" reads state unless what it gets is an answer or a move.
    private static readonly HashSet<string> GottenResults = new(StringComparer.Ordinal)
    {
        "response", "reply", "answer", "completion", "completions", "result", "results", "move", "action", "nextmove", "nextaction",
        "bestmove", "decision", "chatresponse", "chatcompletion", "streamingresponse", "streaming", "streamingchatresponse",
        "solution", "suggestion", "suggestions", "recommendation", "recommendations", "prediction", "plan", "turn", "bid", "play", "weather",
        "forecast", "choice", "output", "summary", "advice", "chatmessagecontents", "chatmessagecontent", "text", "orders", "commands",
    };

    // NextMove(), bestAction(state), RandomShot(): the move is named, and the verb left out.
    private static readonly HashSet<string> Moves = new(StringComparer.Ordinal)
    {
        "move", "action", "turn", "step", "shot", "guess", "card", "cell", "position", "target", "direction", "choice", "decision", "command", "play", "answer", "reply", "response",
    };

    private static readonly HashSet<string> Administrative = new(StringComparer.Ordinal)
    {
        "get", "set", "add", "remove", "register", "unregister", "subscribe", "unsubscribe", "configure", "with", "use", "is", "has",
        "can", "should", "to", "from", "equals", "clone", "copy", "reset", "clear", "save", "load", "log", "print", "dump", "raise",
        "dispose", "close", "open", "attach", "detach", "enable", "disable", "initialize", "init", "initialise", "setup", "start", "stop",
        "shutdown", "pause", "resume", "cancel", "abort", "connect", "disconnect", "bind", "unbind", "enter", "exit", "activate",
        "deactivate", "restore", "serialize", "deserialize", "delete", "insert", "append", "push", "pop", "enqueue", "dequeue",
        "increment", "decrement", "ensure", "throw", "assert", "compare", "hash", "toggle", "show", "hide", "display", "list", "contains",
        "awake", "destroy", "on", "as", "new", "display", "create", "build", "clean", "cleanup", "end", "tick", "update", "terminate",
        "finalize", "configure", "define", "declare", "warmup", "wait", "join", "leave", "lock", "unlock", "flush", "collect", "count",
        "notify", "accept", "visit", "memberwise", "refresh", "invalidate", "rename", "attach", "mark", "record", "store", "main",
        "export", "import", "introduce", "republish", "peek", "increase", "decrease",
    };

    private static readonly Dictionary<string, VerbRank> Table = BuildTable();

    public static Verb Read(string methodName)
    {
        var words = Words(methodName);
        Trim(words);
        if (words.Count == 0)
            return Verb.Empty;
        // StreamingResultCallback: told as the work goes on; PostProcess(answer): once it is done.
        if (words[^1] == "callback" || words is ["post", "process", ..] or ["postprocess", ..])
            return new Verb(words[0], Join(words, 1), VerbRank.None);

        var verb = Rank(words, 0);
        // On…, Handle… and Do… in front of another verb: OnExecute, HandleChat, DoRun.
        if (words.Count > 1 && words[0] is "on" or "do" or "handle" or "try" or "internal" or "begin")
        {
            var inner = Rank(words, words.Count > 1 ? 1 : 0);
            if (words[0] == "on" || inner.Rank == VerbRank.Standard)
            {
                if (inner.Rank >= VerbRank.Domain)
                    return inner;
                // OnMessages, OnMessageReceived, OnTask: the message is handled.
                if (words[0] == "on")
                    return new Verb("on", Join(words, 1), IsMessageWord(words[1]) ? VerbRank.Standard : VerbRank.Unknown);
            }
        }

        return verb;
    }

    /// <summary>The words of a PascalCase, camelCase or snake_case name, in lower case.</summary>
    public static List<string> Words(string name)
    {
        var words = new List<string>();
        var word = new StringBuilder();
        for (var i = 0; i < name.Length; i++)
        {
            var c = name[i];
            var boundary = c is '_' or '.' or '-'
                || (char.IsUpper(c) && i > 0 && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1]))));
            if (boundary && word.Length > 0)
            {
                words.Add(word.ToString());
                word.Clear();
            }

            if (char.IsLetterOrDigit(c))
                word.Append(char.ToLower(c, CultureInfo.InvariantCulture));
        }

        if (word.Length > 0)
            words.Add(word.ToString());
        return words;
    }

    /// <summary>GetMoveIndex, GetNextActionAsync: what to do next; GetMoveCount, GetActionList aren't.</summary>
    private static bool IsMove(List<string> words, int from) =>
        words.Skip(from).Any(word => word is "move" or "action" or "shot" or "guess" or "bid") && words[^1] is not ("count" or "history" or "list" or "name" or "names" or "time" or "log" or "number" or "type");

    /// <summary>GetChatResponse, GetResponseFromChat; not GetResponseTime.</summary>
    private static bool IsAnswer(List<string> gotten) =>
        gotten[^1] is "response" or "reply" or "answer" or "completion" or "prediction" or "recommendation" or "suggestion"
        || gotten is ["response" or "reply" or "answer", "from" or "for" or "to", ..];

    private static bool IsMessageWord(string word) =>
        word is "message" or "messages" or "request" or "task" or "chat" or "prompt" or "input" or "query" or "command" or "activity" or "turn";

    private static Verb Rank(List<string> words, int from)
    {
        var word = ForeignVerbs.InEnglish(words[from]);
        var rest = Join(words, from + 1);
        if (word == "get")
            return new Verb(word, rest, GottenResults.Contains(rest) || IsMove(words, from + 1) || words.Count > from + 1 && IsAnswer(words.GetRange(from + 1, words.Count - from - 1)) ? VerbRank.Domain : VerbRank.None);
        if (word is "print" or "show" or "display" && GottenResults.Contains(rest))
            return new Verb(word, rest, VerbRank.Domain);
        // TakeTurn(state), TakeAction(percept).
        if (word == "take" && words.Count > from + 1 && words[from + 1] is "turn" or "action" or "move" or "step" or "shot" or "decision")
            return new Verb(word, rest, VerbRank.Domain);
        if (word is "next" or "best" or "random" or "optimal" or "my" && words.Count > from + 1 && Moves.Contains(words[^1]))
            return new Verb(word, rest, VerbRank.Domain);
        if (word is "achat" or "arun" or "ainvoke" or "agenerate" or "astream" or "astep" or "acall" or "aexecute")
            word = word[1..];
        if (word is "stream" or "streaming")
            return new Verb("stream", rest, VerbRank.Standard);
        // SendMessage, CallModel are what an agent is asked with; SendGameState, CallTrump are what it does.
        if (word is "send" or "call" && rest.Length > 0 && !IsMessageWord(words[from + 1]) && words[from + 1] is not ("agent" or "model" or "llm" or "ai" or "assistant" or "bot" or "user" or "text"))
            return new Verb(word, rest, VerbRank.Domain);

        // HandleRequest is what an agent is asked with; HandleOpponentsShot is what it is told.
        if (word == "handle" && rest.Length > 0 && !words.Skip(from + 1).Any(IsMessageWord))
            return new Verb(word, rest, VerbRank.Domain);

        return new Verb(word, rest, Table.GetValueOrDefault(word, VerbRank.Unknown));
    }

    private static void Trim(List<string> words)
    {
        while (words.Count > 1 && words[^1] is "async" or "core" or "impl" or "internal" or "await" or "asynchronously" or "sync")
            words.RemoveAt(words.Count - 1);
    }

    private static string Join(List<string> words, int from) => from >= words.Count ? "" : string.Concat(words.Skip(from));

    private static Dictionary<string, VerbRank> BuildTable()
    {
        var table = new Dictionary<string, VerbRank>(StringComparer.Ordinal);
        foreach (var (words, rank) in new (IEnumerable<string>, VerbRank)[] { (Administrative, VerbRank.None), (Domain, VerbRank.Domain), (Standard, VerbRank.Standard) })
        {
            foreach (var word in words)
                table[word] = rank;
        }

        return table;
    }
}
