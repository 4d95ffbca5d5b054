using Leaderboard.Evaluator.Models.Engines;
using Leaderboard.Tests.Support;
using TorchSharp;

namespace Leaderboard.Evaluator.Tests.Models.Engines;

public sealed class LibtorchFolderTests : IDisposable
{
    private readonly TemporaryFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("2.10.0")]
    [InlineData("2.10.0+cpu")]
    [InlineData("2.10.0+cu128")]
    public void A_libtorch_of_the_version_that_fits_is_taken_whatever_it_is_built_for(string version)
    {
        Write("build-version", version + "\n");

        Assert.Equal(new LibtorchFolder(folder.Path, version), LibtorchFolder.Open(folder.Path + "/"));
    }

    [Fact]
    public void Of_a_PyTorch_installation_the_version_is_read_as_it_writes_it()
    {
        Write("version.py", """
            from typing import Optional

            __all__ = ['__version__', 'debug', 'cuda', 'git_version', 'hip']
            __version__ = '2.10.0+cu130'
            debug = False
            cuda: Optional[str] = '13.0'
            """);

        Assert.Equal("2.10.0+cu130", LibtorchFolder.Open(folder.Path).Version);
    }

    [Theory]
    [InlineData("2.9.1+cu126")]
    [InlineData("2.10.0a0+b4e4ee8")]
    [InlineData("2.10.1")]
    [InlineData("1.13.0")]
    public void Another_version_is_refused_with_both_named(string version)
    {
        Write("build-version", version);

        var refusal = Assert.Throws<InvalidDataException>(() => LibtorchFolder.Open(folder.Path));

        Assert.Equal(
            $"LIBTORCH is {folder.Path}, a libtorch {version}; this program needs libtorch 2.10.0.", refusal.Message);
    }

    [Fact]
    public void A_folder_without_a_libtorch_is_refused()
    {
        var refusal = Assert.Throws<InvalidDataException>(() => LibtorchFolder.Open(folder.Path));

        Assert.Equal($"LIBTORCH is {folder.Path}, but there is no lib/libtorch_cpu.so in it.", refusal.Message);
    }

    [Fact]
    public void A_libtorch_that_does_not_tell_its_version_is_refused()
    {
        Write("notes", "2.10.0");

        var refusal = Assert.Throws<InvalidDataException>(() => LibtorchFolder.Open(folder.Path));

        Assert.Contains("neither build-version nor version.py", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_version_that_fits_is_that_of_the_package_that_TorchSharp_asks_for()
    {
        Assert.StartsWith(LibtorchFolder.FittingVersion, torch.__version__, StringComparison.Ordinal);
        Assert.Equal(LibtorchFolder.FittingVersion, Libtorch.Version);
    }

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(folder.At("lib"));
        File.WriteAllText(folder.At("lib", "libtorch_cpu.so"), "");
        File.WriteAllText(folder.At(file), text);
    }
}
