using AgentCore.Adapters.Objects.Migration;
using AgentCore.Adapters.Objects.Tests.Stress;
using static AgentCore.Adapters.Objects.Tests.Stress.Migrated;

namespace AgentCore.Adapters.Objects.Tests;

/// <summary>What only looks like a gap is none: a person is asked for nothing that an agent does without.</summary>
public sealed class NoGapTests
{
    private const string Usings = "using System; using System.Collections.Generic; using System.IO; using System.Threading; using System.Threading.Tasks;\npublic class Map { public string Find(string t) => t; } public class Opts { public int N { get; set; } } public class Client { public string Ask(string t, Opts o) => o == null ? t : t + o.N; }\n";

    [Theory]
    [InlineData("public class Order { private string _name; private int _n; public string Name { get => _name; set => _name = value; } public int N { get => _n; set => _n = value; } public bool Check() => _n > 0; public int Total() => _n; public string Show() => _name; } public class XAgent { public string Process(Order order) => order.Name; }")]
    [InlineData("public record Money(int Cents, string Currency) { private readonly int _r = 1; public Money Add(Money o) => this; public int Times(int n) => n * _r; public string Show() => Cents + Currency; } public class XAgent { public string Run(Money money) => money.Show(); }")]
    [InlineData("public interface IFakeNewsDetector { bool Detect(string t); } public class FakeNewsDetector : IFakeNewsDetector { public bool Detect(string t) => true; } public class XAgent { readonly IFakeNewsDetector _d; public XAgent(IFakeNewsDetector d) => _d = d; public string Run(string text) => _d.Detect(text).ToString(); }")]
    [InlineData("public class XAgent { public Task<string> CommitAsync(string diff) => Task.FromResult(diff); }")]
    [InlineData("public class CommitAgent { public Task<string> CommitAsync(string diff) => Task.FromResult(diff); }")]
    [InlineData("public class RollbackAgent { public Task<string> RollbackAsync(string deployment) => Task.FromResult(deployment); }")]
    [InlineData("public class Board { public int N { get; set; } } public interface IPlayer { int GetMove(Board board); } public class MctsPlanner : IPlayer { public int GetMove(Board board) => board.N; }")]
    [InlineData("public class Sender { public Sender() => throw new IOException(\"no mailbox\"); } public class ChatMessage { public string Role { get; set; } public string Content { get; } public ChatMessage(string content) => Content = content; public ChatMessage(string content, Sender sender) => Content = content; } public class MailBot { public string Reply(ChatMessage message) => message.Content; }")]
    [InlineData("public class Employee { public string Name { get; set; } } public class ShiftAgent { public ShiftAgent(List<Employee> workers) { } public string Run(string text) => text; }")]
    public async Task Verify_WhatOnlyLooksLikeAGap_IsVerified(string source) =>
        Assert.Equal(MigrationStatus.Verified, (await OnlyAsync(Usings + source)).Status);

    [Theory]
    [InlineData("DUPLICATE_ID")]
    [InlineData("duplicate ORDER_ID 17")]
    public async Task Verify_OwnErrorNamesAField_IsTheAgentsOwn(string message) =>
        Assert.Equal(MigrationStatus.SameError, (await OnlyAsync($"{Usings}public class XAgent {{ public string Run(string text) => throw new InvalidOperationException(\"{message}\"); }}")).Status);

    [Fact]
    public void Scan_AgentKeepsSomethingOfTheFramework_IsNotAModelsOwner()
    {
        using var compiled = new Compiled("Timed" + Guid.NewGuid().ToString("n")[..8], Usings + "public class ClaudeService : IDisposable { public Task<string> AskAsync(string prompt) => Task.FromResult(prompt); public void Dispose() { } } public class TimerAgent { private IDisposable _timer; public string Run(string text) { _timer?.Dispose(); return text; } }");

        Assert.Contains(new MigrationScanner().Scan([compiled.Path]).Agents, a => a.Type == "ClaudeService");
    }
}
