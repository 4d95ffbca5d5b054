namespace Leaderboard.Api.Compat.PapersWithCode.Tasks;

/// <summary>A task.</summary>
/// <param name="Id">Its slug.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it is.</param>
public sealed record ResearchTask(string Id, string Name, string Description);

/// <summary>A new task.</summary>
/// <param name="Name">Its name, of which the id is made.</param>
/// <param name="Description">What it is.</param>
/// <param name="Area">Id or name of its area.</param>
/// <param name="ParentTask">Id or name of the task that it is a part of.</param>
public sealed record ResearchTaskCreate(string Name, string? Description = null, string? Area = null, string? ParentTask = null);

/// <summary>What is to be changed of a task; what is null or not there stays as it is.</summary>
/// <param name="Name">Its name; the id stays.</param>
/// <param name="Description">What it is.</param>
/// <param name="Area">Id or name of its area; empty for none.</param>
/// <param name="ParentTask">Id or name of the task that it is a part of; empty for none.</param>
public sealed record ResearchTaskUpdate(
    string? Name = null, string? Description = null, string? Area = null, string? ParentTask = null);

/// <summary>An area of research.</summary>
/// <param name="Id">Its slug.</param>
/// <param name="Name">Its name.</param>
public sealed record Area(string Id, string Name);
