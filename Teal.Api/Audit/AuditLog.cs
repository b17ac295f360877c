using Microsoft.Extensions.Logging;
using Teal.Api.Http;

namespace Teal.Api.Audit;

/// <summary>One line of the log for each change by an administrator (specification 8.9): who, what, and from where.</summary>
internal sealed partial class AuditLog(ILogger<AuditLog> logger)
{
    /// <summary>Notes a change that was made.</summary>
    /// <param name="request">The request that asked for it.</param>
    /// <param name="what">
    /// What was done, in words that follow the name of who did it: no credential, no label, no key of a topic.
    /// </param>
    public void Note(ApiRequest request, string what)
    {
        var key = request.By.KeyId is { } id ? $" with the key {id}" : "";
        Log.Done(logger, request.By.Account, key, what, request.From, request.Id);
    }

    private static partial class Log
    {
        [LoggerMessage(10001, LogLevel.Information, "{Who}{Key} {What} (from {From}, request {RequestId})")]
        public static partial void Done(ILogger logger, string who, string key, string what, string from, string requestId);
    }
}
