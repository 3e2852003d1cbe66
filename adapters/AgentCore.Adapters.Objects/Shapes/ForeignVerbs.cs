namespace AgentCore.Adapters.Objects.Shapes;

/// <summary>Verbs of other languages that code is written in, as the English ones that the tables know; without their accents.</summary>
internal static class ForeignVerbs
{
    private const string Accented = "áàâãäéèêëíìîïóòôõöúùûüçñ";
    private const string Bare = "aaaaaeeeeiiiiooooouuuucn";

    // Spanish, Portuguese, French, German, Italian.
    private static readonly string[] Table =
    [
        "execute: ejecutar executar executer ausfuehren ausfuhren eseguire",
        "process: procesar processar traiter verarbeiten bearbeiten elaborare",
        "handle: atender manejar",
        "respond: responder repondre rispondere",
        "answer: contestar antworten beantworten",
        "ask: preguntar perguntar demander fragen chiedere",
        "query: consultar",
        "converse: conversar",
        "chat: chatear",
        "generate: generar gerar generer erzeugen generare",
        "send: enviar envoyer senden inviare",
        "act: actuar agir handeln",
        "perform: realizar",
        "analyze: analizar analisar analyser analysieren analizzare",
        "plan: planificar planejar planifier planen pianificare",
        "search: buscar chercher rechercher suchen cercare",
        "research: investigar pesquisar",
        "summarize: resumir resumer zusammenfassen riassumere",
        "translate: traducir traduzir traduire uebersetzen ubersetzen tradurre",
        "classify: clasificar classificar",
        "evaluate: evaluar avaliar evaluer bewerten valutare",
        "decide: decidir decider entscheiden",
        "choose: elegir escolher choisir scegliere",
        "play: jugar jogar jouer spielen giocare",
        "improve: mejorar melhorar",
        "review: revisar",
        "draft: redactar",
        "write: escribir escrever",
        "calculate: calcular calculer berechnen",
        "extract: extraer extrair",
        "recommend: recomendar",
        "move: ziehen",
    ];

    private static readonly Dictionary<string, string> English = Table.Select(line => line.Split(": "))
        .SelectMany(line => line[1].Split(' ').Select(word => (Word: word, Verb: line[0])))
        .ToDictionary(pair => pair.Word, pair => pair.Verb, StringComparer.Ordinal);

    /// <summary>The English verb; the word itself where it is none of these.</summary>
    public static string InEnglish(string word) => English.GetValueOrDefault(word) ?? (word.All(char.IsAscii) ? word : English.GetValueOrDefault(Plain(word)) ?? word);

    // Without the tables of the globalisation data, which a machine may lack.
    private static string Plain(string word) => string.Concat(word.Select(c => Accented.IndexOf(c, StringComparison.Ordinal) is >= 0 and var at ? Bare[at] : c));
}
