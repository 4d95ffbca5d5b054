using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;

namespace Leaderboard.Api.Tests.Requests;

/// <summary>
/// Makes requests of an operation from what the document says of it: some as they should be, most with something wrong.
/// </summary>
internal sealed class RequestGenerator(
    ApiDocument document, KnownValues known, IReadOnlyList<string?> keys, Random random)
{
    private static readonly string[] OtherMethods = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "QUERY"];

    private readonly JsonGenerator json = new(document, known, random);

    public GeneratedRequest Make(int number)
    {
        var operation = document.Operations[random.Next(document.Operations.Count)];
        var request = new GeneratedRequest(operation, number);
        var isBroken = random.Next(3) > 0;
        SetParameters(request, isBroken);
        SetKey(request, isBroken);
        SetAccept(request);
        SetBody(request, isBroken);
        if (isBroken && random.Next(6) == 0)
        {
            var (name, value) = HostileValues.Headers[random.Next(HostileValues.Headers.Count)];
            request.Headers.Add((name, value));
            request.Changes.Add(name);
        }
        if (isBroken && random.Next(15) == 0)
        {
            request.Method = OtherMethods[random.Next(OtherMethods.Length)];
            request.Changes.Add("method");
        }
        return request;
    }

    private void SetParameters(GeneratedRequest request, bool isBroken)
    {
        var query = new List<string>();
        // Mostly one at a time: a second fault would be hidden by the refusal of the first.
        var broken = isBroken ? random.Next(2 * request.Operation.Parameters.Count + 1) : -1;
        foreach (var (index, parameter) in request.Operation.Parameters.Index())
        {
            var name = (string)parameter["name"]!;
            var place = (string)parameter["in"]!;
            var isOptional = place != "path" && (bool?)parameter["required"] != true;
            if (index != broken && isOptional && (random.Next(3) > 0 || (name == "cursor" && !known.Knows("next"))))
            {
                continue;
            }
            // Seldom deletes what is there, or soon nothing is left.
            var named = request.Operation.Method == "DELETE" && random.Next(3) > 0
                ? null
                : KnownValues.NameOf(request.Operation.Path, name);
            var value = (random.Next(4) > 0 ? parameter["example"]?.ToString() : null)
                ?? json.Text(parameter["schema"]!, known.Knows(named) ? named! : name) ?? "";
            if (index == broken || (isBroken && random.Next(12) == 0))
            {
                value = HostileValues.Text(random);
                request.Changes.Add(name);
            }
            switch (place)
            {
                case "path":
                    // NUL ends a request in the server's HTTP parser, which answers 400 and no more.
                    var step = value.Replace("\0", "", StringComparison.Ordinal) is { Length: > 0 } text ? text : "x";
                    request.Target = request.Target.Replace($"{{{name}}}", Uri.EscapeDataString(step), StringComparison.Ordinal);
                    break;
                case "query":
                    query.Add($"{name}={Uri.EscapeDataString(value)}");
                    break;
                default:
                    request.Headers.Add((name, Printable(value)));
                    break;
            }
        }
        if (isBroken && random.Next(10) == 0)
        {
            query.Add(((string[])["x", "x=1&x=2", "limit", "limit=", "limit=1&limit=2", "=", "&&", "%ff=%ff", "a[]=1", "cursor=%00"])[random.Next(10)]);
            request.Changes.Add("query");
        }
        request.Target += query.Count > 0 ? $"?{string.Join('&', query)}" : "";
    }

    private static string Printable(string value) =>
        string.Concat(value.Select(character => character is < ' ' or '\u007f' ? '?' : character));

    private void SetKey(GeneratedRequest request, bool isBroken)
    {
        if (isBroken && random.Next(8) == 0)
        {
            request.Headers.Add(("Authorization", HostileValues.Authorizations[random.Next(HostileValues.Authorizations.Count)]));
            request.Changes.Add("Authorization");
        }
        else if ((isBroken ? keys[random.Next(keys.Count)] : keys[0]) is { } key)
        {
            request.Headers.Add(("Authorization", $"Bearer {key}"));
        }
    }

    // One of the answers that are described, where there are several.
    private void SetAccept(GeneratedRequest request)
    {
        var types = request.Operation.Response(200)?["content"]?.AsObject().Select(type => type.Key).ToList();
        if (types is { Count: > 1 } && random.Next(2) == 0)
        {
            request.Headers.Add(("Accept", types[random.Next(types.Count)]));
        }
    }

    private void SetBody(GeneratedRequest request, bool isBroken)
    {
        if (request.Operation.Bodies.Count == 0)
        {
            return;
        }
        var (type, content) = request.Operation.Bodies[random.Next(request.Operation.Bodies.Count)];
        request.MediaType = type;
        request.Body = type switch
        {
            "multipart/form-data" => Form(request, content!, isBroken),
            _ when type.EndsWith("json", StringComparison.Ordinal) => Json(request, content!["schema"]!, content["example"], isBroken),
            _ => Bytes(),
        };
        if (!isBroken)
        {
            return;
        }
        switch (random.Next(16))
        {
            case 0:
                request.Body = HostileValues.Bodies[random.Next(HostileValues.Bodies.Count)];
                request.Changes.Add("body");
                break;
            case 1:
                request.MediaType = HostileValues.MediaTypes[random.Next(HostileValues.MediaTypes.Count)];
                request.Changes.Add("media type");
                break;
            case 2:
                request.Body = Gzip(request.Body);
                request.Headers.Add(("Content-Encoding", "gzip"));
                request.Changes.Add("Content-Encoding");
                break;
            case 3:
                request.Body = request.Body[..random.Next(request.Body.Length + 1)];
                request.Changes.Add("cut");
                break;
            case 4:
                request.Body = Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(request.Body));
                request.MediaType = random.Next(2) == 0 ? request.MediaType : "application/json; charset=utf-16";
                request.Changes.Add("UTF-16");
                break;
        }
    }

    private byte[] Json(GeneratedRequest request, JsonNode schema, JsonNode? example, bool isBroken)
    {
        if (!isBroken || random.Next(4) == 0)
        {
            return Encoding.UTF8.GetBytes(json.Valid(schema, example));
        }
        request.Changes.Add("json");
        return Encoding.UTF8.GetBytes(json.Broken(schema, example));
    }

    private byte[] Form(GeneratedRequest request, JsonNode content, bool isBroken)
    {
        const string Boundary = "a-boundary-of-the-test";
        request.MediaType = $"multipart/form-data; boundary={Boundary}";
        var fields = document.Follow(content["schema"]!)["properties"]!.AsObject()
            .OrderBy(_ => random.Next()).Where(_ => !isBroken || random.Next(6) > 0).Select(field => field.Key).ToList();
        if (isBroken && random.Next(6) == 0)
        {
            fields.Add(random.Next(2) == 0 && fields.Count > 0 ? fields[0] : "stranger");
            request.Changes.Add("parts");
        }
        using var body = new MemoryStream();
        foreach (var field in fields)
        {
            var schema = document.Follow(content["schema"]!)["properties"]![field] ?? new JsonObject { ["type"] = "string" };
            var isFile = (string?)document.Follow(schema)["format"] == "binary";
            body.Write(Encoding.UTF8.GetBytes(
                $"--{Boundary}\r\nContent-Disposition: form-data; name=\"{field}\"{(isFile ? "; filename=\"x\"" : "")}\r\n\r\n"));
            body.Write(isFile ? Bytes() : Json(request, schema, ExampleOf(request, schema, fields), isBroken));
            body.Write("\r\n"u8);
        }
        body.Write(Encoding.UTF8.GetBytes($"--{Boundary}--\r\n"));
        return body.ToArray();
    }

    // A part of a form has its example where the same is sent as JSON, but for what another part holds.
    private static JsonNode? ExampleOf(GeneratedRequest request, JsonNode schema, IEnumerable<string> parts)
    {
        var example = request.Operation.Bodies
            .FirstOrDefault(other => JsonNode.DeepEquals(other.Value!["schema"], schema)).Value?["example"]?.DeepClone();
        foreach (var part in parts)
        {
            (example as JsonObject)?.Remove(part);
        }
        return example;
    }

    private byte[] Bytes()
    {
        switch (random.Next(6))
        {
            case 0:
                return [];
            case 1:
                var noise = new byte[random.Next(1, 300)];
                random.NextBytes(noise);
                return noise;
            default:
                return Samples.Checkpoint(4, random.Next(1000));
        }
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            gzip.Write(bytes);
        }
        return packed.ToArray();
    }
}
