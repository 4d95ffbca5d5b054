using System.Diagnostics;
using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>The first thing that a newcomer runs.</summary>
public sealed class DemoTests
{
    [Fact]
    public async Task It_goes_from_a_posted_checkpoint_to_ranked_boards_and_leaves_nothing_running()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        using var demo = Process.Start(new ProcessStartInfo(Path.Combine(Repository.Root, "scripts", "demo"))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        demo.StandardInput.Close();
        var errors = demo.StandardError.ReadToEndAsync(cancellationToken);
        var output = await demo.StandardOutput.ReadToEndAsync(cancellationToken);
        await demo.WaitForExitAsync(cancellationToken);

        Assert.True(demo.ExitCode == 0, $"{output}\n{await errors}");
        Assert.Matches(@"demo-webvision +top1_accuracy +84\.67 .* 254 +300", output);
        Assert.Matches(@"demo-omnibenchmark +top1_accuracy +64\.33 .* 193 +300", output);
        Assert.Matches(@"\n +1 +demo-resnet20 +84\.67", output);
        Assert.Matches(@"MoPro-V2 +36\.1 +reported +yes +arxiv:2009\.07995", output);
        Assert.Matches(@"MoPro \(ResNet-50\) +73\.9 +reported", output);
    }
}
