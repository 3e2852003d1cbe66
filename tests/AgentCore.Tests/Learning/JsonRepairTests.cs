using System.Text.Json;
using System.Text.RegularExpressions;
using AgentCore.Learning.BuiltIn;
using FsCheck;
using FsCheck.Fluent;

namespace AgentCore.Tests.Learning;

public sealed partial class JsonRepairTests
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    // Replies that speak of code, sources and places to fill in.
    private static readonly string[] Prose =
    [
        "As shown in [1], ", "use `a[0]` here. ", "```csharp\nvar x = a[0];\n```\n", "```\n{ return a ? b : c; }\n```\n", "Write {name}. ",
        "[x] is done: the \"report\" is ready. ", "see [the manual](http://x.y/z) ", "It's \"quoted\": {so} ", "p { color: red; } ", "\n- [ ] buy 'milk' ",
    ];

    private static readonly string[] Tokens =
        ["{", "}", "[", "]", ",", ":", "\n", " ", "1", "True", "name", "two words", "'", "\"", "it's", "\"s1\"", "\"s 2\"", "'s3'", "\"n\": ", "// c\n", "/* c */", "```", "```json\n", "\ud83d"];

    [Theory]
    [InlineData("Here:\n```json\n{\"a\": 1}\n```\nDone.", """{"a":1}""")]
    [InlineData("Here: ```{'a': 1}```", """{"a":1}""")]
    [InlineData("```JSON\n{\"a\": [1,", """{"a":[1]}""")]
    [InlineData("Reply: {\"a\": 1,}", """{"a":1}""")]
    [InlineData("{'a': 'it', \"b\": [1, 2,],}", """{"a":"it","b":[1,2]}""")]
    [InlineData("{a: True, b: None, c: 1.5, d: .5, e: +2}", """{"a":true,"b":null,"c":1.5,"d":0.5,"e":2}""")]
    [InlineData("{\"a\": {\"b\": [1, 2", """{"a":{"b":[1,2]}}""")]
    [InlineData("{\"a\": \"cut of", """{"a":"cut of"}""")]
    [InlineData("{\"a\": 1 \"b\": 2}", """{"a":1,"b":2}""")]
    [InlineData("{\"a\": 1}}", """{"a":1}""")]
    [InlineData("{\"a\": 1 // why\n, \"b\": /* no */ 2}", """{"a":1,"b":2}""")]
    [InlineData("// as asked\n{\"a\": 1,}", """{"a":1}""")]
    [InlineData("{\"zip\": 01234, \"day\": 2030-01-01}", """{"zip":"01234","day":"2030-01-01"}""")]
    [InlineData("{\"a\": \"```csharp\nx\n```\",}", """{"a":"```csharp\nx\n```"}""")]
    [InlineData("{\"a\": \"line\nbreak \\\"q\\\" \\u00e9\"}", """{"a":"line\nbreak \"q\" é"}""")]
    public void Apply_UsualSlips_Mended(string text, string expected) =>
        Assert.True(JsonElement.DeepEquals(Parse(expected), Parse(JsonRepair.Apply(text))), JsonRepair.Apply(text));

    [Theory]
    [InlineData("no JSON at all")]
    [InlineData("Bern is the seat of government [1], see also [2].")]
    [InlineData("Write {name} where the name goes.")]
    [InlineData("As shown in [1], use this:\n```csharp\nvar x = a[0];\n```\nDone.")]
    [InlineData("[x] is done: the \"report\" is ready and everything is ok")]
    [InlineData("```json\n{\"a\":1}\n```\nand also\n```json\n{\"b\":2}\n```")]
    [InlineData("{\"a\": 1} {\"b\": 2}")]
    [InlineData("```\nvar x = a[0];\n```")]
    [InlineData("Yes: [see the \"manual\"]")]
    [InlineData("[[wiki]]")]
    [InlineData("{ color: red; }")]
    [InlineData("{ return a ? b : c; }")]
    [InlineData("[\"He said \"hi\" to me\"]")]
    [InlineData("{\"text\": \"say \"a\": b\"}")]
    [InlineData("{'a': 'it's'}")]
    [InlineData("{\"url\": http://x.y/z}")]
    [InlineData("""{"a":[1,2,{"b":null}]}""")]
    [InlineData("")]
    [InlineData(" \n")]
    public void Apply_NothingToMend_AsItIs(string text) => Assert.Equal(text, JsonRepair.Apply(text));

    [Fact]
    public void Apply_HalfASurrogatePair_NoError() => Assert.Equal("cut \ufffd", Parse(JsonRepair.Apply("{\"a\": \"cut \ud83d")).GetProperty("a").GetString());

    [Fact]
    public void Apply_NestedTooDeep_AsItIs()
    {
        var text = new string('[', 100_000);

        Assert.Equal(text, JsonRepair.Apply(text));
    }

    [Fact]
    public void Apply_AnyText_JsonOrAsItIs() => Prop.ForAll<string>(text =>
    {
        var input = "{" + text + "[";
        var mended = JsonRepair.Apply(input);
        return mended == input || Parse(mended).ValueKind is JsonValueKind.Object or JsonValueKind.Array;
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Apply_AnyProse_AsItIs() => Prop.ForAll(TextOf(Prose), text => JsonRepair.Apply("So: " + text + "Done.") == "So: " + text + "Done.")
        .Check(Config.QuickThrowOnFailure.WithMaxTest(1000));

    [Fact]
    public void Apply_AnyJson_AsItIs() => Prop.ForAll(Values(), value =>
    {
        var json = JsonSerializer.Serialize(value, Indented);
        return JsonRepair.Apply(json) == json;
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Apply_AnyJsonWithUsualSlips_TheSameValue() => Prop.ForAll(Values(), Gen.Choose(0, 5).ToArbitrary(), (value, slip) =>
    {
        var json = JsonSerializer.Serialize(new Dictionary<string, object?> { ["n"] = value });
        var broken = slip switch
        {
            0 => $"Here it is:\n```json\n{json}\n```\nAs you asked.",
            1 => $"{json[..^1]},}}",
            2 => json[..^1],
            3 => $"{{ // a comment\n{json[1..]}",
            4 => json.Replace("\"n\":", "n: ", StringComparison.Ordinal),
            _ => $"So: {json}",
        };
        return JsonElement.DeepEquals(Parse(json), Parse(JsonRepair.Apply(broken)));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    [Fact]
    public void Apply_AnyTokens_AsTheyAreOrJsonWithEveryString() => Prop.ForAll(TextOf(Tokens), Gen.Elements("{", "[", "{\"a\": [", "").ToArbitrary(), (text, begin) =>
    {
        var input = begin + text;
        var mended = JsonRepair.Apply(input);
        if (mended == input)
            return true;

        // What stands around a fence or before an object isn't meant.
        var meant = input.Trim()[0] is '{' or '[' or '/' ? input
            : input.Contains("```", StringComparison.Ordinal) ? input.Split("```")[1]
            : input[input.IndexOfAny(['{', '['])..];
        var kept = string.Concat(Strings(Parse(mended)));
        return Quoted().Matches(Comment().Replace(meant, "")).All(m => kept.Contains(m.Value[1..^1], StringComparison.Ordinal));
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2000));

    private static Arbitrary<string> TextOf(string[] parts) =>
        Gen.Elements(parts).ListOf().Select(string.Concat).ToArbitrary();

    private static Arbitrary<object?> Values() => Gen.Sized(Value).ToArbitrary();

    private static Gen<object?> Value(int size)
    {
        var leaf = Gen.OneOf(
            ArbMap.Default.GeneratorFor<string>().Select(s => (object?)(s ?? "")), Gen.Choose(-1000, 1000).Select(n => (object?)n),
            Gen.Elements<object?>(null, true, false, 1.5, "it's", "a, b: [c] {d}", "// no comment", "```", "say \"hi\""));
        return size < 2
            ? leaf
            : Gen.OneOf(
                leaf,
                Value(size / 4).ArrayOf().Select(v => (object?)v),
                Value(size / 4).ArrayOf().Select(v => (object?)v.Select((e, i) => (e, i)).ToDictionary(p => $"k{p.i}", p => p.e)));
    }

    private static IEnumerable<string> Strings(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(p => Strings(p.Value).Prepend(p.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Strings),
        JsonValueKind.String => [element.GetString()!],
        _ => [],
    };

    private static JsonElement Parse(string text) => JsonSerializer.Deserialize<JsonElement>(text);

    [GeneratedRegex("""["']s ?\d["']""")]
    private static partial Regex Quoted();

    [GeneratedRegex("""// c\n|/\* c \*/""")]
    private static partial Regex Comment();
}
