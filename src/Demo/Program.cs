using Leaderboard.Demo;

switch (args)
{
    case ["generate", var root]:
        DemoDatasets.Generate(root);
        return 0;
    case ["train", var checkpoint]:
        Training.Run(checkpoint);
        return 0;
    default:
        Console.Error.WriteLine("usage: Leaderboard.Demo generate DATASETS_ROOT | train OUT.safetensors");
        return 2;
}
