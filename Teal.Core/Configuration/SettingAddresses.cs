using System.Net;
using Teal.Core.Addresses;

using static Teal.Core.Configuration.SettingTexts;

namespace Teal.Core.Configuration;

/// <summary>Settings whose value is an address.</summary>
public static class SettingAddresses
{
    /// <summary>An address as the outside sees it; empty: none.</summary>
    public static SettingType<TOptions> Public<TOptions>(Action<TOptions, PublicUrl> set) => new((options, text) =>
    {
        if (text.Length == 0) return null;
        if (!PublicUrl.TryParse(text, out var url, out var fault)) return fault;

        set(options, url!);
        return null;
    }, Pattern: "^(https?://.+)?$");

    /// <summary>IP addresses and networks, separated by commas.</summary>
    public static SettingType<TOptions> Networks<TOptions>(Action<TOptions, IReadOnlyList<IPNetwork>> set) => new((options, text) =>
    {
        var networks = new List<IPNetwork>();
        foreach (var part in Items(text))
        {
            if (IPNetwork.TryParse(part, out var network)) networks.Add(network);
            else if (IPAddress.TryParse(part, out var address)) networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            else return "must be IP addresses or networks, separated by commas";
        }

        set(options, networks);
        return null;
    }, Pattern: "^[0-9A-Fa-f:.]+(/[0-9]+)?$");
}
