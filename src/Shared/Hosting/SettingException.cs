namespace Leaderboard.Shared.Hosting;

/// <summary>A setting that is missing or wrong; its message names the variable to set.</summary>
public sealed class SettingException(string message) : Exception(message);
