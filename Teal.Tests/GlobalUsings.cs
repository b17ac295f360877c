global using FluentAssertions;
global using NUnit.Framework;

// A test never sees what another left behind.
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]

// Fixtures that mostly wait, for processes and for time that has to pass, wait together with another one; all others run alone.
[assembly: LevelOfParallelism(2)]
