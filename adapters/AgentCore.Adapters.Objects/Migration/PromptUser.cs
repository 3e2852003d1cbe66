using System.Reflection;
using System.Reflection.Emit;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;
using AgentCore.Adapters.Objects.Shapes;

namespace AgentCore.Adapters.Objects.Migration;

/// <summary>
/// Classes without an agent's name whose code tells a model who it is ("You are an expert planner …") and that are asked something: whichever client they
/// speak through. Reads the texts from the assembly's bytes; nothing is loaded or run.
/// </summary>
internal static partial class PromptUser
{
    public const string FoundBy = "its code tells a model who it is (\"You are …\"), and it is asked";

    private const int ShortestPrompt = 40;

    // Who it is stands there; what follows may be as long as a book.
    private const int Beginning = 400;

    // They hold a prompt for others, or are a part of what asks.
    private static readonly string[] Carriers =
    [
        .. AgentTypeFinder.Others.Except(["Service", "Handler", "Manager", "Session", "Thread", "Module"]),
        "Prompt", "Prompts", "Template", "Templates", "Composer", "Catalog", "Command", "Sample", "Samples", "Seeder", "Data", "Gate", "Check", "Selector",
    ];

    /// <summary>The full names of the classes whose code holds such a text.</summary>
    /// <param name="assembly">The assembly.</param>
    /// <param name="speaksOfModels">Whether it names any model.</param>
    public static IReadOnlySet<string> In(Assembly assembly, bool speaksOfModels)
    {
        var holders = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            using var image = new PEReader(File.OpenRead(assembly.Location));
            var metadata = image.GetMetadataReader();
            if (!speaksOfModels && !Reaches(assembly))
                return holders;
            var prompts = Prompts(metadata);
            if (prompts.Count == 0)
                return holders;
            foreach (var body in image.Bodies(metadata))
            {
                if (Instructions.Of(body.Code).Any(i => i.Code == OpCodes.Ldstr && prompts.Contains(i.Token)))
                    holders.Add(metadata.NameOf(metadata.Author(body.Type)));
            }
        }
        catch (Exception e) when (e is BadImageFormatException or InvalidOperationException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            // No file, or a damaged one: what has been found is true.
        }

        return holders;
    }

    public static bool MayBe(Type type, string name) =>
        !type.IsNested && !ModelUser.Is(type) && !Array.Exists(Carriers, carrier => name.EndsWith(carrier, StringComparison.Ordinal)) && (!name.EndsWith("Client", StringComparison.Ordinal) || ModelUser.Talks(Verbs.Words(name)));

    /// <summary>It can reach a model without naming one: by one of the field's libraries, or over HTTP.</summary>
    private static bool Reaches(Assembly assembly) =>
        assembly.GetReferencedAssemblies().Any(a => ModelMakers.IsOf(a.Name) || a.Name is "System.Net.Http" or "RestSharp" or "Refit" or "Flurl.Http");

    /// <summary>The tokens of the texts that are prompts.</summary>
    private static HashSet<int> Prompts(MetadataReader metadata)
    {
        var prompts = new HashSet<int>();
        for (var handle = MetadataTokens.UserStringHandle(1); !handle.IsNil; handle = metadata.GetNextHandle(handle))
        {
            if (IsPrompt(metadata.GetUserString(handle)))
                prompts.Add(MetadataTokens.GetToken(handle));
        }

        return prompts;
    }

    /// <summary>"You are a helpful planner …", and the beginning of one that goes on with a name.</summary>
    private static bool IsPrompt(string text) => text.Length >= ShortestPrompt ? Role().IsMatch(text.AsSpan(0, Math.Min(text.Length, Beginning))) : text.AsSpan().Trim() is "You are";

    [GeneratedRegex(
        @"\A\W*(?:(?i:system|role|instructions?|context|identity)\W+)?(?:(?:[Yy]ou are|You're) (?:an? |the |my |our |helping |playing |[A-Z](?![A-Z]))|Act as "
        + @"|(?:Eres|Sei|Tu es|Vous êtes|Du bist|Sie sind|Você é) (?:une? |una |uno |um |uma |eine? |el |le |la |il |der |die |o |a |l'|[A-Z](?![A-Z]))"
        + @"|(?:Ты|Вы) (?:[—–-]|(?:\w+ )?(?:помощник|ассистент|эксперт|бот))|Je bent een |Du är en |Sen bir |Jesteś \w+(?:em|ym|im|ą)\b"
        + @"|あなたは[^。]{0,40}(?:アシスタント|エージェント|専門家|プロ|AI)|당신은.{0,40}(?:AI|전문가|어시스턴트|비서|입니다)|(?:你|您)是(?![否不]))",
        RegexOptions.CultureInvariant, 1000)]
    private static partial Regex Role();
}
