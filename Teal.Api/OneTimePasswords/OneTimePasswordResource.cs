using Microsoft.AspNetCore.Http;
using Teal.Accounts.OneTimePasswords;
using Teal.Api.Audit;
using Teal.Api.Http;

namespace Teal.Api.OneTimePasswords;

/// <summary><c>/one-time-passwords</c>: the same as an account's password, for one login.</summary>
internal sealed class OneTimePasswordResource(OneTimePasswordService passwords, AuditLog audit) : IApiResource
{
    /// <inheritdoc/>
    public IReadOnlyList<ApiRoute> Routes => [new(HttpMethods.Post, "/one-time-passwords", ApiRight.Own, MakeAsync)];

    private async ValueTask<ApiResult> MakeAsync(ApiRequest request, CancellationToken cancellationToken)
    {
        var input = await request.ReadAsync(cancellationToken, isNeeded: false);
        var named = input.Text("account");
        if (input.Fault is { } fault) return fault;
        if (request.AccountOf(named, out var wrong) is not { } account) return wrong!;

        var result = await passwords.MakeAsync(request.By, account, cancellationToken);
        if (result is OneTimePasswordResult.Refused(var reason)) return AccountProblem.Of(reason);

        var (text, end) = (OneTimePasswordResult.Made)result;
        audit.Note(request, $"made a one-time password of {account}");
        return ApiResult.Made(new OneTimePasswordEntry(account, text, end), OneTimePasswordForms.Written.OneTimePasswordEntry);
    }
}
