namespace AgentCore.Text;

/// <summary>One word of a query, stop words included: phrases such as "get rid of" contain them.</summary>
internal readonly record struct QueryWord(string Text, string Normal, string Term, bool IsStop, bool IsCompound)
{
    /// <summary>Takes a query's words in order.</summary>
    public static List<QueryWord> Scan(string text)
    {
        var words = new List<QueryWord>();
        var scanner = new WordScanner(text);
        Span<char> buffer = stackalloc char[64];
        while (scanner.Next())
        {
            var length = scanner.WriteNormal(buffer);
            if (length == 0) continue;
            var normal = buffer[..length];
            words.Add(new QueryWord(text.Substring(scanner.Start, scanner.Length), normal.ToString(), Tokenizer.Term(normal), StopWords.Contains(normal), scanner.IsCompound));
        }
        return words;
    }
}
