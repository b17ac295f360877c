using System.Text;
using Teal.Client;

namespace Teal.Tests.Client;

public sealed class SubscriptionRequestTests
{
    private static readonly CallbackBinding Binding = new("a\"é", new DateTimeOffset(2026, 12, 31, 23, 59, 59, TimeSpan.FromHours(1)));

    [Test]
    public void Encode_ATopic_IsARegistration() =>
        Text(new SubscriptionRequest(null, Topic.Powens("budgea")).Encode())
            .Should().Be("""{"register_to":{"type":"powens_domain","powens_domain":"budgea"}}""");

    [Test]
    public void EncodeExtended_ACursor_StandsBesideTheTopic() =>
        Text(new SubscriptionRequest(null, Topic.OpenIdCiba("r")).EncodeExtended("c"))
            .Should().Be("""{"id":1,"register_to":{"type":"openid_ciba_callback","request_id":"r","after":"c"}}""");

    [Test]
    public void EncodeExtended_AState_IsCreatedFirst() =>
        Text(Create(Binding with { FinalRedirectUrl = "https://a/?b&c", WithFragment = true }).EncodeExtended(null))
            .Should().Be(
                """{"id":1,"create":{"type":"callback","state":"a\"é","final_redirect_url":"https://a/?b&c","with_fragment":true,"""
                + """ "expires_at":"2026-12-31T22:59:59.000000"},"register_to":{"type":"callback","state":"a\"é"}}""".TrimStart());

    [Test]
    public void Encode_AStateWithoutAUrl_LeadsNowhere() =>
        Text(Create(Binding).Encode()).Should().Contain("\"final_redirect_url\":null,\"with_fragment\":false");

    private static SubscriptionRequest Create(CallbackBinding binding) => new(binding, Topic.Callback(binding.State));

    private static string Text(ReadOnlyMemory<byte> message) => Encoding.UTF8.GetString(message.Span);
}
