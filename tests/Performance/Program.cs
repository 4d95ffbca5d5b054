using System.Globalization;
using Leaderboard.Performance;
using Leaderboard.Performance.Gpu;

// Every subject prints one line of JSON; scripts/bench runs them beside their peers, and `report` makes the table.
switch (args)
{
    case ["transform", var folder, var rounds]:
        Measurement.Print(Decoding.Transform(folder, Number(rounds)));
        return 0;
    case ["jpeg", var folder, var rounds]:
        Measurement.Print(Decoding.BareJpeg(folder, Number(rounds)));
        return 0;
    case ["files" or "first" or "packed", var network, var weights, var folder, var repeats]:
        using (var evaluating = new Evaluating(folder, Number(repeats)))
        {
            var subject = $"{args[0]} {network}";
            Measurement.Print(args[0] switch
            {
                "files" => evaluating.FromFiles(subject, weights),
                "first" => evaluating.FirstTime(subject, weights),
                _ => evaluating.FromPacked(subject, weights),
            });
        }
        return 0;
    case ["feed", var folder, var layout]:
        Measurement.Print(Feeding.FromPacked(folder, layout));
        return 0;
    case ["forward" or "program", var weights]:
        Measurement.Print(Evaluating.Forward(args[0], weights));
        return 0;
    case ["probe", var file, var samples, var width, var classCount]:
        Measurement.Print(Probing.Solve(file, Number(samples), Number(width), Number(classCount)));
        return 0;
    case ["convert", var dtype, var count]:
        Measurement.Print(Converting.Weights(dtype, Number(count)));
        return 0;
    case ["boards", "fill" or "read", var connection, var address]:
        using (var boards = new Boards(connection, new Uri(address)))
        {
            await (args[1] == "fill" ? boards.FillAsync() : boards.MeasureAsync());
        }
        return 0;
    case ["archive", "import", var connection, var api, var folder, var scratch]:
        await using (var importing = new Importing(connection, api, folder, scratch))
        {
            await importing.MeasureAsync();
        }
        return 0;
    case ["archive", "search", var address]:
        using (var searching = new Searching(new Uri(address)))
        {
            await searching.MeasureAsync();
        }
        return 0;
    case ["tune", var weights, var program, var folder, var rounds]:
        new Tuning(weights, program, folder, Number(rounds)).Run();
        return 0;
    case ["report", var measured, var output]:
        return Report.Print(measured, output) ? 0 : 1;
    case ["gpu", .. var rest]:
        return GpuBench.Run(rest);
    default:
        Console.Error.WriteLine(
            "usage: Leaderboard.Performance transform|jpeg FOLDER ROUNDS | "
            + "files|first|packed NETWORK WEIGHTS FOLDER REPEATS | feed FOLDER LAYOUT | forward|program WEIGHTS | "
            + "convert DTYPE COUNT | boards fill|read CONNECTION ADDRESS | "
            + "archive import CONNECTION API FOLDER SCRATCH | archive search ADDRESS | "
            + "probe FILE SAMPLES WIDTH CLASSES | tune WEIGHTS PROGRAM FOLDER ROUNDS | "
            + "report MEASURED OUTPUT | gpu …");
        return 2;
}

static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
