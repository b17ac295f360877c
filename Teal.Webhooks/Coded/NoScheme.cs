using Teal.Webhooks.Requests;
using Teal.Webhooks.Schemes;

namespace Teal.Webhooks.Coded;

/// <summary>Nothing is signed: the address is the only secret. Perhaps the provider asks questions.</summary>
internal sealed class NoScheme(string name, IProviderQuestion? question = null) : WebhookScheme
{
    public override string Name => name;

    public override string? SecretMeaning => null;

    protected override WebhookVerifier Create(SchemeWish wish) => new Verifier(question);

    private sealed class Verifier(IProviderQuestion? question) : WebhookVerifier
    {
        public override bool IsSigned => false;

        public override Verdict Verify(WebhookRequest request, DateTimeOffset now) => VerdictReason.Missing;

        public override SchemeAnswer? AnswerTo(WebhookRequest request, bool isVerified) => question?.AnswerTo(request, isVerified);
    }
}
