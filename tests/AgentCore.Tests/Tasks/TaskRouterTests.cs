using AgentCore.Agents;
using AgentCore.Tasks;

namespace AgentCore.Tests.Tasks;

public sealed class TaskRouterTests
{
    private readonly AgentRegistry _agents = new AgentRegistry()
        .Add(new Able("a", "files.*", "researcher")).Add(new Able("b", "files.read", "writer")).Add(new Able("c", "mail.send"));

    [Fact]
    public void AgentFor_CapabilityNobodyHas_NamesIt()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new TaskRouter(_agents).AgentFor(new AgentTask("x") { RequiredCapabilities = ["files.read", "web.search"] }));

        Assert.Contains("'web.search'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AgentFor_CapabilitiesThatNobodyHasTogether_SaysSo()
    {
        var error = Assert.Throws<InvalidOperationException>(() => new TaskRouter(_agents).AgentFor(new AgentTask("x") { RequiredCapabilities = ["files.read", "mail.send"] }));

        Assert.Contains("though each of them some agent has", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AgentFor_NoAgents_SaysWhatToDo() =>
        Assert.Contains("add one", Assert.Throws<InvalidOperationException>(() => new TaskRouter(new AgentRegistry()).AgentFor("x")).Message, StringComparison.Ordinal);

    [Fact]
    public void AgentFor_PreferredRole_IsChosenWhereItIsAble()
    {
        var router = new TaskRouter(_agents);

        Assert.Equal("b", router.AgentFor(new AgentTask("x") { RequiredCapabilities = ["files.read"], PreferredRole = "Writer" }).Metadata.Name);
        Assert.Equal("a", router.AgentFor(new AgentTask("x") { RequiredCapabilities = ["files.write"], PreferredRole = "writer" }).Metadata.Name);
    }

    [Fact]
    public void AgentFor_TypeWithARoute_GoesThere()
    {
        var router = new TaskRouter(_agents).Route("mail", "c");

        Assert.Equal("c", router.AgentFor(new AgentTask("x") { Type = "MAIL" }).Metadata.Name);
        Assert.Contains("lacks the capability 'files.read'", Assert.Throws<InvalidOperationException>(() => router.AgentFor(new AgentTask("x") { Type = "mail", RequiredCapabilities = ["files.read"] })).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Route_ToAStranger_OrTwice_Throws()
    {
        var router = new TaskRouter(_agents).Route("mail", "c");

        Assert.Throws<ArgumentException>(() => router.Route("web", "nobody"));
        Assert.Throws<ArgumentException>(() => router.Route("mail", "a"));
    }

    [Fact]
    public void AgentFor_SeveralAble_TakeTurns()
    {
        var router = new TaskRouter(_agents);

        var chosen = Enumerable.Range(0, 6).Select(_ => router.AgentFor(new AgentTask("x") { RequiredCapabilities = ["files.read"] }).Metadata.Name);

        Assert.Equal(2, chosen.Distinct().Count());
    }

    [Fact]
    public void AgentFor_AgentAddedLater_IsFound()
    {
        var router = new TaskRouter(_agents);
        Assert.Throws<InvalidOperationException>(() => router.AgentFor(new AgentTask("x") { RequiredCapabilities = ["web.search"] }));

        _agents.Add(new Able("d", "web.*"));

        Assert.Equal("d", router.AgentFor(new AgentTask("x") { RequiredCapabilities = ["web.search"] }).Metadata.Name);
    }
}
