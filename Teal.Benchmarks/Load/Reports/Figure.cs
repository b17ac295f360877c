using System.Globalization;

namespace Teal.Benchmarks.Load.Reports;

/// <summary>A figure that is to be reached.</summary>
/// <param name="What">What it tells.</param>
/// <param name="Value">What was measured.</param>
/// <param name="Bound">What it is held against.</param>
/// <param name="IsCeiling">Whether it may be at most that, rather than at least.</param>
/// <param name="Unit">What stands behind both.</param>
internal sealed record Figure(string What, double Value, double Bound, bool IsCeiling, string Unit)
{
    public bool IsReached => IsCeiling ? Value <= Bound : Value >= Bound;

    /// <summary>One that may not be passed.</summary>
    public static Figure AtMost(string what, double value, double bound, string unit) => new(what, value, bound, true, unit);

    /// <summary>One that is to be reached or passed.</summary>
    public static Figure AtLeast(string what, double value, double bound, string unit) => new(what, value, bound, false, unit);

    public string[] ToRow() =>
    [
        What, string.Create(CultureInfo.InvariantCulture, $"{(IsCeiling ? "at most" : "at least")} {Bound:0.##} {Unit}"),
        string.Create(CultureInfo.InvariantCulture, $"{Value:0.00} {Unit}"), Table.YesOrNo(IsReached),
    ];
}
