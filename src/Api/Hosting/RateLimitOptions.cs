using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Leaderboard.Api.Hosting;

/// <summary>
/// How many requests are answered under <c>/api</c>, section <c>RateLimits</c> of the configuration; each replica of
/// the Api counts for itself. 0 turns a limit off.
/// </summary>
public sealed class RateLimitOptions : IValidatableObject
{
    public const string Section = "RateLimits";

    /// <summary>
    /// Requests a minute without a key from one address (IPv6: from one /64), 0 to 10,000,000. The default is 30,000:
    /// an address may be that of many, or of a proxy that is not known.
    /// </summary>
    [Range(0, 10_000_000)]
    public int AnonymousPerMinute { get; set; } = 30_000;

    /// <summary>Requests a minute with the keys of one user, 0 to 10,000,000; the default is 6,000.</summary>
    [Range(0, 10_000_000)]
    public int UserPerMinute { get; set; } = 6_000;

    /// <summary>Registrations an hour from one address, 0 to 10,000,000; the default is 10.</summary>
    [Range(0, 10_000_000)]
    public int RegistrationsPerHour { get; set; } = 10;

    /// <summary>
    /// Proxies whose <c>X-Forwarded-For</c> is believed: addresses and networks, <c>10.0.0.7,10.1.0.0/16</c>. The
    /// default is none.
    /// </summary>
    public string KnownProxies { get; set; } = "";

    /// <summary>The proxies, read.</summary>
    public IEnumerable<IPNetwork?> ProxyNetworks =>
        KnownProxies.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Network);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        ProxyNetworks.Any(network => network is null)
            ? [new ValidationResult(
                "KnownProxies must hold addresses and networks, as in '10.0.0.7,10.1.0.0/16'.", [nameof(KnownProxies)])]
            : [];

    private static IPNetwork? Network(string text) =>
        IPAddress.TryParse(text, out var address) ? new IPNetwork(address, address.GetAddressBytes().Length * 8)
        : IPNetwork.TryParse(text, out var network) ? network
        : null;
}
