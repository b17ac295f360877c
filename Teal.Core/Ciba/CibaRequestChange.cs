namespace Teal.Core.Ciba;

/// <summary>A CIBA request that was stored, and what it replaced, so that it can be taken back.</summary>
/// <param name="RequestId">The request's id.</param>
/// <param name="Request">The request as it is stored.</param>
/// <param name="Former">The request as it was before; null: there was none.</param>
public sealed record CibaRequestChange(string RequestId, CibaRequest Request, CibaRequest? Former)
{
    /// <summary>Nothing: a request's id is secret and has no place in a log.</summary>
    public override string ToString() => nameof(CibaRequestChange);
}
