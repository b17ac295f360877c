using Microsoft.Extensions.DependencyInjection;

namespace Teal.Host.Configuration;

/// <summary>Where a process keeps states, events and records. A further one is an object in <see cref="All"/>.</summary>
internal abstract class Store
{
    /// <summary>A SQLite file in the data folder.</summary>
    public static readonly Store Embedded = new EmbeddedStore();

    /// <summary>Memory: gone with the process.</summary>
    public static readonly Store Memory = new MemoryStore();

    /// <summary>Redis, for all processes on the same server.</summary>
    public static readonly Store Redis = new RedisStore();

    /// <summary>All of them, in the order in which they are told of.</summary>
    public static readonly IReadOnlyList<Store> All = [Embedded, Memory, Redis];

    /// <summary>Its name in <c>Teal:Store</c>.</summary>
    public abstract string Name { get; }

    /// <summary>What it is, where its name does not say that; null: it does.</summary>
    public virtual string? Note => null;

    /// <summary>Whether it lives in the data folder.</summary>
    public virtual bool NeedsDataDirectory => false;

    /// <summary>Whether it is one for many processes, and reached through the network.</summary>
    public virtual bool IsShared => false;

    /// <summary>Whether anything outlives the process.</summary>
    public virtual bool IsLasting => true;

    /// <summary>Whether it tells the bus of one event after the other, and holds no lock and waits for nobody meanwhile.</summary>
    public virtual bool TellsInTurn => false;

    /// <summary>
    /// Adds its services: an <c>ICallbackStateStore</c>, an <c>IEventJournal</c>, an <c>IRecordStore</c> and an <c>IDependencyProbe</c>,
    /// and as it needs them <c>IExpirySweep</c>, <c>IJournalPurge</c>, <c>IJournalUsage</c> and <c>IJournalFeed</c>.
    /// </summary>
    /// <exception cref="Core.Hosting.StoreException">It cannot be used.</exception>
    public abstract void AddServices(IServiceCollection services, TealOptions options);

    /// <summary>What a server says of it at its start.</summary>
    public abstract string Describe(TealOptions options, IServiceProvider services);

    /// <summary>Frees the disk of what was purged, where no server uses the store: that may take long, and holds up all writes.</summary>
    public virtual Task CompactAsync(IServiceProvider services) => Task.CompletedTask;

    /// <summary>Why there is nothing that could be purged, a sentence for an operator; null: there may be something.</summary>
    public virtual string? FindPurgeFault(TealOptions options) => null;
}
