using Microsoft.AspNetCore.Http;
using Teal.Accounts.Faults;

namespace Teal.Api.Http;

/// <summary>Why an account was not changed, or no secret of it made, as the API says it.</summary>
internal static class AccountProblem
{
    /// <summary>The problem for a fault.</summary>
    public static ApiResult.Problem Of(AccountFault fault) => fault.Code switch
    {
        AccountFaultCode.NotAllowed => ApiResult.Problem.NotAllowed(fault.Detail),
        AccountFaultCode.NotFound => ApiResult.Problem.NotFound(fault.Detail),
        AccountFaultCode.TooMany => ApiResult.Problem.TooMany(fault.Detail),
        AccountFaultCode.Busy => ApiResult.Problem.Unavailable(fault.Detail),
        AccountFaultCode.Taken => new ApiResult.Problem(StatusCodes.Status412PreconditionFailed, "taken", fault.Detail),
        AccountFaultCode.Conflict => new ApiResult.Problem(StatusCodes.Status412PreconditionFailed, "conflict", fault.Detail),
        AccountFaultCode.OfSettings => new ApiResult.Problem(StatusCodes.Status409Conflict, "of_settings", fault.Detail),
        _ => ApiResult.Problem.Invalid(fault.Detail),
    };
}
