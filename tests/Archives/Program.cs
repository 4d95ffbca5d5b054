using System.Globalization;
using Leaderboard.Archives;

// Makes an archive in the form of Papers With Code's dumps, equal for equal arguments.
var options = args.Skip(1).Where(option => option != "--gzip").Chunk(2).ToDictionary(pair => pair[0], pair => pair.ElementAtOrDefault(1));
if (args is not [{ Length: > 0 } folder, ..] || folder[0] == '-' || options.Keys.Any(key => key is not ("--scale" or "--seed")))
{
    Console.Error.WriteLine("usage: Leaderboard.Archives FOLDER [--scale 1.0] [--seed 1] [--gzip]");
    return 2;
}
var scale = double.Parse(options.GetValueOrDefault("--scale") ?? "1", CultureInfo.InvariantCulture);
var seed = ulong.Parse(options.GetValueOrDefault("--seed") ?? "1", CultureInfo.InvariantCulture);
new ArchiveGenerator(ArchiveSize.Full.Scaled(scale), seed).Write(folder, args.Contains("--gzip"));
return 0;
