using System.Collections.Concurrent;
using System.Net;
using System.Text;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>Takes what programs send by OTLP over HTTP, as a collector of OpenTelemetry does.</summary>
internal sealed class Collector : IDisposable
{
    private readonly HttpListener listener = new();
    private readonly ConcurrentDictionary<string, ConcurrentQueue<string>> received = new();

    public Collector(int port)
    {
        Address = $"http://127.0.0.1:{port}";
        listener.Prefixes.Add($"{Address}/");
        listener.Start();
        _ = Task.Run(TakeAsync);
    }

    public string Address { get; }

    /// <summary>The settings of a program that sends here, soon after each thing happens.</summary>
    public Dictionary<string, string> Settings => new()
    {
        ["OTEL_EXPORTER_OTLP_ENDPOINT"] = Address,
        ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
        ["OTEL_METRIC_EXPORT_INTERVAL"] = "500",
        ["OTEL_BSP_SCHEDULE_DELAY"] = "200",
        ["OTEL_BLRP_SCHEDULE_DELAY"] = "200",
    };

    /// <summary>Whether these texts, which protobuf writes as they are, came in one message of a signal.</summary>
    public bool Has(string signal, params string[] texts) =>
        received.GetValueOrDefault($"/v1/{signal}")?.Any(message => texts.All(text => message.Contains(text, StringComparison.Ordinal))) == true;

    public void Dispose() => listener.Close();

    private async Task TakeAsync()
    {
        while (listener.IsListening)
        {
            try
            {
                var context = await listener.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                received.GetOrAdd(context.Request.Url!.AbsolutePath, _ => new()).Enqueue(Encoding.Latin1.GetString(body.ToArray()));
                context.Response.ContentType = "application/x-protobuf";
                context.Response.Close();
            }
            catch (Exception closed) when (closed is HttpListenerException or ObjectDisposedException)
            {
                return;
            }
        }
    }
}
