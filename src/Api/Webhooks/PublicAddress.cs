using System.Net;
using System.Net.Sockets;

namespace Leaderboard.Api.Webhooks;

/// <summary>Addresses that belong to no network of the operator's own.</summary>
internal static class PublicAddress
{
    // IANA's registries of special-purpose addresses: what is not globally reachable, and multicast.
    private static readonly IPNetwork[] Special4 =
    [
        .. ((string[])
        [
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
            "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
            "224.0.0.0/4", "240.0.0.0/4",
        ]).Select(IPNetwork.Parse),
    ];

    // Of IPv6 only this is handed out to hosts; the rest is link-local, unique local, multicast, mapped or reserved.
    private static readonly IPNetwork Global6 = IPNetwork.Parse("2000::/3");

    // Within it: protocols and tunnels (Teredo, 6to4), which carry an IPv4 address, and documentation.
    private static readonly IPNetwork[] Special6 =
        [.. ((string[])["2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20"]).Select(IPNetwork.Parse)];

    public static bool Is(IPAddress address) => address switch
    {
        { IsIPv4MappedToIPv6: true } => Is(address.MapToIPv4()),
        { AddressFamily: AddressFamily.InterNetwork } => !Special4.Any(network => network.Contains(address)),
        { AddressFamily: AddressFamily.InterNetworkV6 } =>
            Global6.Contains(address) && !Special6.Any(network => network.Contains(address)),
        _ => false,
    };
}
