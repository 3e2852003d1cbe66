namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>Verbs of other languages that code is written in, as the English ones that the tables know; without their accents.</summary>
internal static class ForeignVerbs
{
    private const string Accented = "áàâãäéèêëíìîïóòôõöúùûüçñ";
    private const string Bare = "aaaaaeeeeiiiiooooouuuucn";

    private static readonly Dictionary<string, string> English = new(StringComparer.Ordinal)
    {
        // Spanish and Portuguese
        ["ejecutar"] = "execute", ["executar"] = "execute", ["procesar"] = "process", ["processar"] = "process", ["atender"] = "handle", ["manejar"] = "handle",
        ["responder"] = "respond", ["contestar"] = "answer", ["preguntar"] = "ask", ["perguntar"] = "ask", ["consultar"] = "query", ["conversar"] = "converse", ["chatear"] = "chat",
        ["generar"] = "generate", ["gerar"] = "generate", ["enviar"] = "send", ["actuar"] = "act", ["realizar"] = "perform",
        ["analizar"] = "analyze", ["analisar"] = "analyze", ["planificar"] = "plan", ["planejar"] = "plan", ["buscar"] = "search", ["investigar"] = "research", ["pesquisar"] = "research",
        ["resumir"] = "summarize", ["traducir"] = "translate", ["traduzir"] = "translate", ["clasificar"] = "classify", ["classificar"] = "classify", ["evaluar"] = "evaluate", ["avaliar"] = "evaluate",
        ["decidir"] = "decide", ["elegir"] = "choose", ["escolher"] = "choose", ["jugar"] = "play", ["jogar"] = "play", ["mejorar"] = "improve", ["melhorar"] = "improve", ["revisar"] = "review",
        ["redactar"] = "draft", ["escribir"] = "write", ["escrever"] = "write", ["calcular"] = "calculate", ["extraer"] = "extract", ["extrair"] = "extract", ["recomendar"] = "recommend",
        // French
        ["executer"] = "execute", ["traiter"] = "process", ["repondre"] = "respond", ["demander"] = "ask", ["generer"] = "generate", ["envoyer"] = "send", ["agir"] = "act",
        ["analyser"] = "analyze", ["planifier"] = "plan", ["chercher"] = "search", ["rechercher"] = "search", ["resumer"] = "summarize", ["traduire"] = "translate", ["choisir"] = "choose", ["jouer"] = "play",
        ["evaluer"] = "evaluate", ["decider"] = "decide", ["calculer"] = "calculate",
        // German
        ["ausfuehren"] = "execute", ["ausfuhren"] = "execute", ["verarbeiten"] = "process", ["bearbeiten"] = "process", ["antworten"] = "answer", ["beantworten"] = "answer", ["fragen"] = "ask",
        ["erzeugen"] = "generate", ["senden"] = "send", ["handeln"] = "act", ["analysieren"] = "analyze", ["planen"] = "plan", ["suchen"] = "search", ["zusammenfassen"] = "summarize",
        ["uebersetzen"] = "translate", ["ubersetzen"] = "translate", ["bewerten"] = "evaluate", ["entscheiden"] = "decide", ["spielen"] = "play", ["ziehen"] = "move", ["berechnen"] = "calculate",
        // Italian
        ["eseguire"] = "execute", ["elaborare"] = "process", ["rispondere"] = "respond", ["chiedere"] = "ask", ["generare"] = "generate", ["inviare"] = "send", ["analizzare"] = "analyze",
        ["pianificare"] = "plan", ["cercare"] = "search", ["riassumere"] = "summarize", ["tradurre"] = "translate", ["scegliere"] = "choose", ["giocare"] = "play", ["valutare"] = "evaluate",
    };

    /// <summary>The English verb; the word itself where it is none of these.</summary>
    public static string InEnglish(string word) => English.GetValueOrDefault(word) ?? (word.All(char.IsAscii) ? word : English.GetValueOrDefault(Plain(word)) ?? word);

    // Without the tables of the globalisation data, which a machine may lack.
    private static string Plain(string word) => string.Concat(word.Select(c => Accented.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at ? Bare[at] : c));
}
