using StackExchange.Redis;

namespace Teal.Redis;

/// <summary>What an error of the driver means, for an operator. The driver's own messages can name a key.</summary>
internal static class RedisFault
{
    /// <summary>The error in an operator's words.</summary>
    /// <param name="exception">What the driver threw.</param>
    /// <param name="timeout">How long an answer was waited for.</param>
    /// <param name="configuration">Of the connection.</param>
    public static RedisStoreException Explain(Exception exception, TimeSpan timeout, ConfigurationOptions configuration) => exception switch
    {
        RedisCommandException => Refusal($"not possible in database {configuration.DefaultDatabase ?? 0} there"),
        RedisServerException server => new RedisStoreException($"Redis refused: {CodeOf(server)}", CodeOf(server)),
        RedisConnectionException connection => Explain(CauseOf(connection), configuration.Ssl),
        TimeoutException => new RedisStoreException($"no answer within {timeout.TotalSeconds:0.###} s"),
        _ => new RedisStoreException(exception.GetType().Name),
    };

    // Before a connection is there, the driver calls a certificate that it does not take so too.
    private static RedisStoreException Explain(ConnectionFailureType cause, bool isEncrypted) => cause switch
    {
        ConnectionFailureType.AuthenticationFailure when isEncrypted => Refusal(
            "no connection: its certificate is not trusted here, not for this host, or over; or user or password were refused"),
        ConnectionFailureType.AuthenticationFailure => Refusal(
            "no connection: user or password were refused, or none were given (WRONGPASS, NOAUTH)"),
        _ => new RedisStoreException($"no connection: {cause}"),
    };

    private static RedisStoreException Refusal(string message) => new(message) { IsRefusal = true };

    // The innermost: the outer ones say only that there is no connection.
    private static ConnectionFailureType CauseOf(RedisConnectionException exception)
    {
        var cause = exception;
        while (cause.InnerException is RedisConnectionException inner) cause = inner;
        return cause.FailureType;
    }

    // Only the first word: others may repeat what was sent. Before version 7 a script's error has it further behind.
    private static string CodeOf(RedisServerException exception)
    {
        var message = exception.Message;
        var start = message.StartsWith("ERR Error running script", StringComparison.Ordinal)
            ? message.IndexOf(": -", StringComparison.Ordinal) : -1;
        var word = message[(start < 0 ? 0 : start + 3)..].Split(' ', 2)[0];

        // What a script is not allowed to do has no word of its own.
        if (word == "ERR" && message.Contains("can't run this command", StringComparison.Ordinal)) return "NOPERM";
        return word.Length > 0 && word.All(char.IsAsciiLetterUpper) ? word : "ERR";
    }
}
