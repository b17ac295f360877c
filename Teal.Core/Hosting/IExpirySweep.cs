namespace Teal.Core.Hosting;

/// <summary>A store that does not forget by itself what has expired.</summary>
public interface IExpirySweep
{
    /// <summary>Deletes what has expired, in steps that hold nobody up, and says how much it was.</summary>
    ValueTask<int> SweepAsync(CancellationToken cancellationToken);
}
