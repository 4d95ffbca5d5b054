using Leaderboard.Api.Hosting;

namespace Leaderboard.Api.Uploads;

/// <summary>
/// That a request has an <c>Upload-Checksum</c>, as a header or, where <c>Trailer</c> announces it, behind the body.
/// </summary>
internal sealed class AnnouncedChecksum
{
    private readonly UploadChecksum? known;

    private AnnouncedChecksum(UploadChecksum? known) => this.known = known;

    /// <summary>Null where bytes are taken as they come.</summary>
    public static AnnouncedChecksum? Of(HttpRequest request)
    {
        if (UploadChecksum.Of(request.Headers[UploadChecksum.Field].ToString()) is { } header)
        {
            return new AnnouncedChecksum(header);
        }
        var isTrailer = request.Headers.Trailer.Any(
            field => field?.Contains(UploadChecksum.Field, StringComparison.OrdinalIgnoreCase) == true);
        return isTrailer ? new AnnouncedChecksum(null) : null;
    }

    /// <summary>Refuses bytes behind an offset that are not the announced ones, once the body was read.</summary>
    public async Task CheckAsync(HttpRequest request, FileStream file, long offset)
    {
        var trailer = request.CheckTrailersAvailable() ? request.GetTrailer(UploadChecksum.Field).ToString() : "";
        var checksum = known ?? UploadChecksum.Of(trailer)
            ?? throw Problems.RequestMalformed.Because($"The announced trailer '{UploadChecksum.Field}' did not come.");
        if (!await checksum.IsOfAsync(file, offset, CancellationToken.None))
        {
            throw Problems.ChecksumMismatch.Because($"Nothing of it was kept. Send it again from {offset} on.");
        }
    }
}
