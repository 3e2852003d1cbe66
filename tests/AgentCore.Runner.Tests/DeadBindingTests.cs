namespace AgentCore.Runner.Tests;

/// <summary>An agent that needs a key.</summary>
public sealed class KeyedAgent(string key)
{
    public string Ask(string question) => question + key;
}

/// <summary>Wrapped classes that can't be called, as the doctor finds them.</summary>
public sealed class DeadBindingTests
{
    [Fact]
    public async Task Doctor_BindingsToWhatIsNotThere_AreProblems()
    {
        using var workspace = new Workspace(plugin: false);
        WrappedClassTests.Wrap(workspace, "good", nameof(ParrotAgent));
        WrappedClassTests.Wrap(workspace, "misspelt", "ParotAgent");
        WrappedClassTests.Wrap(workspace, "method", nameof(ParrotAgent), "method: Aks\n");
        WrappedClassTests.Wrap(workspace, "keyed", nameof(KeyedAgent), "construct:\n- name: key\n  from: env\n  value: NO_SUCH_KEY\n");
        workspace.Write("agents/gone.yaml", "kind: object\nassembly: gone.dll\ntype: X\n");

        var doctor = (await workspace.RunAsync("doctor", "--json")).Expect(1);

        var problems = doctor.Json.GetProperty("problems").EnumerateArray().Select(p => p.GetString()!).ToList();
        Assert.Equal(4, problems.Count);
        Assert.StartsWith($"agents/gone.yaml: There is no assembly at {workspace.PathOf("agents/gone.dll")}. Build it, or correct the path.", problems[0], StringComparison.Ordinal);
        Assert.Equal("agents/keyed.yaml: construct.key: the environment variable NO_SUCH_KEY is not set. Set it, or name another.", problems[1]);
        Assert.StartsWith("agents/method.yaml: ", problems[2], StringComparison.Ordinal);
        Assert.Contains("'Aks'", problems[2], StringComparison.Ordinal);
        Assert.Contains("has no class 'AgentCore.Runner.Tests.ParotAgent'", problems[3], StringComparison.Ordinal);
        Assert.DoesNotContain(problems, p => p.Contains("Parameter", StringComparison.Ordinal));
    }
}
