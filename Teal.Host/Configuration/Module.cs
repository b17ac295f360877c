using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Addresses;

namespace Teal.Host.Configuration;

/// <summary>What a process can run: a part of Teal with an address. A further one is an object in <see cref="All"/>.</summary>
internal abstract class Module
{
    /// <summary>The public side.</summary>
    public static readonly Module Listener = new ListenerModule();

    /// <summary>The side that programs connect to.</summary>
    public static readonly Module Dispatcher = new DispatcherModule();

    /// <summary>
    /// The socket for administrators of this machine. It is none of <see cref="All"/>: every process that has a data folder has it.
    /// </summary>
    public static readonly Module Administration = new AdministrationModule();

    /// <summary>All of them, in the order in which they are told of.</summary>
    public static readonly IReadOnlyList<Module> All = [Listener, Dispatcher];

    /// <summary>Its name in <c>Teal:Modules</c>, and the section of its settings.</summary>
    public abstract string Name { get; }

    /// <summary>The bus that it needs in a process that does not run all modules; null: any.</summary>
    public virtual BusKind? BusWhenApart => BusKind.RabbitMq;

    /// <summary>Whether it needs a store of many processes in a process that does not run all modules.</summary>
    public virtual bool NeedsSharedStoreWhenApart => true;

    /// <summary>Whether end users come to it, who are shown pages.</summary>
    public virtual bool HasPages => false;

    /// <summary>Where it listens, as it is configured.</summary>
    public abstract BindAddress AddressOf(TealOptions options);

    /// <summary>Its address as the outside sees it; null: not configured.</summary>
    public abstract PublicUrl? PublicUrlOf(TealOptions options);

    /// <summary>How many of the connections that the process may have, it may have where it has an address of its own.</summary>
    public abstract int PlacesOf(int limit, TealOptions options);

    /// <summary>Adds its services.</summary>
    public abstract void AddServices(IServiceCollection services, TealOptions options);

    /// <summary>Has its services go on with the live settings that were read again; all others are as they were.</summary>
    public virtual void Reload(IServiceProvider services, TealOptions options)
    {
    }

    /// <summary>Adds what it needs on each connection to its address.</summary>
    public virtual void UseOnConnections(IConnectionBuilder connections)
    {
    }

    /// <summary>Adds what must see a request before routing does.</summary>
    public virtual void UseBeforeRouting(IApplicationBuilder app)
    {
    }

    /// <summary>Adds what stands between routing and its endpoints.</summary>
    public virtual void UseBehindRouting(IApplicationBuilder app)
    {
    }

    /// <summary>Maps its endpoints.</summary>
    public abstract void Map(IEndpointRouteBuilder routes);

    /// <summary>Whether it hears of the modules that run elsewhere, and they of it.</summary>
    public bool ReachesOthers(TealOptions options) =>
        All.All(options.Modules.Contains)
        || ((BusWhenApart ?? options.Bus) == options.Bus && (options.Store!.IsShared || !NeedsSharedStoreWhenApart));
}
