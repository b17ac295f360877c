using System.Buffers;
using Microsoft.AspNetCore.Http;

namespace Teal.Listener.Http;

/// <summary>Reads request bodies whole.</summary>
internal static class RequestBody
{
    private const int Step = 4096;

    // What is done with a longer one takes long for a thread that watches sockets.
    private const int Long = 64 * 1024;

    /// <summary>
    /// The body's bytes. Memory is taken as they arrive, whatever length was announced. The web server's exceptions for a body
    /// that is too large, too slow or broken pass through; the pipeline answers them.
    /// </summary>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadAsync(HttpContext context)
    {
        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            var count = await context.Request.Body.ReadAsync(body.GetMemory(Step), context.RequestAborted);
            if (count == 0) break;
            body.Advance(count);
        }

        if (body.WrittenCount > Long && !Thread.CurrentThread.IsThreadPoolThread) await Task.Yield();
        return body.WrittenMemory;
    }
}
