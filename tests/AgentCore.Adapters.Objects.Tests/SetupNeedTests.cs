using static AgentCore.Adapters.Objects.Tests.Stress.Migrated;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>A call that has to come first is read from the code where another gap keeps the agent from running.</summary>
public sealed class SetupNeedTests
{
    private const string Usings = "using System; using System.Collections.Generic; using System.IO; using System.Threading; using System.Threading.Tasks;\npublic class Map { public string Find(string t) => t; } public class Opts { public int N { get; set; } } public class Client { public string Ask(string t, Opts o) => o == null ? t : t + o.N; }\n";

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
