using Teal.Accounts.Secrets;

namespace Teal.Api.Http;

/// <summary>Why no secret was made, as the API says it.</summary>
internal static class SecretProblem
{
    /// <summary>The problem for a fault.</summary>
    public static ApiResult.Problem Of(SecretFault fault) => fault.Code switch
    {
        SecretFaultCode.NotAllowed => ApiResult.Problem.NotAllowed(fault.Detail),
        SecretFaultCode.NotFound => ApiResult.Problem.NotFound(fault.Detail),
        SecretFaultCode.TooMany => ApiResult.Problem.TooMany(fault.Detail),
        _ => ApiResult.Problem.Invalid(fault.Detail),
    };
}
