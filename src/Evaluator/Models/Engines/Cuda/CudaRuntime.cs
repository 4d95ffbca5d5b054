using System.Runtime.InteropServices;

namespace Leaderboard.Evaluator.Models.Engines.Cuda;

/// <summary>
/// What TorchSharp lacks of the CUDA runtime: streams, events, page-locked memory. Calls go to the copy of the library
/// that libtorch has loaded; another would not know its device memory. Signatures and constants are those of
/// <c>cuda_runtime_api.h</c>, the same in CUDA 12 and 13.
/// </summary>
internal static partial class CudaRuntime
{
    /// <summary>The stream on which libtorch computes.</summary>
    public const nint DefaultStream = 0;

    private const string Library = "cudart";
    private const int HostToDevice = 1;
    private const uint NonBlocking = 1;     // of a stream: it does not wait for the default one
    private const uint BlockingSync = 1;    // of an event: who waits for it sleeps, and leaves the core to decoding
    private const uint DisableTiming = 2;

    static CudaRuntime() => NativeLibrary.SetDllImportResolver(
        typeof(CudaRuntime).Assembly,
        (name, _, _) => name != Library ? 0 : NativeLibrary.Load(
            FileIn(File.ReadLines("/proc/self/maps"))
            ?? throw new DllNotFoundException("libtorch has loaded no CUDA runtime (libcudart).")));

    public static void UseDevice(int index) => Check(cudaSetDevice(index));

    /// <summary>A stream beside the default one.</summary>
    public static nint NewStream()
    {
        Check(cudaStreamCreateWithFlags(out var stream, NonBlocking));
        return stream;
    }

    public static nint NewEvent()
    {
        Check(cudaEventCreateWithFlags(out var @event, BlockingSync | DisableTiming));
        return @event;
    }

    /// <summary>The event happens when all that the stream has to do by now is done.</summary>
    public static void Record(nint @event, nint stream) => Check(cudaEventRecord(@event, stream));

    /// <summary>What the stream is given to do from now on waits for the event; the caller does not.</summary>
    public static void Follow(nint stream, nint @event) => Check(cudaStreamWaitEvent(stream, @event, 0));

    /// <summary>Waits for the event.</summary>
    public static void Await(nint @event) => Check(cudaEventSynchronize(@event));

    /// <summary>Waits for all that the stream has to do.</summary>
    public static void AwaitStream(nint stream) => Check(cudaStreamSynchronize(stream));

    /// <summary>Locks pages of this process, so that the GPU reads them by itself while the caller goes on.</summary>
    public static void LockPages(nint address, long length) => Check(cudaHostRegister(address, (nuint)length, 0));

    /// <summary>Has the stream copy bytes from locked pages to the device.</summary>
    public static void CopyToDevice(nint target, nint source, long length, nint stream) =>
        Check(cudaMemcpyAsync(target, source, (nuint)length, HostToDevice, stream));

    // What is given back is not checked. An error of work under way comes again from every call that follows, and
    // thrown by Dispose, it would hide the exception that tells what went wrong.

    /// <summary>Waits for all that the stream has to do, or for its end by an error.</summary>
    public static void Settle(nint stream) => _ = cudaStreamSynchronize(stream);

    public static void UnlockPages(nint address) => _ = cudaHostUnregister(address);

    public static void DestroyStream(nint stream) => _ = cudaStreamDestroy(stream);

    public static void DestroyEvent(nint @event) => _ = cudaEventDestroy(@event);

    /// <summary>The CUDA runtime among the files that a process has mapped: <c>libcudart.so.12</c>, <c>libcudart-9335f6a2.so.12</c>.</summary>
    /// <param name="maps">Lines of <c>/proc/self/maps</c>.</param>
    public static string? FileIn(IEnumerable<string> maps) => maps
        .Select(line => line.IndexOf('/', StringComparison.Ordinal) is >= 0 and var start ? line[start..] : "")
        .FirstOrDefault(path => Path.GetFileName(path) is var name
            && name.StartsWith("libcudart", StringComparison.Ordinal) && name.Contains(".so", StringComparison.Ordinal));

    private static void Check(int error)
    {
        if (error != 0)
        {
            throw new InvalidOperationException($"CUDA: {Marshal.PtrToStringUTF8(cudaGetErrorString(error))} ({error})");
        }
    }

    [LibraryImport(Library)]
    private static partial int cudaSetDevice(int device);

    [LibraryImport(Library)]
    private static partial int cudaStreamCreateWithFlags(out nint stream, uint flags);

    [LibraryImport(Library)]
    private static partial int cudaStreamSynchronize(nint stream);

    [LibraryImport(Library)]
    private static partial int cudaStreamDestroy(nint stream);

    [LibraryImport(Library)]
    private static partial int cudaStreamWaitEvent(nint stream, nint @event, uint flags);

    [LibraryImport(Library)]
    private static partial int cudaEventCreateWithFlags(out nint @event, uint flags);

    [LibraryImport(Library)]
    private static partial int cudaEventRecord(nint @event, nint stream);

    [LibraryImport(Library)]
    private static partial int cudaEventSynchronize(nint @event);

    [LibraryImport(Library)]
    private static partial int cudaEventDestroy(nint @event);

    [LibraryImport(Library)]
    private static partial int cudaHostRegister(nint address, nuint length, uint flags);

    [LibraryImport(Library)]
    private static partial int cudaHostUnregister(nint address);

    [LibraryImport(Library)]
    private static partial int cudaMemcpyAsync(nint target, nint source, nuint length, int kind, nint stream);

    [LibraryImport(Library)]
    private static partial nint cudaGetErrorString(int error);
}
