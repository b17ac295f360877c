using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Teal.Accounts;
using Teal.Accounts.Directory;
using Teal.Accounts.Issuers;
using Teal.Accounts.Keys;
using Teal.Accounts.Management;
using Teal.Accounts.OneTimePasswords;
using Teal.Accounts.Tickets;
using Teal.Core.Addresses;
using Teal.Core.Configuration;
using Teal.Core.Identities;
using Teal.Core.Records;
using Teal.Core.States;
using Teal.Tests.Support;

namespace Teal.Tests.Accounts;

/// <summary>Keys, one-time passwords and tickets as one process has them, on a store that tests can take away.</summary>
internal sealed class SecretHouse : IDisposable
{
    /// <summary>An administrator who needs no account.</summary>
    public static readonly Identity Admin = new() { Account = "root", Permissions = Permissions.All, MayMakeCredentials = true };

    private readonly ServiceProvider _services;

    public SecretHouse(IRecordStore? store = null, ManualTimeProvider? clock = null, Action<AccountsOptions>? configure = null)
    {
        Clock = clock ?? new ManualTimeProvider();
        Store = new CountingRecordStore(store ?? new MemoryRecordStore(new RecordOptions(), Clock));
        (Options.Directory.Password, Options.Hashing.Rounds) = (TestServer.Password, 1000);
        configure?.Invoke(Options);
        _services = new ServiceCollection()
            .AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(Log))
            .AddSingleton<TimeProvider>(Clock).AddSingleton<IRecordStore>(Store)
            .AddTealAccounts(Options).BuildServiceProvider();
    }

    public ManualTimeProvider Clock { get; }

    public CountingRecordStore Store { get; }

    public LogRecorder Log { get; } = new();

    public AccountsOptions Options { get; } = new();

    public AccountService Service => Get<AccountService>();

    public AccountDirectory Directory => Get<AccountDirectory>();

    public Live<IssuersOptions> Issuers => Get<Live<IssuersOptions>>();

    public KeyService Keys => Get<KeyService>();

    public OneTimePasswordService OneTimePasswords => Get<OneTimePasswordService>();

    public TicketService Tickets => Get<TicketService>();

    public IIdentityRenewal Renewal => Get<IIdentityRenewal>();

    public IRedirectRules Redirects => Get<IRedirectRules>();

    public DateTime Now => Clock.GetUtcNow().UtcDateTime;

    /// <summary>Makes a key of <c>anonymous</c>.</summary>
    public async Task<KeyResult.Made> MakeKeyAsync(string[]? permissions = null, DateTimeOffset? expiresAt = null) =>
        (await Keys.MakeAsync(
            Identity.Anonymous, new KeyWish(Identity.AnonymousName, "test", permissions, expiresAt), CancellationToken.None))
        .Should().BeOfType<KeyResult.Made>().Which;

    /// <summary>Makes an account in the store, a member unless told otherwise.</summary>
    public async Task AddAsync(string name, string? password, Func<Account, Account>? with = null)
    {
        var account = new Account { Name = name, Origin = AccountOrigin.Store, Role = BuiltInRoles.Member };
        (await Service.AddAsync(Admin, with?.Invoke(account) ?? account, password, CancellationToken.None))
            .Should().BeOfType<AccountResult.Done>();
    }

    /// <summary>What becomes of a password.</summary>
    public Task<AuthenticationResult> TryAsync(string user, string password, string address = "192.0.2.1", bool standsForMany = false) =>
        Get<IAuthenticator>().AuthenticateAsync(
            new Credential.Password(user, password), new Arrival(ClientNetwork.Of(IPAddress.Parse(address)), standsForMany, null),
            CancellationToken.None).AsTask().WithinLimit();

    /// <summary>Who a credential proves to be; null: it is refused.</summary>
    public async Task<Identity?> AskAsync(Credential credential, string address = "192.0.2.1", string? origin = null)
    {
        var result = await AuthenticateAsync(credential, address, origin);
        if (result is AuthenticationResult.Accepted(var identity)) return identity;

        result.Should().BeOfType<AuthenticationResult.Refused>();
        return null;
    }

    /// <summary>What the door says to a credential.</summary>
    public Task<AuthenticationResult> AuthenticateAsync(Credential credential, string address = "192.0.2.1", string? origin = null) =>
        Get<IAuthenticator>().AuthenticateAsync(
            credential, new Arrival(ClientNetwork.Of(IPAddress.Parse(address)), false, origin), CancellationToken.None)
            .AsTask().WithinLimit();

    /// <summary>Asks as a program does that has the secret alone.</summary>
    public Task<Identity?> AskTokenAsync(string secret) => AskAsync(new Credential.Token(secret));

    /// <summary>Asks as Basic does.</summary>
    public Task<Identity?> AskBasicAsync(string user, string secret) => AskAsync(new Credential.Password(user, secret));

    /// <summary>Has the settings replaced, as a reload does.</summary>
    public void Reload(AccountsOptions options) => _services.ReloadTealAccounts(options);

    public void Dispose() => _services.Dispose();

    /// <summary>A part of it.</summary>
    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();
}
