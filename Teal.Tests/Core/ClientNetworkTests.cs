using System.Net;
using FsCheck;
using FsCheck.Fluent;
using Teal.Core.Addresses;

namespace Teal.Tests.Core;

public sealed class ClientNetworkTests
{
    [TestCase("192.0.2.7", "192.0.2.7")]
    [TestCase("::ffff:192.0.2.7", "192.0.2.7")]
    [TestCase("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [TestCase("fe80::1%2", "fe80::/64")]
    public void Of_AnAddress_IsItselfOrTheHalfThatItsOwnerCannotChoose(string address, string network) =>
        ClientNetwork.Of(IPAddress.Parse(address)).ToString().Should().Be(network);

    [Test]
    public void Of_TwoAddresses_IsTheSameExactlyWhereTheyAreOneClient() =>
        Prop.ForAll<byte[], byte[]>((one, other) =>
        {
            // Without ::/32, in which no client is.
            var (first, second) = (Address(one), Address(other));
            (ClientNetwork.Of(first) == ClientNetwork.Of(second)).Should().Be(
                first.GetAddressBytes().AsSpan(0, Length(first)).SequenceEqual(second.GetAddressBytes().AsSpan(0, Length(second))));
        }).QuickCheckThrowOnFailure();

    private static int Length(IPAddress address) => address.GetAddressBytes().Length == 4 ? 4 : 8;

    private static IPAddress Address(byte[] bytes) =>
        bytes.Length % 2 == 0 ? new IPAddress([10, 0, bytes.Length > 0 ? bytes[0] : (byte)0, (byte)(bytes.Length % 3)])
            : new IPAddress([0x20, 1, .. bytes.Concat(new byte[14]).Take(14)]);
}
