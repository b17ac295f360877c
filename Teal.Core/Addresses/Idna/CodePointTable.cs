namespace Teal.Core.Addresses.Idna;

/// <summary>A property that runs of code points have in common.</summary>
/// <param name="starts">Where each run begins, rising from 0.</param>
/// <param name="values">Each run's value.</param>
internal sealed class CodePointTable<T>(int[] starts, T[] values)
{
    /// <summary>The code point's value.</summary>
    public T this[int codePoint]
    {
        get
        {
            var index = Array.BinarySearch(starts, codePoint);
            return values[index < 0 ? ~index - 1 : index];
        }
    }
}
