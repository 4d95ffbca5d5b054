using System.Net;
using System.Net.Http.Headers;

namespace Leaderboard.Api.Tests.Uploads;

/// <summary>Bytes of an upload whose number is not told beforehand.</summary>
internal sealed class PushedContent : HttpContent
{
    private readonly byte[] bytes;

    public PushedContent(byte[] bytes)
    {
        this.bytes = bytes;
        Headers.ContentType = new MediaTypeHeaderValue("application/offset+octet-stream");
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        stream.WriteAsync(bytes).AsTask();

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
