using System.Security.Cryptography;
using System.Text;
using StackExchange.Redis;

namespace Teal.Redis;

/// <summary>
/// A script of Redis. It is asked for by its hash, and sent where Redis does not know it. Given as a text, the driver would look the whole
/// text up each time.
/// </summary>
internal sealed class RedisScript(string text)
{
    private const string Unknown = "NOSCRIPT";

    // EVALSHA's name for it.
    private readonly byte[] _hash = SHA1.HashData(Encoding.UTF8.GetBytes(text));

    /// <summary>Runs it, and sends it first if Redis does not know it.</summary>
    public Task<RedisResult> RunAsync(IDatabase database, RedisKey[] keys, RedisValue[] arguments)
    {
        var running = database.ScriptEvaluateAsync(_hash, keys, arguments);
        return running.IsCompletedSuccessfully ? running : RunAsync(running, database, keys, arguments);
    }

    private async Task<RedisResult> RunAsync(Task<RedisResult> running, IDatabase database, RedisKey[] keys, RedisValue[] arguments)
    {
        try
        {
            return await running;
        }
        catch (RedisServerException exception) when (exception.Message.StartsWith(Unknown, StringComparison.Ordinal))
        {
            return await database.ScriptEvaluateAsync(text, keys, arguments);
        }
    }
}
