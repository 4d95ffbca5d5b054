using System.Net.Sockets;
using System.Text;

namespace Leaderboard.Api.Tests;

/// <summary>A connection that sends what no well-behaved client would, or stops half-way.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly TcpClient socket;
    private readonly NetworkStream stream;

    public RawConnection(Uri address)
    {
        socket = new TcpClient(address.Host, address.Port) { NoDelay = true };
        stream = socket.GetStream();
        stream.ReadTimeout = 20_000;
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async Task SendAsync(byte[] bytes) => await stream.WriteAsync(bytes, Token);

    /// <summary>Sends a request's head of these lines.</summary>
    public Task SendHeadAsync(params string[] lines) => SendAsync(Encoding.ASCII.GetBytes(
        string.Concat(lines.Where(line => line.Length > 0).Select(line => line + "\r\n")) + "\r\n"));

    /// <summary>The next answer's head, up to the empty line.</summary>
    public async Task<string> ReadHeadAsync()
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            Assert.True(await stream.ReadAsync(one, Token) == 1, $"The server closed after '{head}'.");
            head.Append((char)one[0]);
        }
        return head.ToString();
    }

    /// <summary>The body of an answer that has no Content-Length.</summary>
    public async Task<string> ReadChunkedAsync()
    {
        var body = new StringBuilder();
        var one = new byte[1];
        while (!body.ToString().EndsWith("0\r\n\r\n", StringComparison.Ordinal))
        {
            Assert.Equal(1, await stream.ReadAsync(one, Token));
            body.Append((char)one[0]);
        }
        return body.ToString();
    }

    /// <summary>Breaks the connection, as a crash or a lost network does.</summary>
    public void Break() => socket.Client.Close(0);

    public void Dispose() => socket.Dispose();
}
