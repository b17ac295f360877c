using Teal.Benchmarks.Load.Client;
using Teal.Benchmarks.Load.Floods;
using Teal.Benchmarks.Load.Servers;

namespace Teal.Benchmarks.Load.Herds;

/// <summary>Programs that come back at once, each from an address of its own.</summary>
internal sealed class Herd : IDisposable
{
    private readonly EventLoop _loop;
    private readonly HerdMember[] _members;
    private readonly Openings _openings;

    public Herd(EventLoop loop, TealServer server, int count, HerdManner manner, string[] messages)
    {
        _loop = loop;
        _members = [.. Enumerable.Range(0, count).Select(index => new HerdMember(loop, server, Origin.OneOfMany(index), manner, messages))];
        _openings = new Openings(count);
        loop.EachTurn += Come;
    }

    /// <summary>Whether all are registered.</summary>
    public bool IsRegistered => Array.TrueForAll(_members, static member => member.IsRegistered);

    /// <summary>How often one was turned away.</summary>
    public int Refusals => _members.Sum(static member => member.Refusals);

    /// <summary>How many events they lack, together, where each is to have so many.</summary>
    public int Missing(int events) => _members.Sum(member => Math.Max(0, events - member.Events));

    /// <inheritdoc/>
    public void Dispose()
    {
        _loop.EachTurn -= Come;
        foreach (var member in _members) member.Dispose();
    }

    private void Come()
    {
        foreach (var index in _openings.Take(TimeSpan.Zero)) _members[index].Connect();
        foreach (var member in _members) member.TryAgain();
    }
}
