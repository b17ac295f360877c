using Microsoft.Extensions.DependencyInjection;

namespace Teal.Tests.Support;

/// <summary>Puts something of a test before a part of the server.</summary>
internal static class ServiceDecoration
{
    /// <summary>Has the server use what <paramref name="decorate"/> makes of the part that it has for <typeparamref name="T"/>.</summary>
    public static IServiceCollection Decorate<T>(this IServiceCollection services, Func<T, T> decorate)
        where T : class
    {
        var known = services.Last(static service => service.ServiceType == typeof(T));
        var make = known.ImplementationFactory ?? (provider => ActivatorUtilities.CreateInstance(provider, known.ImplementationType!));
        return services.AddSingleton(provider => decorate((T)make(provider)));
    }
}
