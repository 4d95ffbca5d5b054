using System.ComponentModel;
using Leaderboard.Api.Hosting;
using Microsoft.AspNetCore.Mvc;

namespace Leaderboard.Api.Catalogue.Papers;

/// <summary>Which papers a list holds, as a request words it.</summary>
internal sealed record PaperQuery
{
    [FromQuery(Name = "q")]
    [Description("Only those with all these words in their title, in whatever form; 1 to 200 characters.")]
    public string? Q { get; init; }

    [FromQuery(Name = "task")]
    [Description("Only those about this task, by id.")]
    public string? Task { get; init; }

    [FromQuery(Name = "method")]
    [Description("Only those that use this method, by id.")]
    public string? Method { get; init; }

    [FromQuery(Name = "dataset")]
    [Description("Only those that introduced this dataset or have figures on it, by id.")]
    public string? Dataset { get; init; }

    [FromQuery(Name = "author")]
    [Description("Only those of this author, by name as the paper has it, or by id, for example `junnan-li`.")]
    public string? Author { get; init; }

    [FromQuery(Name = "proceeding")]
    [Description("Only those of this proceeding, by id or name, for example `iclr-2021-1`.")]
    public string? Proceeding { get; init; }

    [FromQuery(Name = "conference")]
    [Description("Only those of this conference, by id or name, for example `ICLR`.")]
    public string? Conference { get; init; }

    [FromQuery(Name = "arxiv_id")]
    [Description("Only those of this number on arXiv.")]
    public string? ArxivId { get; init; }

    [FromQuery(Name = "from")]
    [Description("Only those published on this day or later.")]
    public DateOnly? From { get; init; }

    [FromQuery(Name = "to")]
    [Description("Only those published on this day or earlier.")]
    public DateOnly? To { get; init; }

    [FromQuery(Name = "has_code")]
    [Description("Only those with (true), or without (false), a known repository of code.")]
    public bool? HasCode { get; init; }

    public PaperFilter ToFilter()
    {
        var errors = new Errors();
        errors.CheckFilters(
            ("q", Q), ("task", Task), ("method", Method), ("dataset", Dataset), ("author", Author),
            ("proceeding", Proceeding), ("conference", Conference), ("arxiv_id", ArxivId));
        errors.Require(From is null || To is null || From <= To, "from", "must not be after 'to'");
        errors.ThrowIfAny();
        return new PaperFilter(
            Q, Task, Method, Dataset, Author, Proceeding, Conference,
            ArxivId is null ? null : Papers.ArxivId.Find(ArxivId) ?? ArxivId, From, To, HasCode);
    }
}
