global using FluentAssertions;
global using NUnit.Framework;

// A test never sees what another left behind.
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
