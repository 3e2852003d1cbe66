using System.Collections.ObjectModel;
using System.Globalization;
using AgentCore.Adapters.Objects.Bindings;
using AgentCore.Adapters.Objects.Tests.Stress;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>What a task's words can't be made into is said by name, and nothing is guessed.</summary>
public sealed class ConversionTests
{
    private const string Secret = "sk-SUPERSECRET-1234";

    public ConversionTests() => Environment.SetEnvironmentVariable("OBJECTS_TEST_SECRET", Secret);

    [Theory]
    [InlineData(typeof(KeyAgent))]
    [InlineData(typeof(NumberKeyAgent))]
    [InlineData(typeof(ParsingKeyAgent))]
    [InlineData(typeof(PropertyKeyAgent))]
    [InlineData(typeof(OperatorKeyAgent))]
    [InlineData(typeof(TellingKeyAgent))]
    public void Execute_SecretThatDoesNotFit_IsNamedAndNeverShown(Type type)
    {
        var binding = new ObjectBinding { Construct = [new ArgumentBinding { Name = "apiKey", From = ArgumentSource.Environment, Value = "OBJECTS_TEST_SECRET" }] };
        using var agent = new UniversalAgentAdapter(type, binding);

        var error = agent.Execute("x").Error?.ToString() + agent.LastError;

        Assert.Contains("OBJECTS_TEST_SECRET", error, StringComparison.Ordinal);
        Assert.DoesNotContain("SUPERSECRET", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_SecretArgumentThatDoesNotFit_IsNamedAndNeverShown()
    {
        var binding = ObjectBinding.For<KeyedCallAgent>().Method("Run").Argument("key", ArgumentSource.Environment, "OBJECTS_TEST_SECRET").Build();
        using var agent = new UniversalAgentAdapter(new KeyedCallAgent(), binding);

        var error = agent.Execute("x").Error!.Message;

        Assert.Contains("from the environment variable OBJECTS_TEST_SECRET", error, StringComparison.Ordinal);
        Assert.DoesNotContain("SUPERSECRET", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"custmer": "Ann"}""", null)]
    [InlineData("""{"customer": "Ann", "note": "soon"}""", "Ann of ")]
    [InlineData("""{"customer": "Ann", "from_shop": "Corner"}""", "Ann of Corner")]
    [InlineData("""{}""", " of ")]
    public void Execute_ObjectInJson_IsReadByTheNamesOfItsPartsAndRefusedWhereNoneFits(string task, string? output)
    {
        using var agent = new UniversalAgentAdapter(new OrderAgent());

        var result = agent.Execute(task);

        if (output is not null)
            Assert.Equal(output, result.EnsureDone().Output);
        else
            Assert.Contains("an Order has Customer, Shop, and the JSON names none of them but custmer", result.Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(OpenRequest), """{"mood": "good"}""")]
    [InlineData(typeof(FieldRequest), """{"cust": "Ann"}""")]
    [InlineData(typeof(IncludedRequest), """{"name": "Ann"}""")]
    public void Execute_ObjectThatSaysHowItReadsJson_IsNotRefused(Type request, string task)
    {
        using var agent = new UniversalAgentAdapter(typeof(RequestAgent<>).MakeGenericType(request));

        Assert.Equal(request.Name, agent.Execute(task).EnsureDone().Output);
    }

    [Theory]
    [InlineData("1.50", "1.50")]
    [InlineData("1.5e1", "15")]
    [InlineData("-2", "-2")]
    public void Execute_NumberInItsOneForm_IsRead(string text, string output)
    {
        using var agent = new UniversalAgentAdapter(new NumberAgents(), new ObjectBinding { Method = nameof(NumberAgents.Decimal) });

        Assert.Equal(output, agent.Execute(text).EnsureDone().Output);
    }

    [Theory]
    [InlineData(nameof(NumberAgents.Decimal), "1,50")]
    [InlineData(nameof(NumberAgents.Double), "1,50")]
    [InlineData(nameof(NumberAgents.Float), "1,000.5")]
    [InlineData(nameof(NumberAgents.Int), "1,000")]
    [InlineData(nameof(NumberAgents.Int), "1.5")]
    [InlineData(nameof(NumberAgents.Int), "99999999999")]
    public void Execute_NumberWithSeparators_FailsAndSaysHowToWriteIt(string method, string text)
    {
        using var agent = new UniversalAgentAdapter(new NumberAgents(), new ObjectBinding { Method = method });

        var error = agent.Execute(text).Error!.Message;

        Assert.Contains($"argument 'amount' can't be made a", error, StringComparison.Ordinal);
        Assert.Contains($"from '{text}'", error, StringComparison.Ordinal);
        Assert.Contains("without separators", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_UnknownTypeName_IsRefusedAndTheNamesAreListed()
    {
        using var agent = new UniversalAgentAdapter(new PerceptAgent());

        Assert.Equal("WetPercept", agent.Execute("""{"$type":"WetPercept","Depth":1}""").EnsureDone().Output);
        var error = agent.Execute("""{"$type":"Typo","Depth":1}""").Error!.Message;

        Assert.Contains("'$type' is 'Typo'", error, StringComparison.Ordinal);
        Assert.Contains("DirtPercept, WetPercept", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_TypeNameThatIsNoText_IsRefusedByName()
    {
        using var agent = new UniversalAgentAdapter(new PerceptAgent());

        var error = agent.Execute("""{"$type":5,"Depth":1}""").Error!;

        Assert.Equal(typeof(ArgumentMappingException).FullName, error.Type);
        Assert.Contains("'$type' is '5'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_ReadOnlyDictionary_IsBuilt()
    {
        using var agent = new UniversalAgentAdapter(new ReadOnlyAgent());

        Assert.Equal("[a, b]", agent.Execute("""{"a":"b"}""").EnsureDone().Output);
    }

    [Fact]
    public void Execute_NoCulture_NamesTheArgument()
    {
        using var agent = new UniversalAgentAdapter(new CultureAgent());

        Assert.Contains("argument 'culture' can't be made a CultureInfo from 'Say hello.'", agent.Execute("Say hello.").Error!.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(nameof(SpanAgents.Bytes), "Span<byte> 'items'")]
    [InlineData(nameof(SpanAgents.Several), "ReadOnlySpan<string> 'items'")]
    public void Explain_SpanParameter_IsAGap(string method, string named)
    {
        using var agent = new UniversalAgentAdapter(new SpanAgents(), new ObjectBinding { Method = method });

        var gap = Assert.Single(agent.Explain().Gaps);

        Assert.Equal("arguments.items", gap.At);
        Assert.Contains(named, gap.Needs, StringComparison.Ordinal);
        Assert.Contains("'items'", agent.Execute("x").Error!.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Execute_EventThatNeverComes_SaysWhichAndHowLong()
    {
        using var agent = new UniversalAgentAdapter(new SilentAgent(), options: new UniversalAgentOptions { Agent = new AgentOptions { Time = new HurriedClock() } });

        var error = (await agent.ExecuteAsync("x")).Error!.Message;

        Assert.Contains("'Answered'", error, StringComparison.Ordinal);
        Assert.Contains("30 s", error, StringComparison.Ordinal);
    }

    [Fact]
    public void Initialize_DependencyOfTheSignatureIsMissing_NamesIt()
    {
        using var dependency = new Compiled("Lost", "namespace Lost { public class Order { public string Text = \"\"; } }");
        using var compiled = new Compiled("Finder", "public class FinderAgent { public string Run(Lost.Order order) => order.Text; }", dependency.Path);
        using var agent = Loading.ObjectAgents.Open(new ObjectBinding { Type = "FinderAgent", Assembly = compiled.Path });

        Assert.False(agent.Initialize());
        Assert.Contains("Run(Order order)", agent.LastError!.Message, StringComparison.Ordinal);
        Assert.Contains("it needs Lost, which is missing.", agent.LastError.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Execute_StructAgent_KeepsItsState()
    {
        using var agent = new UniversalAgentAdapter(new CountingStruct());

        Assert.Equal("x1", agent.Execute("x").Output);
        Assert.Equal("x2", agent.Execute("x").Output);
    }

    [Fact]
    public void Explain_StructWithoutConstructor_IsNoGap()
    {
        using var agent = new UniversalAgentAdapter(typeof(CountingStruct));

        Assert.Empty(agent.Explain().Gaps);
        Assert.Equal("x1", agent.Execute("x").EnsureDone().Output);
    }

    private sealed class KeyAgent(Guid apiKey)
    {
        public string Run(string s) => s + apiKey;
    }

    private sealed class NumberKeyAgent(int apiKey)
    {
        public string Run(string s) => s + apiKey;
    }

    private sealed class ParsingKeyAgent(string apiKey)
    {
        private readonly int _key = int.Parse(apiKey, CultureInfo.InvariantCulture);

        public string Run(string s) => s + _key;
    }

    private sealed class TellingKeyAgent(string apiKey)
    {
        public string Run(string s) => throw new UnauthorizedAccessException($"The key {apiKey} isn't known.");
    }

    private sealed class PropertyKeyAgent
    {
        private int _key;

        public string ApiKey
        {
            get => $"{_key}";
            set => _key = int.Parse(value, CultureInfo.InvariantCulture);
        }

        public string Run(string s) => s + _key;
    }

    public sealed record Key(string Text)
    {
        public static implicit operator Key(string text) => throw new FormatException($"'{text}' is no key");
    }

    private sealed class OperatorKeyAgent(Key apiKey)
    {
        public string Run(string s) => s + apiKey;
    }

    private sealed class KeyedCallAgent
    {
        public string Run(string input, int key) => input + key;
    }

    private sealed class NumberAgents
    {
        public string Decimal(decimal amount) => amount.ToString(CultureInfo.InvariantCulture);

        public string Double(double amount) => amount.ToString(CultureInfo.InvariantCulture);

        public string Float(float amount) => amount.ToString(CultureInfo.InvariantCulture);

        public string Int(int amount) => amount.ToString(CultureInfo.InvariantCulture);
    }

    public abstract class PerceptBase
    {
        public int Depth { get; set; }
    }

    public sealed class DirtPercept : PerceptBase;

    public sealed class WetPercept : PerceptBase;

    private sealed class PerceptAgent
    {
        public string Run(PerceptBase percept) => percept.GetType().Name;
    }

    private sealed class ReadOnlyAgent
    {
        public string Run(ReadOnlyDictionary<string, string> values) => string.Join(",", values);
    }

    private sealed class CultureAgent
    {
        public string Run(CultureInfo culture) => culture.Name;
    }

    private sealed class SpanAgents
    {
        public string Bytes(Span<byte> items) => $"{items.Length}";

        public string Several(params ReadOnlySpan<string> items) => $"{items.Length}";
    }

    private sealed class SilentAgent
    {
        public event EventHandler<string>? Answered;

        public void Ask(string s)
        {
            if (s == "never")
                Answered?.Invoke(this, s);
        }
    }

    public struct CountingStruct
    {
        private int _count;

        public string Run(string s) => s + ++_count;
    }

    /// <summary>Half a minute is over at once.</summary>
    private sealed class HurriedClock : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime == TimeSpan.FromSeconds(30) ? TimeSpan.Zero : dueTime, period);
    }

    [Fact]
    public void Execute_PartsThatOnlyTheAssemblySets_AreFilledToo()
    {
        using var agent = new UniversalAgentAdapter(new CommandBot());

        Assert.Equal("hi to all", agent.Execute("""{"message":"hi","channel":"all"}""").EnsureDone().Output);
    }

    public sealed class BotCommand
    {
        public string Message { get; internal set; } = "";

        public string Channel { get; internal set; } = "";
    }

    public sealed class CommandBot
    {
        public string Handle(BotCommand command) => $"{command.Message} to {command.Channel}";
    }

    private sealed record Order(string Customer = "")
    {
        [System.Text.Json.Serialization.JsonPropertyName("from_shop")]
        public string Shop { get; set; } = "";
    }

    private sealed class OrderAgent
    {
        public string Handle(Order request) => $"{request.Customer} of {request.Shop}";
    }

    internal sealed class RequestAgent<T>
        where T : class
    {
        public string Handle(T request) => request.GetType().Name;
    }

    internal sealed class OpenRequest
    {
        public string Name { get; set; } = "";

        [System.Text.Json.Serialization.JsonExtensionData]
        public Dictionary<string, System.Text.Json.JsonElement> Rest { get; set; } = [];
    }

    internal sealed class FieldRequest
    {
        [System.Text.Json.Serialization.JsonPropertyName("cust")]
        public string Customer = "";
    }

    internal sealed class IncludedRequest
    {
        public int Size { get; set; }

        [System.Text.Json.Serialization.JsonInclude]
        public string Name { get; private set; } = "";
    }
}
