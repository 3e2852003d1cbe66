using System.Diagnostics;
using System.Diagnostics.Metrics;
using AgentCore.Runs;
using Microsoft.Extensions.AI;

namespace AgentCore.Telemetry;

/// <summary>The names under which AgentCore traces and measures. They follow OpenTelemetry's conventions for generative AI
/// (opentelemetry.io/docs/specs/semconv/gen-ai) where those have a name, and begin with <c>agentcore.</c> elsewhere.</summary>
public static class AgentTelemetry
{
    /// <summary>The name of the activity source and of the meter: add it to a tracer and a meter provider.</summary>
    public const string SourceName = "AgentCore";

    internal const string Operation = "gen_ai.operation.name";
    internal const string AgentName = "gen_ai.agent.name";
    internal const string Model = "gen_ai.request.model";
    internal const string ToolName = "gen_ai.tool.name";
    internal const string InputTokens = "gen_ai.usage.input_tokens";
    internal const string OutputTokens = "gen_ai.usage.output_tokens";
    internal const string TokenType = "gen_ai.token.type";
    internal const string ErrorType = "error.type";
    internal const string RunId = "agentcore.run.id";
    internal const string RunStatusName = "agentcore.run.status";
    internal const string StepPath = "agentcore.step.path";

    private static readonly ActivitySource Source = new(SourceName);
    private static readonly Meter Meter = new(SourceName);
    private static readonly Counter<long> Runs = Meter.CreateCounter<long>("agentcore.runs", "{run}", "Runs that ended, by agent and status.");
    private static readonly Histogram<long> Tokens = Meter.CreateHistogram<long>("gen_ai.client.token.usage", "{token}", "Tokens of model calls.");
    private static readonly Histogram<double> Durations = Meter.CreateHistogram<double>("gen_ai.client.operation.duration", "s", "Time of model and tool calls.");

    /// <summary>Whether anybody traces or measures; nothing is prepared for nobody.</summary>
    internal static bool IsOn => Source.HasListeners() || Tokens.Enabled || Durations.Enabled;

    internal static Activity? StartAgent(AgentContext context)
    {
        if (!Source.HasListeners())
            return null;

        var name = context.Agent.Metadata.Name;
        var activity = Source.StartActivity($"invoke_agent {name}");
        activity?.SetTag(Operation, "invoke_agent").SetTag(AgentName, name);
        if (context.Run.Store is not null)
            activity?.SetTag(RunId, context.RunId);
        return activity;
    }

    internal static void EndAgent(Activity? activity, AgentContext context, AgentResult result)
    {
        if (Runs.Enabled)
            Runs.Add(1, new KeyValuePair<string, object?>(AgentName, context.Agent.Metadata.Name), new KeyValuePair<string, object?>(RunStatusName, result.Status.ToString()));
        if (activity is null)
            return;

        activity.SetTag(RunStatusName, result.Status.ToString());
        if (result.Error is { } error)
            activity.SetTag(ErrorType, error.Type).SetStatus(ActivityStatusCode.Error);
        activity.Dispose();
    }

    internal static Activity? StartStep(StepCall call, string path)
    {
        if (!Source.HasListeners())
            return null;

        var operation = OperationOf(call.Kind);
        var activity = Source.StartActivity($"{operation} {call.Name}", call.Kind == "model" ? ActivityKind.Client : ActivityKind.Internal);
        activity?.SetTag(Operation, operation).SetTag(call.Kind == "tool" ? ToolName : Model, call.Kind == "step" ? null : call.Name).SetTag(StepPath, path);
        return activity;
    }

    internal static void EndStep(Activity? activity, StepCall call, TimeSpan duration, UsageDetails? usage, string? errorType)
    {
        var operation = new KeyValuePair<string, object?>(Operation, OperationOf(call.Kind));
        if (Durations.Enabled && call.Kind is "model" or "tool")
            Durations.Record(duration.TotalSeconds, operation, new KeyValuePair<string, object?>(call.Kind == "tool" ? ToolName : Model, call.Name));
        if (usage is not null && Tokens.Enabled)
        {
            Tokens.Record(usage.InputTokenCount ?? 0, operation, new KeyValuePair<string, object?>(TokenType, "input"), new KeyValuePair<string, object?>(Model, call.Name));
            Tokens.Record(usage.OutputTokenCount ?? 0, operation, new KeyValuePair<string, object?>(TokenType, "output"), new KeyValuePair<string, object?>(Model, call.Name));
        }

        if (activity is null)
            return;

        if (usage is not null)
            activity.SetTag(InputTokens, usage.InputTokenCount).SetTag(OutputTokens, usage.OutputTokenCount);
        if (errorType is not null)
            activity.SetTag(ErrorType, errorType).SetStatus(ActivityStatusCode.Error);
        activity.Dispose();
    }

    private static string OperationOf(string kind) => kind switch
    {
        "model" => "chat",
        "tool" => "execute_tool",
        _ => "agentcore." + kind,
    };
}
