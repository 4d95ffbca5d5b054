using System.Text;

namespace Leaderboard.Api.Tests.Requests;

/// <summary>A request that a generator has made, and what it was made from.</summary>
internal sealed class GeneratedRequest(Operation operation, int number)
{
    public Operation Operation => operation;

    public string Method { get; set; } = operation.Method;

    /// <summary>The method that the server goes by: tus, for clients that cannot send all of them, has another in a header.</summary>
    public string AskedMethod => Target.StartsWith("/api/v1/uploads", StringComparison.Ordinal)
        ? Headers.Find(header => header.Name == "X-HTTP-Method-Override").Value ?? Method
        : Method;

    /// <summary>Path and query, escaped.</summary>
    public string Target { get; set; } = operation.Path;

    public List<(string Name, string Value)> Headers { get; } = [];

    public string? MediaType { get; set; }

    public byte[]? Body { get; set; }

    /// <summary>What was done to it.</summary>
    public List<string> Changes { get; } = [];

    public HttpRequestMessage ToMessage(Uri server)
    {
        // As it stands: the client would tidy dots and escapes away.
        var address = new Uri(
            server.GetLeftPart(UriPartial.Authority) + Target,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
        var message = new HttpRequestMessage(new HttpMethod(Method), address);
        foreach (var (name, value) in Headers.Where(header => header.Name != "Content-Encoding"))
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }
        if (Body is not null)
        {
            message.Content = new ByteArrayContent(Body);
            if (MediaType is not null)
            {
                message.Content.Headers.TryAddWithoutValidation("Content-Type", MediaType);
            }
            foreach (var (name, value) in Headers.Where(header => header.Name == "Content-Encoding"))
            {
                message.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }
        return message;
    }

    public override string ToString()
    {
        var headers = string.Join("; ", Headers.Select(header => $"{header.Name}: {header.Value}"));
        var body = Body is null ? "" : Encoding.UTF8.GetString(Body.AsSpan(0, Math.Min(Body.Length, 600)));
        return $"#{number} {operation.Id} [{string.Join(", ", Changes)}]\n  {Method} {Target}\n  {headers}; "
            + $"Content-Type: {MediaType}\n  {body}";
    }
}
