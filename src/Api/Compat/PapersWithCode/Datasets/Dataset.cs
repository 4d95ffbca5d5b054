namespace Leaderboard.Api.Compat.PapersWithCode.Datasets;

/// <summary>A dataset.</summary>
/// <param name="Id">Its slug.</param>
/// <param name="Name">Its name.</param>
/// <param name="Url">Where it is to be had.</param>
public sealed record Dataset(string Id, string Name, string? Url);

/// <summary>A new dataset.</summary>
/// <param name="Name">Its name, of which the id is made.</param>
/// <param name="Url">Where it is to be had.</param>
public sealed record DatasetCreate(string Name, string? Url = null);

/// <summary>What is to be changed of a dataset; what is null or not there stays as it is.</summary>
/// <param name="Name">Its name; the id stays.</param>
/// <param name="Url">Where it is to be had; empty for nowhere.</param>
public sealed record DatasetUpdate(string? Name = null, string? Url = null);
