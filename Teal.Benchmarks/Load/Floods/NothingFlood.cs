namespace Teal.Benchmarks.Load.Floods;

/// <summary>Nothing at all, beside which it is seen what the machine does by itself.</summary>
internal sealed class NothingFlood : IFlood, IDisposable
{
    public string Name => "nothing";

    public string Title => "nothing";

    public bool IsForDistributed => true;

    public IDisposable Start(FloodTarget target) => this;

    public void Dispose()
    {
        // There is nothing to end.
    }
}
