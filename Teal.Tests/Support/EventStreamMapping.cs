using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Teal.Core.Identities;
using Teal.Web;
using Teal.Web.Streams;

namespace Teal.Tests.Support;

/// <summary>
/// Gives a <see cref="TestServer"/> the address <see cref="Path"/> for event streams. Its requests pass all that those of the product pass.
/// </summary>
internal sealed class EventStreamMapping(Func<HttpContext, Identity, ValueTask<EventStreamRequest?>> read) : IStartupFilter
{
    public const string Path = "/stream";

    // What is matched outside is not matched again further in.
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.UseRouting();
        next(app);
        app.UseEndpoints(routes => routes.MapEventStream(Path, read));
    };
}
