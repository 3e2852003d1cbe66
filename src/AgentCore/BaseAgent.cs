namespace AgentCore;
/// <summary>The base of every agent.</summary>
public abstract class BaseAgent;
/// <summary>The outcome of a run.</summary>
public sealed class AgentResult;
