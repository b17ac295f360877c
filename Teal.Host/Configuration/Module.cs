namespace Teal.Host.Configuration;

/// <summary>What a process can run.</summary>
internal enum Module
{
    /// <summary>The public side.</summary>
    Listener,

    /// <summary>The side that programs connect to.</summary>
    Dispatcher,
}
