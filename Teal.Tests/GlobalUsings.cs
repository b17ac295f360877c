global using FluentAssertions;
global using NUnit.Framework;

// A test never sees what another left behind.
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]

// Most tests wait most of their time. What measures memory or the processor's time, and what needs servers that others use, runs alone; a
// fixture of processes runs one of its tests at a time. test.sh --fast has more workers: nothing there takes a processor for long.
[assembly: Parallelizable(ParallelScope.Children)]
[assembly: LevelOfParallelism(2)]
