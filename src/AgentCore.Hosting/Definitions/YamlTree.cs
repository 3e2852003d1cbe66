using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AgentCore.Hosting.Definitions;

/// <summary>A value of a YAML file, with its place in it.</summary>
internal abstract record YamlValue(int Line, int Column);

/// <summary>A scalar. A plain one (not in quotes, not a block) may be a number, a truth value or nothing.</summary>
internal sealed record YamlScalar(string Text, bool IsPlain, int Line, int Column) : YamlValue(Line, Column);

/// <summary>A list.</summary>
internal sealed record YamlList(IReadOnlyList<YamlValue> Items, int Line, int Column) : YamlValue(Line, Column);

/// <summary>A mapping.</summary>
internal sealed record YamlMap(IReadOnlyList<(YamlScalar Key, YamlValue Value)> Entries, int Line, int Column) : YamlValue(Line, Column);

/// <summary>Reads YAML into a tree of bounded depth and size. No anchors, so that a small file can't grow into a huge tree,
/// and no tags, so that nothing in it is made into an object.</summary>
internal sealed class YamlTree
{
    private const int MaxDepth = 24;
    private const int MaxCharacters = 1_000_000;

    private readonly string _file;
    private readonly List<DefinitionError> _errors;
    private readonly Parser _parser;

    private YamlTree(string file, string text, List<DefinitionError> errors)
    {
        _file = file;
        _errors = errors;
        _parser = new Parser(new StringReader(text));
    }

    /// <summary>Reads a file's text.</summary>
    /// <returns>The tree; null where there is an error, which is added, or where the file says nothing.</returns>
    public static YamlValue? Read(string file, string text, List<DefinitionError> errors)
    {
        if (text.Length > MaxCharacters)
        {
            errors.Add(new DefinitionError(file, 0, 0, "", $"it has {text.Length} characters; a definition has at most {MaxCharacters}."));
            return null;
        }

        try
        {
            return new YamlTree(file, text, errors).Document();
        }
        catch (YamlException e)
        {
            errors.Add(new DefinitionError(file, (int)e.Start.Line, (int)e.Start.Column, "", $"this is no YAML: {Reason(e)}"));
            return null;
        }
        catch (DepthException)
        {
            return null;
        }
    }

    private YamlValue? Document()
    {
        Next<StreamStart>();
        if (_parser.Accept<StreamEnd>(out _))
            return null;

        Next<DocumentStart>();
        var value = Value(0);
        Next<DocumentEnd>();
        if (!_parser.Accept<StreamEnd>(out _))
            Add(_parser.Current!, "a second document begins here; a definition file has one.");
        return value;
    }

    private YamlValue Value(int depth)
    {
        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            Add(alias, "aliases (*name) are not supported; write the value out.");
            return new YamlScalar("", false, (int)alias.Start.Line, (int)alias.Start.Column);
        }

        var start = _parser.Consume<NodeEvent>();
        var (line, column) = ((int)start.Start.Line, (int)start.Start.Column);
        if (depth > MaxDepth)
        {
            Add(start, $"this is nested more than {MaxDepth} deep.");
            throw new DepthException();
        }

        if (!start.Anchor.IsEmpty)
            Add(start, "anchors (&name) are not supported; write the value out where it is needed.");
        if (!start.Tag.IsEmpty && !start.Tag.IsNonSpecific)
            Add(start, $"tags ({start.Tag}) are not supported; take it out.");

        switch (start)
        {
            case SequenceStart:
                var items = new List<YamlValue>();
                while (!_parser.TryConsume<SequenceEnd>(out _))
                    items.Add(Value(depth + 1));
                return new YamlList(items, line, column);
            case MappingStart:
                return Map(depth, line, column);
            default:
                var scalar = (Scalar)start;
                return new YamlScalar(scalar.Value, scalar.Style == ScalarStyle.Plain, line, column);
        }
    }

    private YamlMap Map(int depth, int line, int column)
    {
        var entries = new List<(YamlScalar, YamlValue)>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var at = _parser.Current!;
            if (Value(depth + 1) is not YamlScalar key)
            {
                Add(at, "a field's name must be a text.");
                Value(depth + 1);
                continue;
            }

            var value = Value(depth + 1);
            if (names.Add(key.Text))
                entries.Add((key, value));
            else
                _errors.Add(new DefinitionError(_file, key.Line, key.Column, key.Text, "this field is there twice; keep one."));
        }

        return new YamlMap(entries, line, column);
    }

    private void Next<T>() where T : ParsingEvent => _parser.Consume<T>();

    private void Add(ParsingEvent at, string message) =>
        _errors.Add(new DefinitionError(_file, (int)at.Start.Line, (int)at.Start.Column, "", message));

    // YamlDotNet's message may begin with the place, which the error has already.
    private static string Reason(YamlException e)
    {
        var message = e.InnerException?.Message ?? e.Message;
        var colon = message.StartsWith('(') ? message.IndexOf("): ", StringComparison.Ordinal) : -1;
        return colon < 0 ? message : message[(colon + 3)..];
    }

    private sealed class DepthException : Exception;
}
