using Dapper;

namespace Leaderboard.Api.Tests.Compat;

/// <summary>An Api with a small archive: three papers, two tasks, a table, and what belongs to them.</summary>
public sealed class CompatApi : ApiFactory, IAsyncLifetime
{
    private const string Archive = """
        insert into areas values ('computer-vision', 'Computer Vision');
        insert into tasks (id, name, description, origin, areas) values
            ('representation-learning', 'Representation Learning', '', 'archive', '{Computer Vision}'),
            ('contrastive-learning', 'Contrastive Learning', 'Pull together.', 'archive', '{Computer Vision}');
        insert into task_parents values ('contrastive-learning', 'representation-learning');
        insert into proceedings values ('ICLR 2021 1', 'iclr-2021-1', 'iclr', 'ICLR', 2021, 1);
        insert into authors values ('Junnan Li', 'junnan-li'), ('Caiming Xiong', 'caiming-xiong');
        insert into papers (id, slug, arxiv_id, title, url, url_pdf, abstract, authors, published_on, proceeding, origin) values
            ('arxiv:2009.07995', 'mopro-webly-supervised-learning-with', '2009.07995', 'MoPro: Webly Supervised Learning with Momentum Prototypes',
             'https://arxiv.org/abs/2009.07995v1', 'https://arxiv.org/pdf/2009.07995v1.pdf', 'We propose a webly-supervised method.',
             '{Junnan Li,Caiming Xiong}', '2020-09-17', 'ICLR 2021 1', 'archive'),
            ('on-the-minimal-teaching-sets-of-two', 'on-the-minimal-teaching-sets-of-two', null, 'On the minimal teaching sets', 'https://papers.example/minimal',
             null, null, '{}', null, null, 'archive'),
            ('arxiv:2007.07314', 'second', '2007.07314', 'A second, 100% other', 'https://arxiv.org/abs/2007.07314', null, 'On labels_with noise.',
             '{Junnan Li}', '2020-07-14', null, 'archive');
        insert into paper_tasks values ('arxiv:2009.07995', 'representation-learning');
        insert into repositories (url, owner, name, description, stars) values
            ('https://github.com/salesforce/MoPro', 'salesforce', 'MoPro', 'MoPro pre-training', 86),
            ('https://github.com/other/mopro-jax', 'other', 'mopro-jax', '', 200),
            ('https://example.org/code.zip', '', 'code.zip', '', null);
        insert into paper_repositories (paper_id, repository_url, is_official, framework) values
            ('arxiv:2009.07995', 'https://github.com/salesforce/MoPro', true, 'pytorch'),
            ('arxiv:2009.07995', 'https://github.com/other/mopro-jax', false, 'jax');
        insert into datasets (id, name, description, homepage, full_name, paper_id, origin) values
            ('webvision', 'WebVision', '', 'https://data.vision.ee.ethz.ch/cvl/webvision/', 'WebVision Database', null, 'archive'),
            ('minimal', 'Minimal', '', null, null, 'on-the-minimal-teaching-sets-of-two', 'archive');
        insert into methods (id, origin, name, full_name, description, paper_id) values
            ('mopro', 'archive', 'MoPro', 'Momentum Prototypes', 'Prototypes with momentum.', 'arxiv:2009.07995'),
            ('relu', 'archive', 'ReLU', 'Rectified Linear Units', '', null);
        insert into paper_methods values ('arxiv:2009.07995', 'mopro');
        insert into evaluation_tables (id, origin, task_id, dataset_id, dataset_path) values
            ('representation-learning-on-webvision', 'archive', 'representation-learning', 'webvision', '{WebVision}');
        insert into table_metrics (table_id, position, name, is_loss, direction) values
            ('representation-learning-on-webvision', 1, 'Top-1 Accuracy', false, 'inferred');
        insert into table_rows (table_id, position, model_name, paper_id, uses_additional_data) values
            ('representation-learning-on-webvision', 1, 'MoPro (ResNet-50)', 'arxiv:2009.07995', true);
        insert into table_values (row_id, metric_id, raw, value, unit)
        select r.id, m.id, '73.9%', 73.9, '%' from table_rows r, table_metrics m;
        select rank_tables('{representation-learning-on-webvision}');
        """;

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        await using var connection = await Rows.OpenConnectionAsync();
        await connection.ExecuteAsync(Archive);
    }

    /// <summary>The client with a new user's key.</summary>
    internal async Task<OldClient> ClientOfAsync(string user, params string[] scopes)
    {
        using var created = await CreateUserAsync(user, scopes);
        return new OldClient(this, created.DefaultRequestHeaders.Authorization!.Parameter);
    }
}
