using AgentCore.Adapters.Objects.Tests.Fixtures;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>Every shape of the facts, wrapped without a line of code and run.</summary>
public sealed class ShapeTests
{
    public static TheoryData<Type, AgentClass, string, string> Wrapped => new()
    {
        { typeof(RunTextAgent), AgentClass.A, "hi", "ran hi" },
        { typeof(AsyncTextAgent), AgentClass.A, "hi", "executed hi" },
        { typeof(ValueTaskAgent), AgentClass.A, "hi", "invoked hi" },
        { typeof(SnakeAgent), AgentClass.A, "hi", "snaked hi" },
        { typeof(PocoAgent), AgentClass.A, "tea", "1 x tea" },
        { typeof(PocoAgent), AgentClass.A, """{"text":"tea","count":3}""", "3 x tea" },
        { typeof(SettableAgent), AgentClass.A, "why", "why/0" },
        { typeof(SettableAgent), AgentClass.A, """{"question":"why","tags":["a","b"]}""", "why/2" },
        { typeof(MessageListAgent), AgentClass.A, "hi", "1:User:hi" },
        { typeof(InterfaceMessageAgent), AgentClass.A, "hi", "re: hi" },
        { typeof(DictionaryAgent), AgentClass.A, """{"b":1,"a":2}""", """{"keys":"a,b"}""" },
        { typeof(JsonAgent), AgentClass.A, """{"a":1}""", """{"a":1}""" },
        { typeof(NumberAgent), AgentClass.A, "5", "2.5" },
        { typeof(ClosedGenericAgent), AgentClass.A, "tea", "tea" },
        { typeof(OpenGenericAgent<>), AgentClass.A, "tea", "String:tea" },
        { typeof(GenericMethodAgent), AgentClass.A, "tea", "tea" },
        { typeof(StreamAgent), AgentClass.A, "a b", "a.b." },
        { typeof(UpdateStreamAgent), AgentClass.A, "abc", "abc" },
        { typeof(ExplicitAgent), AgentClass.A, "hi", "quietly hi" },
        { typeof(DefaultMethodAgent), AgentClass.A, "hi", "by default hi" },
        { typeof(StaticAgent), AgentClass.A, "hi", "static hi" },
        { typeof(OverloadAgent), AgentClass.A, "hi", "async hi" },
        { typeof(ParamsAgent), AgentClass.A, "hi", "hi+0" },
        { typeof(DynamicAgent), AgentClass.A, "hi", "dynamic hi" },
        { typeof(TupleAgent), AgentClass.A, "hi", "answer hi" },
        { typeof(SpanAgent), AgentClass.A, "four", "4" },
        { typeof(BytesAgent), AgentClass.A, "four", "4" },
        { typeof(ModelAgent), AgentClass.A, "hi", "hi" },
        { typeof(PrivateAgent), AgentClass.A, "hi", "shared hi" },
        { typeof(StoreAgent), AgentClass.A, "hi", "only hi" },
        { typeof(LoggedAgent), AgentClass.A, "hi", "LoggedAgent True True hi" },
        { typeof(OptionalAgent), AgentClass.B, "hi", "hi/3" },
        { typeof(RouterAgent), AgentClass.B, "pay me", "billing" },
        { typeof(MoveAgent), AgentClass.B, "[1,2,3]", "3" },
        { typeof(SummarizerAgent), AgentClass.B, "document", "doc" },
        { typeof(NoArgumentAgent), AgentClass.B, "go", "all done" },
        { typeof(MutatingAgent), AgentClass.B, "x", "x!" },
        { typeof(HistoryAgent), AgentClass.B, "hi", "hi\nnoted" },
        { typeof(TemplateAgent), AgentClass.B, "hi", "core hi" },
        { typeof(EventAgent), AgentClass.B, "hi", "event hi" },
        { typeof(PropertyAgent), AgentClass.B, "hi", "property hi" },
        { typeof(OutAgent), AgentClass.B, "hi", "solved hi" },
        { typeof(RefAgent), AgentClass.B, "hi", "drafted hi" },
        { typeof(EnumeratorAgent), AgentClass.B, "win", "1 win2 win" },
        { typeof(TaskSequenceAgent), AgentClass.B, "tea", "a teab tea" },
        { typeof(ObservableAgent), AgentClass.B, "q", "hm qyes" },
        { typeof(ForecastAgent), AgentClass.B, "Oslo", "rain in Oslo" },
        { typeof(TextAndDictionaryAgent), AgentClass.C, "hi", "hi with input" },
        { typeof(MakeableContextAgent), AgentClass.C, "hi", "hi fresh" },
        { typeof(CallbackAgent), AgentClass.C, "a b", "ab" },
        { typeof(ChannelAgent), AgentClass.C, "a", "first a then" },
        { typeof(ProgressAgent), AgentClass.C, "a", "progress a" },
    };

    [Theory]
    [MemberData(nameof(Wrapped))]
    public void Execute_ShapeByConvention_GivesTheObjectsAnswer(Type type, AgentClass expected, string input, string output)
    {
        using var agent = new UniversalAgentAdapter(type);

        var result = agent.Execute(input);

        Assert.True(result.IsDone, $"{result.Describe()}\n{agent.Explain()}");
        Assert.Equal(output, result.Output);
        Assert.Equal(expected, agent.Class);
        Assert.Empty(agent.Explain().Gaps);
    }

    [Theory]
    [MemberData(nameof(Wrapped))]
    public async Task ExecuteAsync_ShapeByConvention_GivesTheObjectsAnswer(Type type, AgentClass expected, string input, string output)
    {
        using var agent = new UniversalAgentAdapter(type);

        var result = await agent.ExecuteAsync(input);

        Assert.Equal((expected, output), (agent.Class, result.Output));
    }

    [Theory]
    [InlineData(typeof(SettingsAgent), "data")]
    [InlineData(typeof(DefinitionAgent), "definition")]
    [InlineData(typeof(FactoryAgent), "factory")]
    public void Execute_NothingToExecute_SaysWhy(Type type, string reason)
    {
        using var agent = new UniversalAgentAdapter(type);

        Assert.Equal(AgentClass.E, agent.Class);
        Assert.Contains(reason, agent.Explain().Why, StringComparison.Ordinal);
        Assert.False(agent.Initialize());
        Assert.Contains(reason, agent.LastError!.Message, StringComparison.Ordinal);
    }
}
