using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Leaderboard.Api.Tests.Webhooks;

/// <summary>A server that webhooks are delivered to; it answers as a test wants it to.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Channel<Message> messages = Channel.CreateUnbounded<Message>();

    private WebhookReceiver(WebApplication app) => this.app = app;

    /// <summary>Answers the nth message, from 1; 204 by default.</summary>
    public Func<int, HttpContext, Task> Answer { get; set; } = With(204);

    public string Url => $"{app.Urls.Single()}/hook";

    /// <summary>Answers every message with a status.</summary>
    public static Func<int, HttpContext, Task> With(int status) => (_, http) =>
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    };

    public static async Task<WebhookReceiver> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var receiver = new WebhookReceiver(builder.Build());
        var count = 0;
        receiver.app.MapFallback(async (HttpContext http) =>
        {
            using var reader = new StreamReader(http.Request.Body);
            var headers = http.Request.Headers;
            var message = new Message(
                http.Request.Path, headers["webhook-id"].ToString(), headers["webhook-timestamp"].ToString(),
                headers["webhook-signature"].ToString(), headers.ContentType.ToString(), await reader.ReadToEndAsync());
            await receiver.messages.Writer.WriteAsync(message);
            await receiver.Answer(Interlocked.Increment(ref count), http);
        });
        await receiver.app.StartAsync();
        return receiver;
    }

    public ValueTask<Message> NextAsync() => messages.Reader.ReadAsync(TestContext.Current.CancellationToken);

    /// <summary>Messages that nobody has asked for.</summary>
    public int Waiting => messages.Reader.Count;

    public ValueTask DisposeAsync() => app.DisposeAsync();

    /// <summary>A message as it came.</summary>
    public sealed record Message(string Path, string Id, string Timestamp, string Signature, string ContentType, string Body)
    {
        /// <summary>Checks the signature as a receiver must.</summary>
        public bool IsSignedWith(string secret)
        {
            var key = Convert.FromBase64String(secret["whsec_".Length..]);
            var expected = HMACSHA256.HashData(key, Encoding.UTF8.GetBytes($"{Id}.{Timestamp}.{Body}"));
            return Signature == "v1," + Convert.ToBase64String(expected);
        }
    }
}
