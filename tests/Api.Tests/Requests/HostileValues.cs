namespace Leaderboard.Api.Tests.Requests;

/// <summary>Texts, numbers and JSON that break what was not thought of.</summary>
internal static class HostileValues
{
    private static readonly string[] Unstorable = ["\0", "a\0b", "\ufffe", "\ud800", "\udc00x"];

    /// <summary>One of them; every fourth is one that a database cannot store, or a pair that is none.</summary>
    public static string Text(Random random) =>
        random.Next(4) == 0 ? Unstorable[random.Next(Unstorable.Length)] : Texts[random.Next(Texts.Count)];

    private static readonly IReadOnlyList<string> Texts =
    [
        " ", "\0", "a\0b", "\u0001", "\u007f", "\u0085", "\u200b", "\u202e", "\ufffe", "💥", "e\u0301", "İ", "ß", "٣",
        new string('a', 101), new string('x', 201), new string('9', 400), new string('é', 1500), "'", "\"", "\\", "`", "%",
        "%00", "%zz", "$", "{", "}", "{}", "[]", "null", "true", "undefined", "0", "-0", "-1", "1.5", "1e400", "NaN", "Infinity",
        "-Infinity", "2147483648", "9223372036854775808", "0x10", "1_000", "1,5", " 1", "2026-11-26", "2026-02-30",
        "0000-00-00", "9999-12-31T23:59:59.9999999+14:00", "0001-01-01T00:00:00-14:00", "24:00", "...", "../../etc/passwd",
        "/etc/passwd", "C:\\", "file:///etc/passwd", "http://[::1", "javascript:alert(1)", "<script>", "'; drop table users; --",
        "a@b", "@", "a@@1", "@1", "a@", "*", "?", "#", "&a=b", "=cmd|'/c calc'!A0", "00000000-0000-0000-0000-000000000000",
        "{00000000-0000-0000-0000-000000000000}", "ffffffffffffffffffffffffffffffff", new string('f', 64), new string('F', 64),
        "e30", "eyJhIjoxfQ", "W10", "bnVsbA", "MQ", "IngiCg",
    ];

    /// <summary>JSON values as they are written, each of another type or range than most fields have.</summary>
    public static readonly IReadOnlyList<string> Json =
    [
        "null", "true", "false", "0", "-0", "-1", "1", "1.0", "1.5", "1e400", "-1e400", "1e-400", "2147483647", "2147483648",
        "-2147483649", "9223372036854775807", "9223372036854775808", "1e18", "0.1e1", "NaN", "01", "+1", ".5", "1.", "0x1",
        "\"\"", "\"x\"", "\"\\ud800\"", "\"\\udc00\\ud800\"", "\"\\u0000\"", "\"a\\u0000b\"", "\"\\x\"", "\"\\ufffe\"",
        "\"a\tb\"", "'x'", "[]", "[null]", "[[]]", "[0]", "[\"\"]", "[\"x\",\"x\"]", "{}", "{\"\":0}", "{\"a\":{\"a\":{}}}",
        "{\"a\":1,\"a\":2}", "{\"$type\":\"System.Object\"}", "[1,]", "{\"a\":1,}", "/**/1", "\"2026-13-01\"", "", "nul", "\"",
    ];

    /// <summary>Bodies that are no JSON of any kind.</summary>
    public static readonly IReadOnlyList<byte[]> Bodies =
    [
        [], [0], [0xff], [0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00], [0xef, 0xbb, 0xbf, 0x7b, 0x7d], [0xc3, 0x28], [0xed, 0xa0, 0x80],
        [0x1f, 0x8b, 0x08, 0x00, 0, 0, 0, 0, 0, 3], [.. "a=1&b=2"u8], [.. "<xml/>"u8], [.. "null"u8], [.. "\"x\""u8],
        [.. "{"u8], [.. "}"u8], [.. "[{}]"u8], [.. "{} {}"u8], [.. "{\"a\":\xff}"u8],
        [.. System.Text.Encoding.ASCII.GetBytes(new string('[', 5000))],
    ];

    public static readonly IReadOnlyList<string?> MediaTypes =
    [
        null, "", "text/plain", "application/xml", "application/json; charset=utf-16", "application/json; charset=bogus",
        "application/json; charset=\"", "application/x-www-form-urlencoded", "multipart/form-data", "multipart/form-data; boundary=",
        "multipart/mixed; boundary=x", "multipart/form-data; boundary=\"x y\"", "application/octet-stream", "application/problem+json",
        "application/vnd.x+json", "*/*", "json", "/", ";", "application/json, text/plain",
    ];

    public static readonly IReadOnlyList<string> Authorizations =
    [
        "", "Bearer", "Bearer ", "bearer lb_unknown", "Bearer lb_unknown", "Bearer é", "Bearer a b", "Basic YWRtaW46eA==", "Basic %",
        "Digest x", "lb_unknown", "Bearer " + new string('k', 4000), "Bearer null", "Negotiate YII=", ",", "Bearer \"", "=",
    ];

    /// <summary>Headers that any request may carry, each with odd values.</summary>
    public static readonly IReadOnlyList<(string Name, string Value)> Headers =
    [
        ("Accept", "text/html"), ("Accept", "text/csv"), ("Accept", "application/jsonl"), ("Accept", "*/*;q=0"), ("Accept", "q"),
        ("Accept", ",,;;=="), ("Accept", "text/csv;q=2"), ("Accept", "image/svg+xml"), ("Accept", "text/event-stream"),
        ("Accept-Encoding", "gzip;q=oops"), ("Accept-Language", "\u0001"), ("If-None-Match", "*"), ("If-None-Match", "\"x"),
        ("If-None-Match", "W/\"x\", \"y\""), ("If-Modified-Since", "yesterday"), ("If-Match", "\"x\""), ("Range", "bytes=0-"),
        ("Range", "bytes=9-1"), ("Idempotency-Key", ""), ("Idempotency-Key", new string('k', 256)), ("Idempotency-Key", "é"),
        ("Idempotency-Key", "k1"), ("Last-Event-ID", "-1"), ("Last-Event-ID", "x"), ("Last-Event-ID", "99999999999999999999"),
        ("X-HTTP-Method-Override", "DELETE"), ("X-Forwarded-For", "é"), ("Cookie", "a=b; =;;"), ("Origin", "null"),
        ("Prefer", "return=minimal"), ("traceparent", "00-x-y-z"), ("traceparent", "00-00000000000000000000000000000000-0000000000000000-00"),
        ("tracestate", "=,="), ("baggage", "=;="),
    ];
}
