using AgentCore.Adapters.Objects.Migration;
using static AgentCore.Adapters.Objects.Tests.Stress.Migrated;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>A call that has to come first is told: as a run shows it, or read from the code where another gap keeps the agent from running.</summary>
public sealed class VerifySetupTests
{
    private const string Usings = "using System; using System.Collections.Generic; using System.IO; using System.Threading; using System.Threading.Tasks;\npublic class Map { public string Find(string t) => t; } public class Opts { public int N { get; set; } } public class Client { public string Ask(string t, Opts o) => o == null ? t : t + o.N; }\n";

    [Fact]
    public async Task Verify_OwnFieldThatNobodySet_NamesTheCallThatSetsIt()
    {
        var items = await AllAsync(
            """
            public class State { public int[] Cells = new int[2]; }
            public class LearnerBot { private double[] _values; public void ExperimentStarted(string description) => _values = new double[2]; public double GetMove(State state) => _values[state.Cells[0]]; }
            public class MemoBot { public double[] Values { get; set; } public double GetMove(State state) => Values[state.Cells[0]]; }
            """);

        Assert.StartsWith("lifecycle.initialize: it wants void ExperimentStarted(string description) called first", items["LearnerBot"].Message, StringComparison.Ordinal);
        Assert.StartsWith("construct.Values", items["MemoBot"].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_ThrowsWhereItsOwnFieldIsEmpty_NamesTheCallThatSetsIt()
    {
        var items = await AllAsync(
            """
            using System;
            public class NobodyException : Exception { }
            public class InvestBot { private object _game; private object _fees; public void UpdateGame(object game) => _game = game; public int Invest(int money) { if (_game == null) throw new NobodyException(); return money; } }
            public class LuckyBot { private object _game = new object(); public void UpdateGame(object game) => _game = game; public int Invest(int money) { if (_game != null) throw new NobodyException(); return money; } }
            """);

        Assert.StartsWith("lifecycle.initialize: it wants void UpdateGame(object game) called first", items["InvestBot"].Message, StringComparison.Ordinal);
        Assert.Equal(MigrationStatus.SameError, items["LuckyBot"].Status);
    }

    [Fact]
    public async Task Verify_OwnFieldSetByWhatAPublicCallBegins_NamesThatCall()
    {
        var items = await AllAsync(
            """
            using System;
            using System.Collections.Generic;
            using System.Threading.Tasks;
            public class Solver { public int Of(string text) => text.Length; }
            public class State { public List<string> Said { get; set; } = new() { "a" }; }
            public class LaterBot { public Solver Way { get; private set; } public async Task UseWay(Uri of) { await Task.Yield(); Take(); } private void Take() => Way = new Solver(); public int Ask(List<string> texts) => Way.Of("a") + texts.Count; }
            public class LineBot { private object _line; public async Task OpenAsync(Uri of) { await Task.Yield(); Connect(); } private void Connect() => _line = new object(); public string Ask(string text) => _line == null ? throw new ApplicationException($"the line for {GetType().Name} isn't open") : text; }
            public static class Words { public static async Task<int> CountAsync(this State state, List<string> all, string of) { await Task.Yield(); foreach (var said in state.Said) all.Add(said + of); return all.Count; } }
            public class WordBot { private List<string> _words; public string Name { get; private set; } = "w"; public void Begin(Uri at) => _words = new List<string>(); public async Task<int> AskAsync(State state) { var n = await state.CountAsync(_words, Name); return n + 1; } }
            public abstract class Talker { protected void Copy(State state, List<string> to) { foreach (var said in state.Said) to.Add(said); } }
            public class TalkBot : Talker { private List<string> _history; public void Begin(Uri at) => _history = new List<string>(); public async Task<int> AskAsync(State state) { await Task.Yield(); Copy(state, _history); return _history.Count; } }
            """);

        Assert.StartsWith("lifecycle.initialize: it wants Task UseWay(Uri of) called first", items["LaterBot"].Message, StringComparison.Ordinal);
        Assert.StartsWith("lifecycle.initialize: it wants Task OpenAsync(Uri of) called first", items["LineBot"].Message, StringComparison.Ordinal);
        Assert.StartsWith("lifecycle.initialize: it wants void Begin(Uri at) called first", items["TalkBot"].Message, StringComparison.Ordinal);
        Assert.StartsWith("lifecycle.initialize: it wants void Begin(Uri at) called first", items["WordBot"].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_OwnListThatIsStillEmpty_NamesWhoFillsIt()
    {
        var items = await AllAsync(
            """
            using System.Collections.Generic;
            using System.Linq;
            public class ShipBot { private readonly List<int> _targets = new(); public List<int> PlaceShips() { Load(); return _targets.ToList(); } private void Load() { for (var i = 0; i < 3; i++) _targets.Add(i); } public int SelectTarget() => _targets[0]; }
            public class PoolBot { public List<int> Pool { get; set; } = new(); public int Pick(string text) => Pool.First(); }
            public class SelfBot { private readonly List<int> _seen = new(); public int Pick(string text) { if (text == "fill") _seen.Add(1); return _seen[0]; } }
            public class DataBot { private readonly List<int> _seen = new() { 1 }; public void Learn(int n) => _seen.Add(n); public int Pick(int[] cells) => cells[_seen[0] + 70]; }
            """);

        Assert.StartsWith("lifecycle.initialize: it wants List<int> PlaceShips() called first; name it under lifecycle", items["ShipBot"].Message, StringComparison.Ordinal);
        Assert.StartsWith("construct.Pool: it is empty", items["PoolBot"].Message, StringComparison.Ordinal);
        Assert.Equal(MigrationStatus.SameError, items["SelfBot"].Status);
        Assert.StartsWith("arguments.cells", items["DataBot"].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_FlagThatIsStillFalse_WantsTheMethodThatSetsIt()
    {
        var items = await AllAsync(
            """
            using System; using System.Threading.Tasks;
            public class Settings { public int Size { get; set; } }
            public abstract class Live
            {
                private bool _isInitialized;
                public virtual Task InitializeAsync(string place, Settings settings) { _isInitialized = true; return Task.CompletedTask; }
                public async Task<string> ChatAsync(Settings request) { if (!_isInitialized) throw new InvalidOperationException("Call it first."); await Task.Yield(); return request.Size.ToString(); }
            }
            public class ChatAgent : Live { }
            public class ClosedAgent : IDisposable { private bool _disposed; public string Chat(Settings request) { if (!_disposed) throw new InvalidOperationException("Not me."); return "" + request.Size; } public void Dispose() => _disposed = true; }
            public class LoudAgent { private readonly bool _loud; public LoudAgent(bool loud = false) => _loud = loud; public string Chat(Settings request) { if (!_loud) throw new InvalidOperationException("Not me."); return "" + request.Size; } }
            public class ShyAgent { private bool _bold; public string Chat(Settings request) { if (!_bold) throw new InvalidOperationException("Not me."); return "" + request.Size; } }
            """);

        Assert.StartsWith("lifecycle.initialize: it wants Task InitializeAsync(string place, Settings settings) called first", items["ChatAgent"].Message, StringComparison.Ordinal);
        foreach (var name in new[] { "ShyAgent", "ClosedAgent", "LoudAgent" })
            Assert.DoesNotMatch("lifecycle|construct", items[name].Message);
    }

    [Theory]
    [InlineData("private object _map; public void Load(string map) => _map = map; public string Ask(string text) => _map + text;", false)]
    [InlineData("private object _map; public void Load(string map) => _map = map; public string Ask(string text) => _map.ToString() + text;", true)]
    [InlineData("private object _map; public void Load(string map) { if (map != null) _map = map; } public async Task<string> Ask(string text) { await Task.Yield(); return _map.ToString() + text; }", true)]
    [InlineData("private object _map; public void Load(string map) => _map = map; public string Ask(string text) => (_map ?? throw new Exception()) + text;", true)]
    [InlineData("private object _map; public void Load(string map) => _map = map; public string Ask(string text) { if (_map == null) throw new Exception(); return text; }", true)]
    [InlineData("private object _map; public void Load(string map) => _map = map; public string Ask(string text) { if (_map == null) return text; return _map.ToString(); }", false)]
    [InlineData("private object _map; public void Load(string map) => _map = map; public string Ask(string text) => _map?.ToString();", false)]
    [InlineData("private object _map; public void Load(string map) => _map = map; public string Ask(string text) { Load(text); return _map.ToString(); }", false)]
    [InlineData("private object _map; public void Load() => _map = new object(); public string Ask(string text) => _map.ToString();", false)]
    [InlineData("public object Map { get; private set; } public void Load(string map) => Map = map; public string Ask(string text) => Map.ToString() + new[] { text }.Count(t => t.Length > 0);", true)]
    [InlineData("public object Map { get; set; } public void Load(string map) => Map = map; public string Ask(string text) => Map.ToString();", false)]
    [InlineData("private object _map; public LoadBot(string apiKey, int size) { Load(apiKey); } public void Load(string map) => _map = map; public string Ask(string text) => _map.ToString();", false)]
    [InlineData("private object _map; public void Load(string map) => Take(map); private void Take(string map) => _map = map; public string Ask(string text) => new Func<string>(() => _map.ToString() + text)();", true)]
    [InlineData("private int _size; public void Load(int size) => _size = size; public string Ask(string text) => _size + text;", false)]
    public async Task Verify_CallThatHasToComeFirst_IsReadFromTheCodeWhereAnotherGapKeepsItFromRunning(string members, bool named)
    {
        var item = await OnlyAsync($"using System; using System.Linq; using System.Threading.Tasks; public class LoadBot {{ public LoadBot(string apiKey) {{ if (apiKey.Length == 0) throw new Exception(); }} {members} }}");

        Assert.StartsWith("construct.apiKey", item.Message, StringComparison.Ordinal);
        Assert.Equal(named, item.Message.Contains("; lifecycle.initialize: it wants void Load(string map) called first", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("readonly Client _c = new(); Opts _o; public XAgent(string apiKey) { } public XAgent WithOptions(Opts o) { _o = o; return this; } public string Run(string text) => _c.Ask(text, _o);")]
    [InlineData("Map _map; public XAgent(string apiKey) { } public bool IsReady => _map != null; public void Load(Map map) => _map = map; public string Run(string text) => IsReady ? _map.Find(text) : text;")]
    [InlineData("Map _map; private XAgent() { } public static async Task<XAgent> CreateAsync(string apiKey, Map map) { var a = new XAgent(); await a.LoadAsync(map); return a; } public Task LoadAsync(Map map) { _map = map; return Task.CompletedTask; } public string Run(string text) => _map.Find(text);")]
    [InlineData("Map _map; public XAgent(string apiKey) { Make(out _map); } static void Make(out Map m) => m = new Map(); public void Use(Map m) => _map = m; public string Run(string text) => _map.Find(text);")]
    [InlineData("Map _map; public XAgent(string apiKey) { } public void Use(Map m) => _map = m; public string Run(string text) { LazyInitializer.EnsureInitialized(ref _map, () => new Map()); return _map.Find(text); }")]
    [InlineData("Opts _o; public XAgent(string apiKey) { } public void Configure(Opts o) => _o = o; public string Run(string text) { var o = _o; text += 1; if (o == null) return text; return text + o.N; }")]
    [InlineData("object _m; public XAgent(string apiKey) { } public void Use(object m) => _m = m; public string Run(string text) => _m is Map m ? m.Find(text) : text;")]
    [InlineData("Opts _o; public XAgent(string apiKey) { } public void Configure(Opts o) => _o = o; public Opts Run(string text) => _o;")]
    [InlineData("Map _map; public XAgent(string apiKey) { Action load = () => _map = apiKey.Length > 0 ? new Map() : null; load(); } public void Use(Map m) => _map = m; public string Run(string text) => _map.Find(text);")]
    public async Task Verify_NothingHasToComeFirst_NamesNoCall(string body) =>
        Assert.DoesNotContain("lifecycle.initialize", (await OnlyAsync($"{Usings}public class XAgent {{ {body} }}")).Message, StringComparison.Ordinal);

    [Fact]
    public async Task Verify_LocalFunctionThatCallsItselfWithEverLargerTypes_IsReadOnce() =>
        Assert.StartsWith("construct.apiKey", (await OnlyAsync(Usings + "public class PolyAgent { Map _map; public PolyAgent(string apiKey) { } public void Use(Map m) => _map = m; public string Run(string text) { return Rec<int>(text.Length % 3); string Rec<T>(int n) => n == 0 ? _map.Find(typeof(T).Name) : Rec<List<T>>(n - 1); } }")).Message, StringComparison.Ordinal);
}
