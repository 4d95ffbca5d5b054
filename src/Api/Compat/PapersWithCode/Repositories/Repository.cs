namespace Leaderboard.Api.Compat.PapersWithCode.Repositories;

/// <summary>A repository with code.</summary>
/// <param name="Url">Its address.</param>
/// <param name="Owner">Whose it is; empty where its address does not say.</param>
/// <param name="Name">Its name.</param>
/// <param name="Description">What it says of itself.</param>
/// <param name="Stars">How many have starred it; 0 where it is not known.</param>
/// <param name="Framework">tf, pytorch, mxnet, torch, caffe2, jax, paddle, mindspore or none; of several, what most of its papers
/// are done in.</param>
/// <param name="IsOfficial">Whether it is the authors' own; said only where the repositories of one paper are listed.</param>
public sealed record Repository(
    string Url, string Owner, string Name, string Description, int Stars, string Framework, bool? IsOfficial);
