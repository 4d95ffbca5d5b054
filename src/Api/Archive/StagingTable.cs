using NpgsqlTypes;

namespace Leaderboard.Api.Archive;

/// <summary>A table that records are read into, and the columns that a reader fills, in their order.</summary>
internal sealed record StagingTable(string Name, params (string Name, NpgsqlDbType Type)[] Columns)
{
    private const NpgsqlDbType Text = NpgsqlDbType.Text;
    private const NpgsqlDbType Texts = NpgsqlDbType.Array | NpgsqlDbType.Text;
    private const NpgsqlDbType Long = NpgsqlDbType.Bigint;
    private const NpgsqlDbType Int = NpgsqlDbType.Integer;
    private const NpgsqlDbType Flag = NpgsqlDbType.Boolean;
    private const NpgsqlDbType Date = NpgsqlDbType.Date;
    private const NpgsqlDbType Json = NpgsqlDbType.Jsonb;
    private const NpgsqlDbType Double = NpgsqlDbType.Double;

    public static readonly StagingTable Tasks = new("staged_tasks",
        ("number", Long), ("id", Text), ("name", Text), ("description", Text), ("areas", Texts), ("synonyms", Texts),
        ("source_title", Text), ("source_url", Text), ("parent_id", Text));

    public static readonly StagingTable Areas = new("staged_areas", ("id", Text), ("name", Text));

    public static readonly StagingTable Papers = new("staged_papers",
        ("number", Long), ("slug", Text), ("arxiv_id", Text), ("nips_id", Text), ("openreview_id", Text), ("title", Text),
        ("abstract", Text), ("short_abstract", Text), ("url", Text), ("url_pdf", Text), ("proceeding", Text),
        ("conference_url", Text), ("conference_url_pdf", Text), ("reproduces_paper", Text), ("authors", Texts),
        ("task_ids", Texts), ("methods", Texts), ("published_on", Date));

    public static readonly StagingTable Authors = new("staged_authors", ("name", Text), ("id", Text));

    public static readonly StagingTable Proceedings = new("staged_proceedings",
        ("name", Text), ("id", Text), ("conference_id", Text), ("conference_name", Text), ("year", Int), ("month", Int));

    public static readonly StagingTable Links = new("staged_links",
        ("number", Long), ("slug", Text), ("arxiv_id", Text), ("title", Text), ("url", Text), ("url_pdf", Text),
        ("repository_url", Text), ("owner", Text), ("name", Text), ("is_official", Flag), ("mentioned_in_paper", Flag),
        ("mentioned_in_github", Flag), ("framework", Text));

    public static readonly StagingTable Methods = new("staged_methods",
        ("number", Long), ("is_mention", Flag), ("id", Text), ("name", Text), ("full_name", Text), ("description", Text),
        ("paper_slug", Text), ("paper_arxiv_id", Text), ("introduced_year", Int), ("source_title", Text), ("source_url", Text),
        ("code_snippet_url", Text), ("num_papers", Int));

    public static readonly StagingTable Collections = new("staged_collections",
        ("number", Long), ("method_id", Text), ("id", Text), ("name", Text), ("description", Text), ("parent", Text),
        ("area_id", Text));

    public static readonly StagingTable Datasets = new("staged_datasets",
        ("number", Long), ("id", Text), ("name", Text), ("full_name", Text), ("homepage", Text), ("description", Text),
        ("short_description", Text), ("parent_dataset", Text), ("image", Text), ("paper_slug", Text), ("paper_arxiv_id", Text),
        ("introduced_on", Date), ("warning", Text), ("modalities", Texts), ("languages", Texts), ("variants", Texts),
        ("task_ids", Texts), ("num_papers", Int), ("data_loaders", Json));

    public static readonly StagingTable Tables = new("staged_tables",
        ("number", Long), ("task_id", Text), ("dataset_slug", Text), ("dataset_path", Texts), ("base_id", Text), ("position", Int),
        ("description", Text), ("links", Json), ("citations", Json), ("has_sota", Flag));

    public static readonly StagingTable Metrics = new("staged_metrics",
        ("table_number", Long), ("position", Int), ("name", Text), ("is_loss", Flag), ("is_listed", Flag));

    public static readonly StagingTable Rows = new("staged_rows",
        ("table_number", Long), ("position", Int), ("model_name", Text), ("paper_title", Text), ("paper_url", Text),
        ("paper_slug", Text), ("paper_arxiv_id", Text), ("paper_date", Date), ("uses_additional_data", Flag),
        ("code_links", Json), ("model_links", Json), ("tags", Json));

    public static readonly StagingTable Values = new("staged_values",
        ("table_number", Long), ("row_position", Int), ("metric", Text), ("raw", Text), ("value", Double), ("unit", Text),
        ("deviation", Double));

    public static IReadOnlyList<StagingTable> All { get; } =
    [
        Tasks, Areas, Papers, Authors, Proceedings, Links, Methods, Collections, Datasets, Tables, Metrics, Rows, Values,
    ];

    public string CopyCommand { get; } =
        $"copy {Name} ({string.Join(", ", Columns.Select(column => column.Name))}) from stdin (format binary)";
}
