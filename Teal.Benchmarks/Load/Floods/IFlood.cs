namespace Teal.Benchmarks.Load.Floods;

/// <summary>What a stranger, or a client that means no good, does to a server; others are not to notice.</summary>
internal interface IFlood
{
    /// <summary>What <c>--floods</c> calls it.</summary>
    string Name { get; }

    /// <summary>What is done, as the table tells it.</summary>
    string Title { get; }

    /// <summary>Settings that the server needs for it.</summary>
    IReadOnlyList<string> Settings => [];

    /// <summary>How many files the server may have open; none: as many as the load generator.</summary>
    int? OpenFiles => null;

    /// <summary>Whether it costs something else with Redis and RabbitMQ, so that it is run there, too.</summary>
    bool IsForDistributed => false;

    /// <summary>How long a callback of somebody else may take beside it.</summary>
    TimeSpan Ceiling => TimeSpan.FromMilliseconds(100);

    /// <summary>Does what it needs beforehand; that counts for the memory, and not for the callbacks.</summary>
    void Prepare(FloodTarget target)
    {
        // Most need nothing.
    }

    /// <summary>Begins it; it goes on by itself until it is disposed of.</summary>
    IDisposable Start(FloodTarget target);
}
