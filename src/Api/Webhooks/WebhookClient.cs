using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Options;

namespace Leaderboard.Api.Webhooks;

/// <summary>How an attempt ended.</summary>
/// <param name="Status">What it was answered with; null where it was not answered.</param>
/// <param name="Error">Why it delivered nothing; null where it did.</param>
internal sealed record AttemptOutcome(int? Status, string? Error);

/// <summary>
/// Posts to addresses that users name. The address that is checked is the one that is connected to, whatever a name server
/// says the next time; redirects are not followed, proxies not asked, and of an answer only the status is read.
/// </summary>
internal sealed class WebhookClient : IDisposable
{
    private readonly HttpClient http;
    private readonly WebhookOptions options;
    private readonly TimeProvider time;

    public WebhookClient(IOptions<WebhookOptions> options, TimeProvider time)
    {
        (this.options, this.time) = (options.Value, time);
        http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ActivityHeadersPropagator = null,
            ConnectCallback = ConnectAsync,
            MaxResponseHeadersLength = 16,
            MaxResponseDrainSize = 0,
            PooledConnectionLifetime = TimeSpan.FromMinutes(1),
        })
        {
            Timeout = this.options.Timeout,
        };
        http.DefaultRequestHeaders.UserAgent.ParseAdd("Leaderboard-Webhooks/1");
    }

    public void Dispose() => http.Dispose();

    public async Task<AttemptOutcome> SendAsync(
        string url, byte[] secret, Guid id, string body, CancellationToken cancellationToken)
    {
        var timestamp = time.GetUtcNow().ToUnixTimeSeconds();
        using var request = new HttpRequestMessage(HttpMethod.Post, url)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
        request.Headers.Add("webhook-id", id.ToString());
        request.Headers.Add("webhook-timestamp", timestamp.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature", WebhookSecret.Sign(secret, id.ToString(), timestamp, body));
        try
        {
            using var response = await http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            var status = (int)response.StatusCode;
            return new AttemptOutcome(
                status,
                status switch
                {
                    >= 200 and < 300 => null,
                    >= 300 and < 400 => $"It was answered with {status}; redirects are not followed.",
                    _ => $"It was answered with {status}.",
                });
        }
        catch (HttpRequestException failure) when (failure.InnerException is AddressRefusedException refused)
        {
            return new AttemptOutcome(null, refused.Message);
        }
        catch (HttpRequestException failure)
        {
            return new AttemptOutcome(null, failure.Message);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new AttemptOutcome(null, $"There was no answer within {options.Timeout.TotalSeconds:0.#} s.");
        }
    }

    private async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        var addresses = await FindAddressesAsync(context.DnsEndPoint.Host, cancellationToken);
        if (!options.AllowPrivateAddresses)
        {
            addresses = [.. addresses.Where(PublicAddress.Is)];
        }
        if (addresses.Length == 0)
        {
            throw new AddressRefusedException($"{context.DnsEndPoint.Host} has no public address.");
        }
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(addresses, context.DnsEndPoint.Port, cancellationToken);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    // One text for both, or it would tell which names there are in the operator's own network.
    private static async Task<IPAddress[]> FindAddressesAsync(string host, CancellationToken cancellationToken)
    {
        try
        {
            return await Dns.GetHostAddressesAsync(host, cancellationToken);
        }
        catch (SocketException)
        {
            return [];
        }
    }

    private sealed class AddressRefusedException(string message) : Exception(message);
}
