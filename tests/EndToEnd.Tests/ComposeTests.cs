using System.Text.RegularExpressions;
using Leaderboard.Tests.Support;

namespace Leaderboard.EndToEnd.Tests;

/// <summary>No container engine runs here, so what the container files name is looked up in the repository.</summary>
public sealed partial class ComposeTests
{
    [Fact]
    public void Each_dockerfile_that_compose_builds_exists()
    {
        var dockerfiles = Matches(DockerfileLine(), "docker-compose.yml").Distinct().ToList();

        Assert.Equal(["src/Api/Dockerfile", "src/Evaluator/Dockerfile"], dockerfiles.Order(StringComparer.Ordinal));
        Assert.All(dockerfiles, path => Assert.True(File.Exists(At(path)), path));
    }

    [Fact]
    public void The_image_for_a_GPU_is_built_with_a_libtorch_for_CUDA()
    {
        Assert.Contains("LIBTORCH_CUDA: \"true\"", File.ReadAllText(At("docker-compose.yml")), StringComparison.Ordinal);
        Assert.Contains("ARG LIBTORCH_CUDA=false", File.ReadAllText(At("src/Evaluator/Dockerfile")), StringComparison.Ordinal);
        Assert.Contains("-p:LibtorchCuda=$LIBTORCH_CUDA", File.ReadAllText(At("src/Evaluator/Dockerfile")), StringComparison.Ordinal);
        Assert.Contains("'$(LibtorchCuda)' == 'true'", File.ReadAllText(At("src/Evaluator/Evaluator.csproj")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Api")]
    [InlineData("Evaluator")]
    public void An_image_starts_the_program_of_the_project_that_it_publishes(string project)
    {
        var dockerfile = $"src/{project}/Dockerfile";

        Assert.Equal([$"src/{project}"], Matches(PublishedProject(), dockerfile));
        Assert.Equal([$"Leaderboard.{project}.dll"], Matches(StartedProgram(), dockerfile));
        Assert.True(File.Exists(At($"src/{project}/{project}.csproj")));
    }

    [Fact]
    public void Each_path_that_the_images_are_built_from_exists()
    {
        var paths = Matches(IncludedPath(), ".dockerignore");

        Assert.Contains("src", paths);
        Assert.All(paths, path => Assert.True(Path.Exists(At(path)), path));
    }

    [Fact]
    public void Each_volume_that_a_service_mounts_is_declared()
    {
        var mounted = Matches(MountedVolume(), "docker-compose.yml").Distinct().Order(StringComparer.Ordinal);

        Assert.Equal(Matches(DeclaredVolume(), "docker-compose.yml").Order(StringComparer.Ordinal), mounted);
    }

    [Fact]
    public void A_service_waits_only_for_services_that_are_there()
    {
        var services = Matches(Service(), "docker-compose.yml");

        Assert.Equal(["postgres", "migrate", "api", "evaluator", "evaluator-gpu"], services);
        Assert.Subset(services.ToHashSet(), Matches(Dependency(), "docker-compose.yml").ToHashSet());
    }

    private static string At(string path) => Path.Combine(Repository.Root, path);

    private static List<string> Matches(Regex pattern, string path) =>
        [.. pattern.Matches(File.ReadAllText(At(path))).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"^ +dockerfile: (\S+)$", RegexOptions.Multiline)]
    private static partial Regex DockerfileLine();

    [GeneratedRegex(@"^RUN dotnet publish (\S+) ", RegexOptions.Multiline)]
    private static partial Regex PublishedProject();

    [GeneratedRegex("^ENTRYPOINT \\[\"dotnet\", \"([^\"]+)\"\\]$", RegexOptions.Multiline)]
    private static partial Regex StartedProgram();

    [GeneratedRegex(@"^!(\S+)$", RegexOptions.Multiline)]
    private static partial Regex IncludedPath();

    [GeneratedRegex(@"^ +- ([a-z]+):/", RegexOptions.Multiline)]
    private static partial Regex MountedVolume();

    // The last section of the file.
    [GeneratedRegex(@"(?<=^volumes:\n(?:  [a-z]+:\n)*)  ([a-z]+):$", RegexOptions.Multiline)]
    private static partial Regex DeclaredVolume();

    [GeneratedRegex(@"(?<=^services:\n[\s\S]*)^  ([a-z-]+):$(?=[\s\S]*^volumes:)", RegexOptions.Multiline)]
    private static partial Regex Service();

    [GeneratedRegex(@"^ +([a-z]+):\n +condition:", RegexOptions.Multiline)]
    private static partial Regex Dependency();
}
