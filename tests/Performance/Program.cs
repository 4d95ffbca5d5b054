using Leaderboard.Performance;

// Every subject prints one line of JSON: images, seconds, images_per_second. scripts/bench runs them beside their peers.
switch (args)
{
    case ["decode", var folder]:
        Decoding.Transform(folder);
        return 0;
    case ["jpeg", var folder]:
        Decoding.BareJpeg(folder);
        return 0;
    case ["evaluate", var weights, var folder]:
        Evaluating.EndToEnd(weights, folder);
        return 0;
    case ["forward", var weights, var images]:
        Evaluating.Forward(weights, int.Parse(images, System.Globalization.CultureInfo.InvariantCulture));
        return 0;
    case ["pack", var folder, var output]:
        Feeding.Pack(folder, output);
        return 0;
    case ["feed", var folder, var layout]:
        Feeding.FromFiles(folder, layout);
        return 0;
    case ["feed", var folder, var packed, var layout]:
        Feeding.FromPacked(folder, packed, layout);
        return 0;
    default:
        Console.Error.WriteLine("usage: Leaderboard.Performance decode|jpeg FOLDER | evaluate WEIGHTS FOLDER | forward WEIGHTS IMAGES"
            + " | pack FOLDER FILE | feed FOLDER [PACKED] planes|channelslast|bytes");
        return 2;
}
