using System.Text;
using AgentCore.Adapters.Objects.Migration;

namespace AgentCore.Runner.Output;

/// <summary>Writes text of others, without what a terminal would obey.</summary>
internal sealed class PlainWriter(TextWriter writer) : TextWriter
{
    public override Encoding Encoding => writer.Encoding;

    public override string NewLine => writer.NewLine;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(buffer.ToString());

    public override void Write(string? value) => writer.Write(value is null ? null : PlainText.Of(value));

    public override void WriteLine(string? value) => Write(value + NewLine);

    public override void Flush() => writer.Flush();
}
