using Microsoft.Extensions.Logging.Abstractions;
using Teal.Accounts.Authentication;
using Teal.Core.Identities;
using Teal.Tests.Support;

namespace Teal.Tests.Accounts;

/// <summary>Each credential is decided on once, by the check of its form.</summary>
public sealed class AuthenticatorTests
{
    [Test]
    public async Task Authenticate_FormOfTwoChecks_AsksTheFirstAlone()
    {
        var first = new Check { Result = AuthenticationResult.NotProven };
        var second = new Check { Result = new AuthenticationResult.Accepted(Identity.Anonymous) };

        (await AskAsync(new Credential.Ticket("t"), first, second)).Should().Be(AuthenticationResult.NotProven);

        (first.Asked, second.Asked).Should().Be((1, 0));
    }

    [Test]
    public async Task Authenticate_FormThatTheFirstDoesNotRecognize_AsksTheNext()
    {
        var accepted = new AuthenticationResult.Accepted(Identity.Anonymous);
        var check = new Check { Result = accepted };

        (await AskAsync(new Credential.Token("t"), new Check { Recognized = false }, check)).Should().BeSameAs(accepted);
    }

    [Test]
    public async Task Authenticate_FormOfNoCheck_IsRefused() =>
        (await AskAsync(new Credential.Ticket("t"))).Should().Be(AuthenticationResult.NotProven);

    [Test]
    public async Task Authenticate_WhereNobodyCanBeAsked_IsUnavailableForAWhile() =>
        (await AskAsync(new Credential.Ticket("t"), new Check())).Should().BeOfType<AuthenticationResult.Unavailable>()
            .Which.RetryAfter.Should().BePositive();

    [Test]
    public void ToString_OfACredential_HoldsNothingOfIt()
    {
        new Credential.Password("anna", "s3cr3t").ToString().Should().Be("Credential");
        new Credential.Token("s3cr3t").ToString().Should().Be("Credential");
        new Credential.Ticket("s3cr3t").ToString().Should().Be("Credential");
    }

    private static async Task<AuthenticationResult> AskAsync(Credential credential, params ICredentialCheck[] checks) =>
        await new Authenticator(checks, new ManualTimeProvider(), NullLogger<Authenticator>.Instance)
            .AuthenticateAsync(credential, default, CancellationToken.None);

    private sealed class Check : ICredentialCheck
    {
        public bool Recognized { get; init; } = true;

        /// <summary>Null: it cannot be asked.</summary>
        public AuthenticationResult? Result { get; init; }

        public int Asked { get; private set; }

        public bool Recognizes(Credential credential) => Recognized;

        public ValueTask<AuthenticationResult> CheckAsync(Credential credential, Arrival arrival, CancellationToken cancellationToken)
        {
            Asked++;
            return Result is null ? throw new InvalidOperationException("s3cr3t") : ValueTask.FromResult(Result);
        }
    }
}
