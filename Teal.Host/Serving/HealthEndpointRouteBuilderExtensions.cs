using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Hosting;
using Teal.Core.Journal;

namespace Teal.Host.Serving;

/// <summary>What a load balancer or a supervisor asks, on both modules' addresses.</summary>
internal static class HealthEndpointRouteBuilderExtensions
{
    /// <summary>
    /// <c>/health/live</c>: 200 as long as the process answers at all. <c>/health/ready</c>: 200 when it can do its work, else 503;
    /// both in JSON, the latter with each dependency. <c>/health/ready?for=listener</c> asks only what accepting needs: events are kept, and found later, also while the bus is away.
    /// </summary>
    public static void MapHealth(this IEndpointRouteBuilder routes)
    {
        var readiness = routes.ServiceProvider.GetRequiredService<Readiness>();
        var journal = routes.ServiceProvider.GetService<IJournalUsage>();
        routes.MapMethods("/health/live", [HttpMethods.Get, HttpMethods.Head], static context => AnswerAsync(context, StatusCodes.Status200OK, "{\"status\":\"live\"}"));
        routes.MapMethods("/health/ready", [HttpMethods.Get, HttpMethods.Head], async context =>
        {
            var module = context.Request.Query["for"];
            if (module.Count > 0 && module != "listener")
            {
                await AnswerAsync(context, StatusCodes.Status400BadRequest, "{\"status\":\"unknown\",\"detail\":\"for can be listener, or be left out\"}");
                return;
            }

            var all = await readiness.CheckAsync(context.RequestAborted);
            var dependencies = module.Count > 0 ? [.. all.Where(static dependency => dependency.Name == IDependencyProbe.Store)] : all;
            var isReady = !readiness.IsStopping && dependencies.All(static dependency => dependency.State == DependencyState.Ok);
            var status = readiness.IsStopping ? "stopping" : isReady ? "ready" : "not ready";
            var members = string.Join(',', dependencies.Select(static dependency => $"\"{dependency.Name}\":\"{dependency.State.ToString().ToLowerInvariant()}\""));
            await AnswerAsync(
                context, isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable,
                $"{{\"status\":\"{status}\",\"dependencies\":{{{members}}}{Describe(journal?.Usage)}}}");
        });
    }

    // What the journal holds, where it knows that without looking.
    private static string Describe(JournalUsage? usage) => usage is { } held ? $",\"journal\":{{\"events\":{held.Events},\"size\":{held.Size}}}" : "";

    private static Task AnswerAsync(HttpContext context, int status, string json)
    {
        var body = Encoding.ASCII.GetBytes(json);
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    }
}
