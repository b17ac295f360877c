using System.Buffers;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Hosting;
using Teal.Core.Journal;
using Teal.Web.Answers;

namespace Teal.Host.Serving;

/// <summary>What a load balancer or a supervisor asks, on both modules' addresses.</summary>
internal static class HealthEndpointRouteBuilderExtensions
{
    /// <summary>
    /// <c>/health/live</c>: 200 as long as the process answers at all. <c>/health/ready</c>: 200 when it can do its work, else
    /// 503; both in JSON, the latter with each dependency. <c>/health/ready?for=listener</c> asks only what accepting needs:
    /// events are kept, and found later, also while the bus is away.
    /// </summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var readiness = routes.ServiceProvider.GetRequiredService<Readiness>();
        var journal = routes.ServiceProvider.GetService<IJournalUsage>();
        string[] methods = [HttpMethods.Get, HttpMethods.Head];
        routes.MapMethods("/health/live", methods, static context => AnswerAsync(context, StatusCodes.Status200OK, "live"));
        routes.MapMethods("/health/ready", methods, async context =>
        {
            var module = context.Request.Query["for"];
            if (module.Count > 0 && module != "listener")
            {
                await AnswerAsync(
                    context, StatusCodes.Status400BadRequest, "unknown",
                    static json => json.WriteString("detail", "for can be listener, or be left out"));
                return;
            }

            var all = await readiness.CheckAsync(context.RequestAborted);
            var dependencies = module.Count > 0 ? [.. all.Where(static dependency => dependency.Name == IDependencyProbe.Store)] : all;
            var status = readiness.Describe(dependencies);
            await AnswerAsync(
                context, status == Readiness.Ready ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, status,
                json => Write(json, dependencies, journal?.Usage));
        });
    }

    private static void Write(Utf8JsonWriter json, IReadOnlyList<(string Name, DependencyState State)> dependencies, JournalUsage? usage)
    {
        json.WriteStartObject("dependencies");
        foreach (var (name, state) in dependencies) json.WriteString(name, state.ToString().ToLowerInvariant());
        json.WriteEndObject();

        // Not every journal knows it without looking.
        if (usage is not { } held) return;

        json.WriteStartObject("journal");
        json.WriteNumber("events", held.Events);
        json.WriteNumber("size", held.Size);
        json.WriteEndObject();
    }

    private static Task AnswerAsync(HttpContext context, int code, string status, Action<Utf8JsonWriter>? writeRest = null)
    {
        var body = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(body))
        {
            json.WriteStartObject();
            json.WriteString("status", status);
            writeRest?.Invoke(json);
            json.WriteEndObject();
        }

        context.Response.Headers.CacheControl = "no-store";
        return Answer.JsonAsync(context, code, body.WrittenMemory);
    }
}
