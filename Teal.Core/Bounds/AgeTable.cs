using System.Diagnostics.CodeAnalysis;

namespace Teal.Core.Bounds;

/// <summary>Things by their keys, of which the oldest make room. Not for several threads at once.</summary>
public sealed class AgeTable<TKey, TValue>
    where TKey : notnull
{
    private readonly Dictionary<TKey, LinkedListNode<(TKey Key, TValue Value)>> _nodes = [];
    private readonly LinkedList<(TKey Key, TValue Value)> _byAge = [];

    /// <summary>How many there are.</summary>
    public int Count => _nodes.Count;

    /// <summary>Finds one, and leaves its age as it is.</summary>
    public bool TryFind(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var isThere = _nodes.TryGetValue(key, out var node);
        value = isThere ? node!.Value.Value : default;
        return isThere;
    }

    /// <summary>Puts one there as the newest, instead of what is there; the oldest make room.</summary>
    /// <param name="key">Its key.</param>
    /// <param name="value">The thing.</param>
    /// <param name="most">How many there may be, at least 1.</param>
    public void Put(TKey key, TValue value, int most)
    {
        Remove(key);

        // More than one, where fewer may be there than before.
        while (_nodes.Count >= most) Remove(_byAge.First!.Value.Key);
        _nodes.Add(key, _byAge.AddLast((key, value)));
    }

    /// <summary>Removes one, if it is there.</summary>
    public void Remove(TKey key)
    {
        if (_nodes.Remove(key, out var node)) _byAge.Remove(node);
    }

    /// <summary>Removes all.</summary>
    public void Clear()
    {
        _nodes.Clear();
        _byAge.Clear();
    }
}
