using System.Net;
using System.Net.Http.Headers;
using Spectre.Console;

namespace Leaderboard.Cli;

/// <summary>A file as the body of a request, read from disk as it is sent.</summary>
internal sealed class UploadProgress : HttpContent
{
    private const int BufferBytes = 1 << 20;

    private readonly FileStream file;
    private readonly Action<long> sent;

    private UploadProgress(FileStream file, Action<long> sent)
    {
        this.file = file;
        this.sent = sent;
        Headers.ContentType = new MediaTypeHeaderValue("application/octet-stream");
    }

    /// <summary>Shows a bar while <paramref name="sendAsync"/> sends the file; without a terminal, one line.</summary>
    public static async Task<T> ShowAsync<T>(FileStream file, Func<HttpContent, Task<T>> sendAsync)
    {
        var title = $"{Path.GetFileName(file.Name)} ({Format.Bytes(file.Length)})";
        if (!AnsiConsole.Profile.Out.IsTerminal)
        {
            Console.WriteLine($"uploading {title}");
            return await sendAsync(new UploadProgress(file, _ => { }));
        }

        return await AnsiConsole.Progress()
            .Columns(
                new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new TransferSpeedColumn())
            .StartAsync(context =>
            {
                var bar = context.AddTask(Markup.Escape(title), maxValue: file.Length);
                return sendAsync(new UploadProgress(file, bytes => bar.Value = bytes));
            });
    }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        var buffer = new byte[BufferBytes];
        file.Position = 0;
        for (int read; (read = await file.ReadAsync(buffer)) > 0;)
        {
            await stream.WriteAsync(buffer.AsMemory(0, read));
            sent(file.Position);
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = file.Length;
        return true;
    }
}
