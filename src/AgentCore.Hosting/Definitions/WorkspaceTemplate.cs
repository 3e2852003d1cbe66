using AgentCore.Plugins;

namespace AgentCore.Hosting.Definitions;

/// <summary>The files of a new workspace.</summary>
internal static class WorkspaceTemplate
{
    public static IEnumerable<(string Name, string Text)> Files(IEnumerable<AgentKind> kinds) =>
    [
        ("agentcore.yaml", """
            # yaml-language-server: $schema=schemas/agentcore.schema.json
            # Settings of this workspace. All are optional.
            # model: ollama/llama3.2      # the model that agents use unless they name one
            # inputs: [docs]              # files and folders that agents may read
            # budget: 200000              # the tokens that a run may use
            # settings:
            #   OPENAI_BASE_URL: http://127.0.0.1:8000/v1
            #   OPENAI_API_KEY: ${MY_KEY} # secrets only as references to the environment

            """),
        ("agents/helper.yaml", """
            # yaml-language-server: $schema=../schemas/agent.schema.json
            description: Answers questions about the files that it may read.
            capabilities: [files.read]
            instructions: |
              You help with questions about the user's files. Search them first, and quote what you rely on.

            """),
        ("schemas/agent.schema.json", DefinitionSchema.OfAgents(kinds)),
        ("schemas/team.schema.json", DefinitionSchema.OfTeams(kinds)),
        ("schemas/agentcore.schema.json", DefinitionSchema.Of("Settings of an AgentCore workspace", WorkspaceSettings.Fields)),
        ("schemas/approvals.schema.json", DefinitionSchema.Of("Rules that answer approvals", Approvals.ApprovalRules.Fields)),
        (".gitignore", "checkpoints/runs/\n"),
    ];
}
