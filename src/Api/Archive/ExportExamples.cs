using System.Text.Json;

namespace Leaderboard.Api.Archive;

/// <summary>Shown in the OpenAPI document.</summary>
internal static class ExportExamples
{
    public static readonly JsonElement Tables = JsonElement.Parse("""
        [{
          "categories": ["Natural Language Processing"],
          "datasets": [{
            "dataset": "SNLI", "dataset_citations": [], "dataset_links": [], "description": "",
            "sota": {
              "metrics": ["% Test Accuracy"],
              "rows": [{
                "code_links": [], "metrics": { "% Test Accuracy": "50.4" }, "model_links": [],
                "model_name": "Unlexicalized features", "paper_date": "2015-08-21",
                "paper_title": "A large annotated corpus for learning natural language inference",
                "paper_url": "http://nlp.stanford.edu/pubs/snli_paper.pdf", "uses_additional_data": false
              }]
            },
            "subdatasets": []
          }],
          "description": "", "source_link": null, "subtasks": [], "synonyms": [], "task": "Natural Language Inference"
        }]
        """);
}
