using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Leaderboard.Evaluator.Datasets;

/// <summary>
/// The paths of a dataset's samples in a file, one a line, in the order of evaluation. Only where each begins is held
/// in memory: of a million samples, eight megabytes.
/// </summary>
internal sealed class SampleList : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly SafeFileHandle file;
    private readonly long[] starts;

    private SampleList(SafeFileHandle file, long[] starts) => (this.file, this.starts) = (file, starts);

    public int Count => starts.Length - 1;

    /// <summary>The path of one sample, relative to the dataset's folder. Thread-safe.</summary>
    public string this[int index]
    {
        get
        {
            var path = new byte[starts[index + 1] - starts[index] - 1];
            var read = RandomAccess.Read(file, path, starts[index]);
            return Utf8.GetString(path.AsSpan(0, read));
        }
    }

    /// <summary>Writes a list; no path of a dataset holds a control character.</summary>
    public static void Write(string path, IEnumerable<string> samples)
    {
        using var file = new StreamWriter(path, append: false, Utf8) { NewLine = "\n" };
        foreach (var sample in samples)
        {
            file.WriteLine(sample);
        }
    }

    public static SampleList Open(string path)
    {
        var file = File.OpenHandle(path);
        var buffer = new byte[1 << 16];
        var starts = new List<long> { 0 };
        var position = 0L;
        while (RandomAccess.Read(file, buffer, position) is var read and > 0)
        {
            for (var i = 0; i < read; i++)
            {
                if (buffer[i] == '\n')
                {
                    starts.Add(position + i + 1);
                }
            }
            position += read;
        }
        return new SampleList(file, [.. starts]);
    }

    public void Dispose() => file.Dispose();
}
