using System.Globalization;
using Microsoft.AspNetCore.Http;
using Teal.Accounts.Directory;
using Teal.Accounts.Faults;
using Teal.Accounts.Management;
using Teal.Api.Audit;
using Teal.Api.Http;
using Teal.Core.Identities;

namespace Teal.Api.Accounts;

/// <summary><c>/accounts</c>: who there is. Those of the store are managed; those of the settings are shown.</summary>
internal sealed class AccountResource(AccountService accounts, AccountDirectory directory, AuditLog audit) : IApiResource
{
    private const string Path = "/accounts", PathOfOne = "/accounts/{name}", PathOfPassword = "/accounts/{name}/password";

    private static readonly ApiResult.Problem Unknown = ApiResult.Problem.NotFound("There is no such account.");
    private static readonly ApiResult.Problem NotOwn = ApiResult.Problem.NotAllowed("Other accounts need the permission admin.");

    /// <inheritdoc/>
    public IReadOnlyList<ApiRoute> Routes =>
    [
        new(HttpMethods.Get, Path, ApiRight.Admin, ListAsync) { Parameters = ApiRoute.OfPages },
        new(HttpMethods.Get, PathOfOne, ApiRight.Own, ShowAsync),
        new(HttpMethods.Put, PathOfOne, ApiRight.Admin, PutAsync),
        new(HttpMethods.Delete, PathOfOne, ApiRight.Admin, RemoveAsync),
        new(HttpMethods.Put, PathOfPassword, ApiRight.Admin, SetPasswordAsync),
        new(HttpMethods.Delete, PathOfPassword, ApiRight.Admin, RemovePasswordAsync),
    ];

    private async ValueTask<ApiResult> ListAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        // Of a name that is in both, the account of the settings comes first, and counts.
        var all = accounts.ListAsync(request.By, cancellationToken);
        var (page, fault) = await request.TakePageAsync(all, static account => account.Name, cancellationToken);
        return page is null
            ? fault!
            : ApiResult.Of(new AccountPage([.. page.Items.Select(AccountEntry.Of)], page.Next), AccountForms.Written.AccountPage);
    }

    private async ValueTask<ApiResult> ShowAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (NameIn(request) is not { } name) return Unknown;
        if (request.IsByAdmin) return await accounts.FindAsync(request.By, name, cancellationToken) is { } any ? Show(any) : Unknown;
        if (name != request.By.Account) return NotOwn;

        return await directory.FindAsync(name, cancellationToken) is { } own ? Show(own) : Unknown;
    }

    private async ValueTask<ApiResult> PutAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var input = await request.ReadAsync(cancellationToken);
        var (wish, password) = (Read(request, input), input.Text("password"));
        if (input.Fault is { } fault) return fault;
        if (wish is null) return ApiResult.Problem.Invalid($"An account's name must be {AccountName.Form}.");
        if (!request.TryReadCondition(out var isNew, out var version, out var wrong)) return wrong!;

        var result = isNew ? null : await accounts.SetAsync(request.By, wish, version, cancellationToken);
        var isMissing = result is AccountResult.Refused { Fault.Code: AccountFaultCode.NotFound } && version is null;
        if (result is null || isMissing)
        {
            (isNew, result) = (true, await accounts.AddAsync(request.By, wish, password, cancellationToken));
        }
        else if (result is AccountResult.Done && password is not null)
        {
            result = await accounts.SetPasswordAsync(request.By, wish.Name, password, cancellationToken);
        }

        if (result is AccountResult.Refused(var reason)) return AccountProblem.Of(reason);

        var account = ((AccountResult.Done)result).Account;
        audit.Note(request, $"{(isNew ? "added" : "set")} the account {Describe(account)}{(password is null ? "" : ", with a password")}");
        return isNew ? Show(account) with { Status = StatusCodes.Status201Created } : Show(account);
    }

    private async ValueTask<ApiResult> RemoveAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        if (NameIn(request) is not { } name) return Unknown;

        var result = await accounts.RemoveAsync(request.By, name, cancellationToken);
        if (result is AccountResult.Refused(var fault)) return AccountProblem.Of(fault);

        audit.Note(request, $"removed the account {name}");
        return ApiResult.Done;
    }

    private async ValueTask<ApiResult> SetPasswordAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var input = await request.ReadAsync(cancellationToken);
        var password = input.Text("password");
        if (password is null) input.Refuse("password", "must be there");
        return input.Fault is { } fault ? fault : await ChangePasswordAsync(request, password, "set", cancellationToken);
    }

    private ValueTask<ApiResult> RemovePasswordAsync(ApiRequest request, CancellationToken cancellationToken) =>
        ChangePasswordAsync(request, null, "removed", cancellationToken);

    private async ValueTask<ApiResult> ChangePasswordAsync(
        ApiRequest request, string? password, string verb, CancellationToken cancellationToken)
    {
        if (NameIn(request) is not { } name) return Unknown;

        var result = await accounts.SetPasswordAsync(request.By, name, password, cancellationToken);
        if (result is AccountResult.Refused(var fault)) return AccountProblem.Of(fault);

        audit.Note(request, $"{verb} the password of the account {name}");
        return ApiResult.Done;
    }

    private static string? NameIn(ApiRequest request) => AccountName.TryParse(request.Part("name"), out var name) ? name : null;

    // Null: it has no name that an account can have.
    private static Account? Read(ApiRequest request, ApiInput input)
    {
        var (team, role, isEnabled) = (input.Text("team"), input.Text("role"), input.Flag("enabled") ?? true);
        var (permissions, redirects, claims) = (input.Texts("permissions"), input.Texts("redirects"), input.Map("claims"));
        if (NameIn(request) is not { } name) return null;

        var account = new Account
        {
            Name = name,
            Origin = AccountOrigin.Store,
            Role = role,
            Permissions = permissions ?? [],
            Redirects = redirects ?? [],
            Enabled = isEnabled,
        };
        if (team is not null) account = account with { Team = AccountName.TryParse(team, out var lower) ? lower : team };
        return claims is null ? account : account with { Claims = claims };
    }

    private static ApiResult.Value Show(Account account) => new ApiResult.Value(
        ApiResult.Write(AccountEntry.Of(account), AccountForms.Written.AccountEntry))
    {
        Tag = account.Origin == AccountOrigin.Store ? account.Version.ToString(CultureInfo.InvariantCulture) : null,
    };

    // Permissions may hold a key of topics, and claims anything, which have no place in a log.
    // Acts and kinds alone: patterns may hold a state, claims and redirects a secret.
    private static string Describe(Account account)
    {
        var permissions = Permissions.Of(account.Permissions).Lists[0].Select(static permission => permission.ToString()).Distinct();
        return $"{account.Name}: team {account.Team}, role {account.Role ?? "none"}, permissions of its own: {ListOf(permissions)}; " +
            $"redirects: {account.Redirects.Count}, claims: {ListOf(account.Claims.Keys)}; {(account.Enabled ? "enabled" : "disabled")}";
    }

    private static string ListOf(IEnumerable<string> items) => string.Join(", ", items) is { Length: > 0 } list ? list : "none";
}
