using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Teal.Core.Addresses;

/// <summary>
/// Whom a client counts as where strangers are told apart: its IPv4 address, or the /64 of its IPv6 address, within which
/// anybody has as many addresses as he likes.
/// </summary>
public readonly record struct ClientNetwork
{
    // The upper half of an IPv6 address; an IPv4 address stands in the lower 32 bits, where no network that is in use begins with zeros.
    private readonly ulong _bits;

    private ClientNetwork(ulong bits) => _bits = bits;

    /// <summary>That of an address. IPv4 in IPv6 form is IPv4.</summary>
    public static ClientNetwork Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        var isIPv4 = address.AddressFamily == AddressFamily.InterNetwork || address.IsIPv4MappedToIPv6;
        address.TryWriteBytes(bytes, out var length);
        return new ClientNetwork(isIPv4
            ? BinaryPrimitives.ReadUInt32BigEndian(bytes[(length - 4)..length])
            : BinaryPrimitives.ReadUInt64BigEndian(bytes));
    }

    /// <summary>Different in each process, so that nobody can choose networks that collide.</summary>
    public override int GetHashCode() => HashCode.Combine(_bits);

    /// <summary>As in <c>192.0.2.7</c> or <c>2001:db8:1:2::/64</c>.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[16];
        bytes.Clear();
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _bits);
        return _bits <= uint.MaxValue ? new IPAddress(bytes[4..8]).ToString() : $"{new IPAddress(bytes)}/64";
    }
}
