using System.Reflection;
using DbUp.Engine;

namespace Leaderboard.Api.Migrations;

/// <summary>The files of <c>db/migrations</c>, which lie in the assembly.</summary>
internal static class MigrationScripts
{
    /// <summary>The table that remembers which were applied.</summary>
    public const string Journal = "schema_versions";

    public static IReadOnlyList<string> Names { get; } =
    [
        .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
            .Where(name => name.EndsWith(".sql", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];

    public static IEnumerable<SqlScript> Read() => Names.Select(name => SqlScript.FromStream(
        name, Assembly.GetExecutingAssembly().GetManifestResourceStream(name)!));
}
