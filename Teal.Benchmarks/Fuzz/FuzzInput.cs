namespace Teal.Benchmarks.Fuzz;

/// <summary>What one connection sends.</summary>
/// <param name="Pieces">One after the other; where the first one is a handshake, the others follow its answer.</param>
/// <param name="End">How it ends.</param>
/// <param name="IsForDispatcher">Whether it goes to the dispatcher's port.</param>
internal sealed record FuzzInput(IReadOnlyList<byte[]> Pieces, FuzzEnd End, bool IsForDispatcher)
{
    /// <summary>What a report says of it: each piece in hexadecimal digits.</summary>
    public override string ToString() =>
        $"to the {(IsForDispatcher ? "dispatcher" : "listener")}, {End}: {string.Join(' ', Pieces.Select(Convert.ToHexString))}";
}
