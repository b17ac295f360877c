using Microsoft.Extensions.DependencyInjection;
using Teal.Core.Hosting;
using Teal.Core.Journal;
using Teal.Core.Records;
using Teal.Core.States;

namespace Teal.Host.Configuration;

/// <summary><see cref="Store.Memory"/>.</summary>
internal sealed class MemoryStore : Store
{
    public override string Name => "Memory";

    public override bool IsLasting => false;

    public override bool TellsInTurn => true;

    public override void AddServices(IServiceCollection services, TealOptions options)
    {
        services.AddSingleton<MemoryEventJournal>();
        services.AddSingleton<IEventJournal>(static provider => provider.GetRequiredService<MemoryEventJournal>());
        services.AddSingleton<IJournalPurge>(static provider => provider.GetRequiredService<MemoryEventJournal>());
        services.AddSingleton<IJournalUsage>(static provider => provider.GetRequiredService<MemoryEventJournal>());
        services.AddSingleton<IExpirySweep>(static provider => provider.GetRequiredService<MemoryEventJournal>());
        services.AddSingleton<MemoryCallbackStateStore>();
        services.AddSingleton<IDependencyProbe>(static provider => provider.GetRequiredService<MemoryCallbackStateStore>());
        services.AddSingleton<ICallbackStateStore>(static provider => provider.GetRequiredService<MemoryCallbackStateStore>());
        services.AddSingleton<IExpirySweep>(static provider => provider.GetRequiredService<MemoryCallbackStateStore>());
        services.AddSingleton<MemoryRecordStore>();
        services.AddSingleton<IRecordStore>(static provider => provider.GetRequiredService<MemoryRecordStore>());
        services.AddSingleton<IExpirySweep>(static provider => provider.GetRequiredService<MemoryRecordStore>());
    }

    public override string Describe(TealOptions options, IServiceProvider services) => "memory: states are lost when the process ends";
}
