using System.Text.Json;
using Microsoft.Extensions.AI;

namespace AgentCore.Providers.OpenAI;

/// <summary>Writes what a user or system message holds: text, pictures, sound and files.</summary>
internal static class ContentWriter
{
    public static void Write(Utf8JsonWriter json, List<AIContent> contents)
    {
        var parts = contents.Where(content => !IsDescription(content)).ToList();
        // A plain string is what every server reads; some know no list of parts.
        if (parts is [] or [TextContent])
        {
            json.WriteString("content", parts is [TextContent only] ? only.Text : "");
            return;
        }

        json.WriteStartArray("content");
        foreach (var part in parts)
            WritePart(json, part);
        json.WriteEndArray();
    }

    /// <summary>Whether it describes an answer and is no part of what is said: a content of no kind is a provider's raw part.</summary>
    public static bool IsDescription(AIContent content) =>
        content is TextReasoningContent or UsageContent or ErrorContent || content.GetType() == typeof(AIContent);

    private static void WritePart(Utf8JsonWriter json, AIContent content)
    {
        json.WriteStartObject();
        switch (content)
        {
            case TextContent text:
                json.WriteString("type", "text");
                json.WriteString("text", text.Text);
                break;
            case UriContent uri when uri.HasTopLevelMediaType("image") && uri.Uri.Scheme is "http" or "https":
                WriteImage(json, uri.Uri.AbsoluteUri, content);
                break;
            case DataContent data when data.HasTopLevelMediaType("image"):
                WriteImage(json, data.Uri, content);
                break;
            case DataContent data when AudioFormat(data.MediaType) is { } format:
                json.WriteString("type", "input_audio");
                json.WriteStartObject("input_audio");
                json.WriteBase64String("data", data.Data.Span);
                json.WriteString("format", format);
                json.WriteEndObject();
                break;
            case DataContent { MediaType: "application/pdf" } data:
                json.WriteString("type", "file");
                json.WriteStartObject("file");
                json.WriteString("filename", data.Name ?? "document.pdf");
                json.WriteString("file_data", data.Uri);
                json.WriteEndObject();
                break;
            case HostedFileContent file:
                json.WriteString("type", "file");
                json.WriteStartObject("file");
                json.WriteString("file_id", file.FileId);
                json.WriteEndObject();
                break;
            default:
                throw Unsupported(content);
        }

        json.WriteEndObject();
    }

    private static void WriteImage(Utf8JsonWriter json, string url, AIContent content)
    {
        json.WriteString("type", "image_url");
        json.WriteStartObject("image_url");
        json.WriteString("url", url);
        if (content.AdditionalProperties?.TryGetValue("detail", out var detail) == true && detail?.ToString() is { Length: > 0 } level)
            json.WriteString("detail", level);
        json.WriteEndObject();
    }

    private static string? AudioFormat(string mediaType) => mediaType switch
    {
        "audio/mpeg" or "audio/mp3" => "mp3",
        "audio/wav" or "audio/x-wav" or "audio/wave" => "wav",
        _ => null,
    };

    /// <summary>That a message holds what the endpoint has no place for.</summary>
    public static ArgumentException Unsupported(AIContent content)
    {
        var what = content switch
        {
            DataContent data => $"data of type {data.MediaType}",
            UriContent uri => $"a link to {uri.MediaType} with the scheme '{uri.Uri.Scheme}'",
            _ => content.GetType().Name,
        };
        return new ArgumentException($"A message holds {what}, which the chat completions endpoint can't take there. It takes text, images (data, http or https), "
            + "audio (wav, mp3) and PDF data from a user, and text and calls from an assistant; convert it, or leave it out.");
    }
}
